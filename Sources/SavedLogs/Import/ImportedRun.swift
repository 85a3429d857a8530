import CTrackShim
import TrackShim

/// Makes a run of a saved log. Of the program only what the log and the settings say is recorded: this machine is not the
/// one that it ran on.
final class ImportedRun: RunStarter {
  private let settings: Settings
  private let temporary: String
  private let zone: String?
  private let startTime: Int64
  /// Without its folder, which is nobody's business.
  let command: String
  private var claim: Claim?
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
    let runID = settings.runID.isEmpty ? RunID.random() : settings.runID
    guard takeClaim(runID) else { return nil }
    do {
      let directory = try RunDirectory.create(
        parent: settings.directory, temporary: temporary, runID: runID, startSeconds: startTime / 1_000_000_000,
        zone: zone)
      let journal = Journal(try JournalFile(creating: directory.journalPath))
      if let claim { tsi_ring_set_journal_path(claim.ring, directory.journalPath) }
      writeBeginning(to: journal, runID: runID)
      directory.keep(settings.templates)
      directory.becomeLatest()
      self.directory = directory
      return journal
    } catch {
      claim?.giveUp()
      problem = "no folder for the run can be made in \(settings.directory.printablePath) (\(error.text))"
      return nil
    }
  }

  /// As a program's run has it: whoever shows or sends it meanwhile sees that it is not whole yet.
  private func takeClaim(_ runID: String) -> Bool {
    do throws(Claim.Failure) {
      claim = try Claim(runID: runID, in: settings.projectAddress)
    } catch {
      if case .taken(let owner) = error {
        problem = "run \(runID.printablePath) is being recorded by \(owner.name); give another id or none"
        return false
      }
    }
    return true
  }

  /// The journal has its end.
  func finish() { claim?.giveUp() }

  private func writeBeginning(to journal: Journal, runID: String) {
    var environment = EnvironmentRecord()
    environment.startedAt = startTime
    environment.program = settings.program
    environment.host = settings.host
    environment.username = settings.username
    environment.writerID = RunID.writer()
    let beginning = RunBeginning(
      settings: settings, runID: runID, start: startTime, host: settings.host, platform: "", environment: environment)
    beginning.write(to: journal)
  }
}
