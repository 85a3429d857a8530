import ArgumentParser
import Glibc
import TrackShim

struct SyncCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sync",
    abstract: "Send recorded runs to the W&B server.",
    discussion: """
      Sends what the server does not have yet: runs recorded offline, and what a run could not bring there \
      before it ended. Nothing is sent twice, wherever an earlier attempt stopped. If a run's process was \
      killed, its journal is first completed with what the process had printed until then.

        trackshim sync                     all runs below this folder not yet there
        trackshim sync 4fj2k9aa            by id
        trackshim sync wandb/offline-run-20261122_070653-4fj2k9aa
        trackshim sync --dry-run           what would be sent

      The server and the account are those of `wandb login`, or of WANDB_BASE_URL and WANDB_API_KEY. A run \
      that W&B's own `wandb sync` has sent is left alone; so is one that is still running.

      stdout has a line for each run: its id, and what became of it. What could not be sent is on stderr, \
      with the reason and the remedy; so is the progress, on a terminal. ^C does no harm: the next \
      `trackshim sync` goes on from there.

      Exit status: 0 if all that was asked for is on the server, or still running; 1 if not; 64 for wrong \
      options.
      """)

  @Argument(
    help: ArgumentHelp(
      "A .wandb file, a run's folder, a wandb folder or its parent (all runs in it), or a run's id.",
      discussion: "Without it all runs below $TRACKSHIM_DIR, $WANDB_DIR or this folder.", valueName: "run"),
    completion: .file())
  var names: [String] = []

  @Flag(help: "Send a run behind what the server has of it already, whoever sent that.") var append = false
  @Option(help: ArgumentHelp("How often a request is tried while the server cannot be reached.", valueName: "n"))
  var attempts = 5
  @Flag(help: "Only say what would be sent.") var dryRun = false
  @Flag(help: "Say nothing but what could not be sent.") var quiet = false

  func validate() throws {
    if attempts < 1 { throw ValidationError("--attempts is 1 at least") }
  }

  func run() throws {
    // Neither a server that hangs up nor a reader of ours that has seen enough is a reason to die.
    signal(SIGPIPE, SIG_IGN)
    var options = JournalSync.Options()
    options.appends = append
    options.attempts = attempts
    let settings = LaunchSettings(startDirectory: FileAccess.workingDirectory, variable: Variable.value)
    let lookup = RunLookup(parent: settings.directory, temporary: Variable.nonEmpty("TMPDIR") ?? "/tmp")
    var round = SyncRound(options: options, isRehearsal: dryRun, display: SyncDisplay(isQuiet: quiet))
    round.send(SyncTargets(names, lookup: lookup))
    if round.hasFailed { throw ExitCode.failure }
  }
}
