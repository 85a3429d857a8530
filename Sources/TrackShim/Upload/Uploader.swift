import CTrackShim

/// Brings one journal to the server: follows the file, and sends what the server does not have, until the run is
/// complete there or the server says no.
///
/// It reads on only when what it has read is acknowledged, so a server that is away for a week costs no memory;
/// and what is acknowledged is remembered beside the journal, so that another uploader can take over anywhere.
///
///     journal -> JournalFollower -> RunProjection -> StreamRequest -> server
///
/// This file is its state and its loop; Uploader+*.swift are the things it does.
final class Uploader {
  enum Outcome: Equatable {
    case complete
    case refused(String)
    /// Only an uploader with limited patience gives up.
    case unreachable(String)
    case cancelled
    /// Somebody else sends it.
    case busy
    case unusable(String)
  }

  /// What of a journal one request takes.
  static let requestBytes = 1 << 20
  /// Between two looks at whether the journal has grown.
  static let lookPause: Int64 = 200_000_000
  static let longestSleep: Int64 = 500_000_000
  static let configPause: Int64 = 5_000_000_000
  /// An unfinished line is shown after this, so that a progress bar moves and a line printed in pieces is sent whole.
  static let openLinePause: Int64 = 5_000_000_000

  let plan: UploadPlan
  let source: any UploadSource
  let transport: any Transport
  let journal: String
  let clock: UploadClock

  private(set) var journalFile: Int32 = -1
  var view = JournalView()
  var follower: JournalFollower?
  var projection: RunProjection
  var consoleFile: ConsoleFile?
  /// Console lines on their way, by number.
  var outgoing: [ConsoleLine] = []
  var outgoingBytes = 0
  var consoleTaken = 0
  /// The state before the end that is being read.
  var beforeEnd: BeforeEnd?
  var progressFile: UploadProgressFile?
  var progress = UploadProgress()
  var server = RunOnServer()
  var features = ServerFeatures()
  var pace: Pace
  /// Reading stopped because there is enough for one request.
  private(set) var hasMore = false
  var sentSummary = -1
  var sentConfig = 0
  var configDue: Int64?
  var files = RunFiles()
  var alerts = AlertTries()
  var saved = SavedFiles()
  var completedGeneration = 0
  var reportedGeneration = 0
  var trouble = TroubleWatch()
  private var hasNotedLongRows = false
  private var hasNotedRepeatedRows = false
  /// Where the journal's sense ends before its end.
  private(set) var damage: Int?
  /// The run is complete on the server but for files.
  var lacksOnlyFiles = false
  /// The server has the run.
  var isStarted = false
  var outcome: Outcome?

  struct BeforeEnd {
    let projection: RunProjection
    let follower: JournalFollower
    let outgoing: [ConsoleLine]
    let consoleTaken: Int
    /// Of the console, what the server had then.
    let sentConsole: Int
    let openLines: [Int]
    let generation: Int

    /// Lines that will not be others when the end is taken back, as far as that is known.
    var settled: RunProjection.Counts {
      var counts = projection.counts
      counts.console = sentConsole
      return counts
    }
  }

  init(
    journal: String, plan: UploadPlan, source: any UploadSource, transport: any Transport,
    clock: UploadClock = UploadClock()
  ) {
    self.journal = journal
    self.clock = clock
    self.plan = plan
    self.source = source
    self.transport = transport
    pace = Pace(interval: plan.interval)
    projection = RunProjection(acknowledged: RunProjection.Counts(), shift: StepShift())
  }

  func run() -> Outcome {
    open()
    defer {
      transport.endUpload()
      if journalFile >= 0 { _ = tsi_close(journalFile) }
    }
    if outcome == nil { connect() }
    while outcome == nil {
      adoptView()
      read()
      if !act() { wait() }
    }
    return outcome ?? .cancelled
  }

  var isEnding: Bool { view.end != nil }
  var now: Int64 { clock.monotonic() }

  private func open() {
    journalFile = tsi_open(journal, OpenFlags.readOnly, 0)
    guard journalFile >= 0 else {
      outcome = .unusable("\(journal.printable) cannot be read (\(SystemError(-journalFile).text))")
      return
    }
    follower = JournalFollower(file: journalFile)
    do throws(UploadProgressFile.Failure) {
      let opened = try UploadProgressFile(for: journal)
      progressFile = opened
      if let known = opened.known { progress = known.standing(in: journalFile) }
      lacksOnlyFiles = progress.hasAll(of: journalFile) && (progress.filesMissing || progress.savedMissing)
      if opened.isUnreadable {
        outcome = .unusable(
          "\(UploadProgressFile.path(for: journal).printable) was written by a later version of trackshim")
      }
    } catch {
      switch error {
      case .busy: outcome = .busy
      case .unusable(let error):
        outcome = .unusable("\(UploadProgressFile.path(for: journal).printable) cannot be written (\(error.text))")
      }
    }
    if let filesFolder { consoleFile = ConsoleFile(filesFolder.path(adding: RunFile.console)) }
  }

  // MARK: Reading

  /// Takes note of how the journal stands. An end that was taken back takes what was read of it with it.
  func adoptView() {
    let wasEnding = isEnding
    view = source.look()
    if view.isDismissed { outcome = outcome ?? .cancelled }
    if isEnding, !wasEnding { tryAgainSoon() }
    guard let before = beforeEnd, view.end?.generation != before.generation else { return }
    restore(before)
  }

  /// Somebody waits for the end now: what was put off for later is not.
  private func tryAgainSoon() {
    alerts.due = min(alerts.due, now)
    saved.due = min(saved.due, now)
    // As W&B's client does: another writer of the run may have said less since.
    if shared?.isPrimary == true { sentConfig = -1 }
  }

  private func restore(_ before: BeforeEnd) {
    beforeEnd = nil
    damage = nil
    projection = before.projection
    follower = before.follower
    outgoing = before.outgoing
    outgoingBytes = outgoing.reduce(0) { $0 &+ $1.text.count }
    consoleTaken = before.consoleTaken
    consoleFile?.cut(toLine: before.consoleTaken)
    // Lines that were sent out of the end are sent again, as they stand now.
    progress.sent = progress.sent.limited(to: before.settled)
    progress.openLines = before.openLines
    progress.completeSize = 0
    lacksOnlyFiles = false
    projection.acknowledge(only: progress.sent)
    projection.alerts.drop(below: progress.alerts)
    projection.saved.adopt(progress.saved)
    saved.hasNotedLeft = false
    alerts.hasNotedLeft = false
    sentSummary = -1
    // What has the same number from now on may be something else.
    if sentConfig > projection.config.version { sentConfig = -1 }
    completedGeneration = 0
    files.areEndFilesDone = false
  }

  func read() {
    guard outcome == nil else { return }
    readRecords(limit: view.stable)
    if let end = view.end, (follower?.through ?? 0) >= view.stable,
      beforeEnd == nil || beforeEnd?.generation == end.generation
    {
      keepBeforeEnd(end)
      readRecords(limit: end.size)
    }
    takeConsole()
    noteRowsLeftOut()
    if sentConfig != projection.config.version, configDue == nil, isStarted { configDue = now &+ Self.configPause }
  }

  /// Rows that are in the journal and will not be on the server; said once of each kind.
  private func noteRowsLeftOut() {
    if projection.tooLongRows > 0, !hasNotedLongRows {
      hasNotedLongRows = true
      note("a row longer than W&B takes (10 MB) is in the journal and not on the server", isNeeded: true)
    }
    if projection.repeatedRows > 0, !hasNotedRepeatedRows {
      hasNotedRepeatedRows = true
      note(
        "the run was resumed at a step that the server has already; rows up to step \(progress.baseStep) are left there "
          + "as they were", isNeeded: true)
    }
  }

  private func keepBeforeEnd(_ end: JournalView.End) {
    guard beforeEnd == nil, let follower else { return }
    takeConsole()
    beforeEnd = BeforeEnd(
      projection: projection, follower: follower, outgoing: outgoing, consoleTaken: consoleTaken,
      sentConsole: progress.sent.console, openLines: progress.openLines, generation: end.generation)
  }

  private func readRecords(limit: Int) {
    var consoleBytes = 0
    hasMore = false
    while damage == nil, waitingBytes &+ consoleBytes < Self.requestBytes {
      switch follower?.next(limit: limit) {
      case .record(let payload):
        projection.take(payload)
        consoleBytes &+= payload.count
      case .damaged(let offset): return damaged(at: offset)
      case .end, nil: return
      }
    }
    hasMore = damage == nil
  }

  /// The end may just have been taken back under our eyes; what stands before it never changes.
  private func damaged(at offset: Int) {
    guard offset < view.stable || source.look() == view else { return }
    damage = offset
    if !plan.endsWithRun {
      note("the journal is damaged at byte \(offset); what stands behind that is not sent", isNeeded: true)
    }
  }

  /// True when everything that may be read has been.
  var hasReadAll: Bool {
    guard let through = follower?.through, damage == nil else { return true }
    return through >= (view.end?.size ?? view.stable)
  }

  /// Lines that are new or have changed, into the file beside the journal and on their way to the server.
  func takeConsole() {
    let showsOpen = isEnding && hasReadAll || isOld(projection.console.openSince)
    for line in projection.console.takeChanges(includingOpen: showsOpen) {
      consoleFile?.write(line)
      consoleTaken = max(consoleTaken, line.number &+ 1)
      if line.number >= progress.sent.console || progress.openLines.contains(line.number) {
        outgoing.append(line)
        outgoingBytes &+= line.text.count
      }
    }
  }

  private func isOld(_ wall: Int64?) -> Bool {
    guard let wall else { return false }
    return clock.wall() &- wall > Self.openLinePause
  }

  // MARK: Acting

  /// Does the most urgent thing that is due; false when nothing is.
  private func act() -> Bool {
    guard outcome == nil else { return true }
    if isStarted, now >= alerts.due, let alert = projection.alerts.first { return tell(alert) }
    if isStreamDue {
      stream()
      return true
    }
    if isConfigDue { return updateConfig() }
    if files.isDue(now: now, isEnding: isEnding) { return uploadStartFiles() }
    if actOnSavedFiles() { return true }
    guard let end = view.end, hasReadAll, !hasStreamData, areAlertsDone else { return false }
    guard !end.isFinal || areSavedFilesDone else { return false }
    if end.isFinal, completedGeneration != end.generation { return complete(end) }
    report(end)
    return false
  }

  private func report(_ end: JournalView.End) {
    guard reportedGeneration != end.generation else { return }
    reportedGeneration = end.generation
    source.say(.done(generation: end.generation))
    guard plan.endsWithRun else { return }
    if let damage {
      outcome = .unusable("it is damaged at byte \(damage); what stands before that is on the server")
    } else if let why = files.refusal ?? saved.refusal {
      outcome = .refused(why)
    } else {
      outcome = .complete
    }
  }

  private func wait() {
    guard outcome == nil, !hasMore else { return }
    var next = now &+ Self.lookPause
    // An alert may come, which does not wait for the rows' turn.
    if hasStreamData { next = min(max(next, pace.earliest), now &+ Self.longestSleep) }
    pause(milliseconds: max(1, (next &- now) / 1_000_000))
  }

  /// What is on its way beside everything else goes on meanwhile.
  func pause(milliseconds: Int64) {
    let wait = UInt32(clamping: milliseconds)
    if saved.current == nil || !transport.drive(milliseconds: wait) { source.wait(milliseconds: wait) }
  }
}
