import CTrackShim

/// The worker's part in the uploading: starts it when the run has begun, tells it how the journal stands, hands on
/// what it has to say, and decides how long the end of the program waits for it.
struct UploadDesk {
  /// After this the user is told what the program waits for.
  private static let waitBeforeNote: Int64 = 1_000_000_000
  /// The longest that a dismissed uploader needs to leave libcurl.
  private static let lastExchange: Int64 = 150_000_000

  private var upload: LiveUpload?
  private let folder: String
  private let exitTimeout: Double
  private var view = JournalView()
  private var waiting: Wait?
  private var hasTold = false
  private var isDismissed = false
  /// Of the end that is waited for no longer than it must.
  private var hurried: Int?
  /// The end that stood when the uploading had to be over.
  private var closed: Int?
  private(set) var notes: [(text: String, isNeeded: Bool)] = []
  private(set) var isStopRequested = false
  /// As the server knows it.
  private(set) var runName: String?
  private(set) var page: String?

  /// The end of the program, waiting for the server.
  private struct Wait {
    let request: UInt32
    var isGivenUp = false
  }

  init(run: RunDirectory, plan: UploadPlan, options: TransportOptions, exitTimeout: Double) {
    folder = run.path
    self.exitTimeout = exitTimeout
    upload = LiveUpload.start(journal: run.journalPath, plan: plan, options: options)
    if upload == nil {
      notes.append(
        ("no thread can be had here that keeps its connections away from the program; the run is offline", true))
    }
  }

  /// The program's end as it stands in the journal.
  struct End {
    /// Where the journal stood before it.
    let start: Int
    let generation: Int
    let isFinal: Bool
    let isAsked: Bool
  }

  /// After each write. What the disk did not take yet is not there.
  mutating func publish(_ journal: JournalFile, end: End?) {
    view.stable = min(journal.size, end?.start ?? journal.size)
    view.end = journal.hasPending ? nil : end.flatMap { Self.sent($0, of: journal) }
    if let generation = view.end?.generation, generation == hurried { view.end?.isHurried = true }
    upload?.publish(view)
    takeEvents()
  }

  /// Of a program that another one takes over in this process, the last row may yet get more if that fails.
  private static func sent(_ end: End, of journal: JournalFile) -> JournalView.End? {
    guard end.isAsked, end.isFinal || end.start > 0 else { return nil }
    let size = end.isFinal ? journal.size : end.start
    return JournalView.End(size: size, generation: end.generation, isFinal: end.isFinal)
  }

  private mutating func takeEvents() {
    for event in upload?.takeEvents() ?? [] {
      switch event {
      case .connected(let run, let page):
        if !run.displayName.isEmpty { runName = run.displayName }
        self.page = page
        notes.append(("the run is at \(page.printable)", false))
      case .note(let text, let isNeeded): notes.append((text, isNeeded))
      case .stopRequested: isStopRequested = true
      case .progress, .done, .trouble: break
      }
    }
  }

  mutating func takeNotes() -> [(text: String, isNeeded: Bool)] {
    defer { notes.removeAll() }
    return notes
  }

  mutating func takeStopRequest() -> Bool {
    defer { isStopRequested = false }
    return isStopRequested
  }

  /// Of the journal, that the server does not have.
  var bytesLeft: Int { upload?.bytesLeft ?? 0 }

  /// Whether the server has all there is at the end that stands now.
  var isDone: Bool {
    guard let upload, let end = view.end, !isDismissed else { return true }
    return upload.isDone(end.generation)
  }

  /// Whether this request of a host thread may be answered: everything is on the server, or it is too late.
  /// `since`: when the worker first saw it.
  mutating func lets(go request: tsi_request, since: Int64) -> Bool {
    let isClosing = Int(request.kind) == TSI_SETTLE_CLOSE && upload?.endsBeforeHandlers == true
    if waiting?.request != request.number { waiting = nil }
    if isDone, isClosing { close() }
    guard !isDone || (isClosing && isWorking) else {
      noteUnsent()
      return true
    }
    if waiting == nil { waiting = Wait(request: request.number) }
    let waited = tsi_clock_monotonic() &- since
    if waited >= Self.waitBeforeNote, !isDone { tellWhy() }
    let left = timeLeft
    if left <= timeForTheEnd { hurry() }
    guard left <= 0 else { return false }
    giveUp(isLast: Int(request.kind) != TSI_SETTLE_FINISH)
    return !isClosing || !isWorking || left <= -Self.lastExchange
  }

  private var isWorking: Bool { upload?.isOver == false }

  private mutating func tellWhy() {
    guard !hasTold else { return }
    hasTold = true
    notes.append(
      (
        "sending the end of the run to the W&B server; the program waits at most "
          + "\(Int(exitTimeout.rounded(.up))) s for that (TRACKSHIM_EXIT_TIMEOUT)", true
      ))
  }

  /// A little less than the host thread waits, so that it hears from us and not from the clock.
  private var timeLeft: Int64 {
    tsi_settle_deadline() &- Pace.nanoseconds(min(0.25, exitTimeout / 10)) &- tsi_clock_monotonic()
  }

  /// The end that stands goes without what is large and not there yet.
  mutating func hurry() {
    guard let end = view.end, hurried != end.generation else { return }
    hurried = end.generation
    view.end?.isHurried = true
    upload?.publish(view)
  }

  /// What is kept for the run's end when large files are on their way.
  private var timeForTheEnd: Int64 { Pace.nanoseconds(min(2, exitTimeout / 4)) }

  private mutating func giveUp(isLast: Bool) {
    guard waiting?.isGivenUp == false else { return }
    waiting?.isGivenUp = true
    noteLeft()
    if isLast { dismiss() }
  }

  /// Nobody waits any longer, and why is said.
  mutating func abandon() {
    if !isDone { noteLeft() }
    dismiss()
  }

  private mutating func noteLeft() {
    let left = Self.size(upload?.bytesLeft ?? 0)
    let why = upload?.trouble.map { "; \($0.printable)" } ?? ""
    notes.append(
      (
        "the server does not have all of the run yet (\(left) of the journal are left\(why)); "
          + "send it with: trackshim sync \(folder.printablePath)", true
      ))
  }

  /// What exit handlers print after the uploading had to be over.
  private mutating func noteUnsent() {
    guard let closed, let end = view.end, end.generation != closed else { return }
    self.closed = nil
    noteLastLines()
  }

  /// Printed when the end had gone already.
  mutating func noteLastLines() {
    notes.append(
      (
        "the last lines, printed while the program ended, are not on the server; send them with: trackshim sync "
          + folder.printablePath, true
      ))
  }

  private mutating func close() {
    guard closed == nil else { return }
    closed = view.end?.generation
    dismiss()
  }

  /// The uploader ends; nothing waits for it any more.
  mutating func dismiss() {
    isDismissed = true
    upload?.dismiss()
  }

  private static func size(_ bytes: Int) -> String {
    bytes < 10_000 ? "\(bytes) bytes" : bytes < 10_000_000 ? "\(bytes / 1000) kB" : "\(bytes / 1_000_000) MB"
  }
}
