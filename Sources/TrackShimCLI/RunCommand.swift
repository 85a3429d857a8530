import ArgumentParser
import Glibc
import TrackShim

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a program and record it.",
    usage: "trackshim run [<options>] [--] <command> [<arguments> ...]",
    discussion: """
      The command takes this process over: its exit status, its signals and its terminal are its own, \
      and nothing stays behind it.

        trackshim run --project mod97 --tags baseline,adamw -- ./train -e data -b 64
        trackshim run -- mpirun -n 4 ./train_gpt2cu
        python train.py | trackshim run -- ./consume

      The run begins at the first line that tells a setting or a metric. Each option is an environment \
      variable for the program (--name is TRACKSHIM_NAME, and so on); without an option the variable \
      counts, then its WANDB_… twin, then W&B's settings files.

      Exit status: the command's own; 64 for wrong options, 125 if trackshim itself fails, 126 if the \
      command cannot be run, 127 if it is not found.
      """)

  enum Mode: String, ExpressibleByArgument, CaseIterable { case online, offline, disabled }

  @OptionGroup(title: "The run") var options: RunOptions
  @Option(help: ArgumentHelp("disabled: run the program and do nothing else.", valueName: "mode")) var mode: Mode?

  @Argument(parsing: .captureForPassthrough, help: ArgumentHelp("The program and its arguments.", valueName: "command"))
  var words: [String] = []

  private var command: [String] { words.first == "--" ? Array(words.dropFirst()) : words }

  func validate() throws {
    // Not seen by the parser, which leaves everything to the command from the first word it does not know.
    if let first = words.first, ["-h", "--help"].contains(first) { throw CleanExit.helpRequest(Self.self) }
    if let first = words.first, first != "--", first.hasPrefix("-") {
      throw ValidationError("Unknown option '\(first.printable)'")
    }
    guard let first = command.first, !first.isEmpty else {
      throw ValidationError("No command given, as in: trackshim run -- ./train -b 64")
    }
  }

  func run() throws {
    var given = options.given
    given[.mode] = mode?.rawValue
    var plan = LaunchPlan(
      options: given, process: getpid(), startDirectory: FileAccess.workingDirectory,
      variable: Variable.value)
    if !plan.isDisabled { try track(&plan) }
    for (name, value) in plan.variables { setenv(name, value, 1) }
    throw ExitCode(Takeover.become(command))
  }

  private func track(_ plan: inout LaunchPlan) throws {
    let library = try findLibrary()
    let obstacle = obstacle(to: library)
    if obstacle?.forbidsPreload != true {
      plan.preload(try loadable(library.path), before: Variable.value("LD_PRELOAD"))
    }
    guard !plan.isQuiet else { return }
    for note in plan.notes { Say.note(note) }
    if let obstacle {
      Say.note("\(command[0].printable) cannot be tracked: \(obstacle.reason); it runs all the same")
    }
  }

  private func findLibrary() throws -> PreloadLibrary {
    do throws(PreloadLibrary.Missing) {
      return try PreloadLibrary()
    } catch {
      Say.note(
        "the library is not at \(error.place.printable); put \(PreloadLibrary.name) there (bin/ and lib/ "
          + "belong together), or run the program without `trackshim run`")
      throw ExitCode(Takeover.ownFailure)
    }
  }

  /// A path that LD_PRELOAD can hold.
  private func loadable(_ path: String) throws -> String {
    guard PreloadAlias.isNeeded(path) else { return path }
    do throws(PreloadAlias.Failure) {
      return try PreloadAlias(root: "/tmp").link(to: path)
    } catch {
      Say.note(
        "the loader takes no blank, colon or dollar sign in a library's path, which \(path.printable) has; a link to "
          + "it cannot be used either (\(error.reason)); put the tree where the path has none")
      throw ExitCode(Takeover.ownFailure)
    }
  }

  private func obstacle(to library: PreloadLibrary) -> Obstacle? {
    guard let path = Program.find(command[0], path: Variable.value("PATH")) else { return nil }
    return Obstacle.of(Program.behindScripts(path), library: library.image)
  }
}
