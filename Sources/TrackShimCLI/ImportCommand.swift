import ArgumentParser
import SavedLogs
import TrackShim

struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Make a run of a saved log.",
    discussion: """
      Reads what a program printed as if it had been tracked, and writes the run that would have come of it, \
      in wandb/offline-run-… Templates (TRACKSHIM_FORMAT, TRACKSHIM_FORMATS) and the settings of a run count \
      as they do for `trackshim run`.

        trackshim import train.log --project mod97 --name first
        zcat train.log.gz | trackshim import -
        trackshim check train.log          what would be recorded

      The lines' times are those that the log has in front of them (2024-01-31 12:00:00,123, ISO 8601, glog, \
      syslog, [12:00:00]), in local time where they have no zone (TZ=UTC says another). A line without one has \
      that of the line before; a log without any has its file's time. Nothing of this machine is recorded, \
      for the program ran elsewhere.

      stdout has one line: the run's id, and where it is. Exit status: 0; 1 if the log cannot be read, \
      nothing in it was recognised or the run cannot be written; 64 for wrong options.
      """)

  @Argument(
    help: ArgumentHelp("A file with what a program printed, or - for standard input.", valueName: "log"),
    completion: .file())
  var log: String

  @OptionGroup(title: "The run") var options: RunOptions
  @Option(help: ArgumentHelp("The program's exit status.", valueName: "n")) var exitCode: Int32 = 0
  @Flag(help: "The log is what the program printed on stderr.") var stderr = false

  func validate() throws {
    if !(0...255).contains(exitCode) { throw ValidationError("--exit-code is a number from 0 to 255") }
  }

  func run() throws {
    try refuseKnownID()
    let outcome: LogImport.Outcome
    do throws(SavedLog.Unreadable) {
      let saved = try SavedLog(log, again: true)
      var about = LogImport.Log(
        name: log == "-" ? "standard input" : log.lastPathComponent, modified: saved.modified)
      about.isStandardError = stderr
      about.exitCode = exitCode
      let work = LogImport(about, options: options.given, place: place)
      for complaint in work.complaints { Say.note(complaint) }
      outcome = try work.run { body throws(SavedLog.Unreadable) in try saved.each(body) }
    } catch {
      Say.note(error.reason)
      throw ExitCode.failure
    }
    try tell(outcome)
  }

  private var place: LogImport.Place {
    LogImport.Place(
      environment: Variable.value, folder: FileAccess.workingDirectory,
      temporary: Variable.nonEmpty("TMPDIR") ?? "/tmp",
      offset: LocalClock.offset)
  }

  /// Another run's rows would be mixed with these.
  private func refuseKnownID() throws {
    let given = Dictionary(uniqueKeysWithValues: options.given.map { ($0.key.variable, $0.value) })
    let settings = LaunchSettings(startDirectory: FileAccess.workingDirectory) { given[$0] ?? Variable.value($0) }
    guard !settings.runID.isEmpty else { return }
    let lookup = RunLookup(parent: settings.directory, temporary: Variable.nonEmpty("TMPDIR") ?? "/tmp")
    guard let known = lookup.journals(named: settings.runID).last else { return }
    Say.note("run \(settings.runID.printable) is there already, \(known.printable); give another id (--id) or none")
    throw ExitCode.failure
  }

  private func tell(_ outcome: LogImport.Outcome) throws {
    let source = log == "-" ? "standard input" : log.lastPathComponent.printable
    switch outcome {
    case .failed(let why):
      Say.note("\(why.printable); the log is not imported")
      throw ExitCode.failure
    case .nothing:
      Say.note(
        "nothing in \(source) was recognised, so there is no run; `trackshim check \(log.printable)` shows what is "
          + "read line by line, `trackshim learn \(log.printable)` proposes templates")
      throw ExitCode.failure
    case .recorded(let run):
      for note in run.notes { Say.note(note.printable) }
      if !run.hasTimes { Say.note("\(source) has no times; all of its lines have the file's") }
      let name = run.name.isEmpty ? "" : " as \(run.name.printable)"
      let rows = run.rows == 1 ? "1 row" : "\(run.rows) rows"
      print(
        "\(run.id.printable): \(source) imported\(name) into project \(run.project.printable), \(rows), in "
          + "\(run.path.printable) (`trackshim show` and `trackshim sync` take that folder)")
    }
  }
}
