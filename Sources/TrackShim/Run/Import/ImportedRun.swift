/// Makes a run of a saved log. Of the program only what the log and the settings say is recorded: this machine is not the
/// one that it ran on.
final class ImportedRun: RunStarter {
  private let settings: Settings
  private let temporary: String
  private let zone: String?
  private let startTime: Int64
  /// Without its folder, which is nobody's business.
  let command: String
  private(set) var directory: RunDirectory?
  private(set) var problem: String?

  init(settings: Settings, temporary: String, zone: String?, start: Int64, log: String) {
    self.settings = settings
    self.temporary = temporary
    self.zone = zone
    startTime = start
    command = "imported from \(log)"
  }

  func start() -> Journal? {
    do {
      let directory = try RunDirectory.create(
        parent: settings.directory, temporary: temporary,
        runID: settings.runID.isEmpty ? RunID.random() : settings.runID, startSeconds: startTime / 1_000_000_000, zone: zone
      )
      let journal = Journal(try JournalFile(creating: directory.journalPath))
      writeBeginning(to: journal, runID: directory.runID)
      directory.keep(settings.templates)
      directory.becomeLatest()
      self.directory = directory
      return journal
    } catch {
      problem = "no folder for the run can be made in \(settings.directory.printablePath) (\(error.text))"
      return nil
    }
  }

  private func writeBeginning(to journal: Journal, runID: String) {
    var environment = EnvironmentRecord()
    environment.startedAt = startTime
    environment.program = settings.program
    environment.host = settings.host
    environment.username = settings.username
    environment.writerID = RunID.writer()
    RunBeginning(
      settings: settings, runID: runID, start: startTime, host: settings.host, platform: "", environment: environment
    ).write(to: journal)
  }
}
