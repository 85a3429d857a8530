import CTrackShim

/// Makes this process a run: claims the id, creates the folder, writes what is known at the start.
final class ProcessRun: RunStarter {
  private var settings: Settings
  private var facts: HostFacts
  private let clock: RunClock
  private(set) var claim: Claim?
  private(set) var directory: RunDirectory?
  /// How the run goes to the server; nil: not from here.
  private var plan: UploadPlan?
  /// Why it does not.
  private var offlineReason: String?
  /// Environment records of one writer are one record.
  let writerID = RunID.writer()
  private(set) var givenConfig: [RecordItem] = []
  private var announcements: [String] = []
  private var warnings: [String] = []

  var command: String { facts.command }

  init(settings: Settings, clock: RunClock) {
    self.settings = settings
    facts = HostFacts(settings)
    self.clock = clock
  }

  /// Before it has started.
  func use(_ settings: Settings) {
    self.settings = settings
    facts = HostFacts(settings)
  }

  func start() -> Journal? {
    guard !settings.isLeftOut else { return nil }
    let runID = chooseID()
    planUpload()
    guard takeClaim(runID), let directory = makeDirectory(runID) else { return nil }
    guard let journal = makeJournal(in: directory) else { return nil }
    self.directory = directory
    directory.keep(settings.templates)
    if settings.shared?.isPrimary != false { directory.becomeLatest() }
    rememberID(runID)
    tsi_environment_release_preload()
    tsi_tap_set_claimed()
    announce(directory)
    return journal
  }

  /// `resume=auto`: the last run from here, if it did not end well.
  private func chooseID() -> String {
    if !settings.runID.isEmpty { return settings.runID }
    let left = settings.resume == .auto ? ResumeFile(parent: settings.directory).runID() : nil
    return left ?? RunID.random()
  }

  private func rememberID(_ runID: String) {
    let file = ResumeFile(parent: settings.directory)
    if settings.resume == .auto { file.write(runID) } else if settings.resume == nil { file.remove() }
  }

  /// An end that was good leaves nothing to resume.
  func endsWell() { ResumeFile(parent: settings.directory).remove() }

  private func planUpload() {
    guard settings.mode == .online, let address = settings.server.address else { return }
    do throws(Credentials.Problem) {
      plan = UploadPlan(settings, address: address, key: try Credentials.find(for: address, in: .process))
    } catch {
      offlineReason = error.text
    }
  }

  /// Once.
  func takePlan() -> UploadPlan? {
    defer { plan = nil }
    return directory == nil ? nil : plan
  }

  /// What tells the other writers of a shared run from its first, where each needs a name of its own.
  private var writer: String {
    guard let shared = settings.shared, !shared.isPrimary else { return "" }
    return shared.label
  }

  private func takeClaim(_ runID: String) -> Bool {
    do throws(Claim.Failure) {
      claim = try Claim(runID: writer.isEmpty ? runID : "\(runID)-\(writer)", in: settings.projectAddress)
      return true
    } catch {
      switch error {
      case .taken(let owner):
        warnings.append(
          "run \(runID.printable) is being recorded by \(owner.name), so process \(tsi_process()) is not; "
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
        parent: settings.directory, temporary: temporary.isEmpty ? "/tmp" : temporary, runID: runID, writer: writer,
        startSeconds: clock.startWall / 1_000_000_000, isOnline: plan != nil)
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
    var environment = facts.environmentRecord(startedAt: clock.startWall, writerID: writerID)
    environment.git = settings.disablesGit ? nil : GitFacts.find(from: facts.directory)
    let parameters = SweepParameters.read(from: settings.sweepParameterFile)
    if let problem = parameters.problem { warnings.append(problem) }
    givenConfig = parameters.items
    let beginning = RunBeginning(
      settings: settings, runID: runID, start: clock.startWall, host: facts.host, isOnline: plan != nil,
      platform: HostFacts.platform, environment: environment, config: givenConfig)
    beginning.write(to: journal)
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
    let id = directory.runID.printable
    let name = settings.name.isEmpty ? id : "\(settings.name.printable) (\(id))"
    let shared = settings.shared.map { ", shared, as \($0.label)" } ?? ""
    let sweep = settings.sweepID.isEmpty ? "" : ", sweep \(settings.sweepID.printable)"
    announcements.append(
      "recording \(facts.program.printable) as run \(name) of project \(settings.project.printable)\(sweep)\(shared)")
    let path = directory.path.printablePath
    if plan != nil {
      announcements.append("kept in \(path)")
    } else if let offlineReason {
      announcements.append("offline, in \(path): \(offlineReason). Send it later with: trackshim sync \(path)")
    } else {
      announcements.append("offline, in \(path)")
    }
  }
}
