import CTrackShim

/// Makes this process a run: claims the id, creates the folder, writes what is known at the start.
final class ProcessRun: RunStarter {
  private let settings: Settings
  private let facts = HostFacts()
  private let clock: RunClock
  private(set) var claim: Claim?
  private(set) var directory: RunDirectory?
  private var announcements: [String] = []
  private var warnings: [String] = []

  var command: String { facts.command }

  init(settings: Settings, clock: RunClock) {
    self.settings = settings
    self.clock = clock
  }

  func start() -> Journal? {
    let runID = settings.runID.isEmpty ? RunID.random() : settings.runID
    guard takeClaim(runID), let directory = makeDirectory(runID) else { return nil }
    guard let journal = makeJournal(in: directory) else { return nil }
    self.directory = directory
    directory.becomeLatest()
    tsi_environment_release_preload()
    tsi_tap_set_claimed()
    announce(directory)
    return journal
  }

  private func takeClaim(_ runID: String) -> Bool {
    do throws(Claim.Failure) {
      claim = try Claim(runID: runID)
      return true
    } catch {
      switch error {
      case .taken(let process):
        warnings.append(
          "run \(runID.printable) is being recorded by process \(process), so process \(tsi_process()) is not; "
            + "give it an id of its own (TRACKSHIM_RUN_ID) or none")
        return false
      case .impossible(let error):
        warnings.append(
          "\(Claim.folder) cannot be used (\(error.text)); if the program is killed, the last moments of its "
            + "output may be missing")
        return true
      }
    }
  }

  private func makeDirectory(_ runID: String) -> RunDirectory? {
    let temporary = tsi_environment("TMPDIR").map { String(cString: $0) } ?? ""
    do {
      let directory = try RunDirectory.create(
        parent: settings.directory, temporary: temporary.isEmpty ? "/tmp" : temporary, runID: runID,
        startSeconds: clock.startWall / 1_000_000_000)
      if !directory.path.hasPrefix(settings.directory) {
        warnings.append("no folder can be made in \(settings.directory.printable) (TRACKSHIM_DIR names another)")
      }
      return directory
    } catch {
      giveUp("no folder for the run can be made in \(settings.directory.printable) (\(error.text))")
      return nil
    }
  }

  private func makeJournal(in directory: RunDirectory) -> Journal? {
    do {
      let journal = Journal(try JournalFile(creating: directory.journalPath))
      if let claim { tsi_ring_set_journal_path(claim.ring, directory.journalPath) }
      writeBeginning(to: journal, runID: directory.runID)
      return journal
    } catch {
      giveUp("\(directory.journalPath.printable) cannot be created (\(error.text))")
      return nil
    }
  }

  private func giveUp(_ why: String) {
    claim?.giveUp()
    claim = nil
    warnings.append(why + "; this program is not recorded (TRACKSHIM_DIR names another folder)")
  }

  // MARK: The first records

  private func writeBeginning(to journal: Journal, runID: String) {
    journal.append(HeaderRecord(producer: "trackshim \(Version.text)"))
    journal.append(runRecord(runID))
    journal.append(telemetry)
    journal.append(facts.environmentRecord(startedAt: clock.startWall, writerID: RunID.writer()))
  }

  private func runRecord(_ runID: String) -> RunRecord {
    var run = RunRecord()
    run.runID = runID
    run.entity = settings.entity
    run.project = settings.project
    run.group = settings.group
    run.jobType = settings.jobType
    run.displayName = settings.name
    run.notes = settings.notes
    run.tags = settings.tags
    run.host = facts.host
    run.startTime = clock.startWall
    return run
  }

  private var telemetry: TelemetryRecord {
    var telemetry = TelemetryRecord()
    telemetry.features = [TelemetryFeature.libC, TelemetryFeature.offline]
    if !settings.name.isEmpty { telemetry.features.append(TelemetryFeature.initName) }
    if !settings.runID.isEmpty { telemetry.features.append(TelemetryFeature.initID) }
    if !settings.tags.isEmpty { telemetry.features.append(TelemetryFeature.initTags) }
    telemetry.coreVersion = Version.text
    telemetry.platform = HostFacts.platform
    return telemetry
  }

  func takeAnnouncements() -> [String] {
    defer { announcements.removeAll() }
    return announcements
  }

  func takeWarnings() -> [String] {
    defer { warnings.removeAll() }
    return warnings
  }

  private func announce(_ directory: RunDirectory) {
    let name = settings.name.isEmpty ? directory.runID : "\(settings.name.printable) (\(directory.runID))"
    announcements.append("recording \(facts.program.printable) as run \(name) of project \(settings.project.printable)")
    announcements.append("offline, in \(directory.path.printable)")
  }
}
