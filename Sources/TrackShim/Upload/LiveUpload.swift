import CTrackShim

/// The uploader of a program that runs: its thread, and what it and the worker tell each other.
///
/// The worker says how far the journal stands and never waits for anything here but this lock, which is held for
/// moments. What the uploader wants to say it leaves here, and the worker says it.
final class LiveUpload: UploadSource, @unchecked Sendable {
  /// The thread is started without an argument; a process has one run.
  nonisolated(unsafe) private static var current: LiveUpload?

  private let journal: String
  private let plan: UploadPlan
  private let options: TransportOptions

  // Under the lock.
  private var view = JournalView()
  private var events: [UploadEvent] = []
  private var doneGeneration = 0
  private var sentBytes = 0
  private var troubleNow: String?
  private var isThreadOver = false
  private var mustClose = false
  private var transport: CurlTransport?

  private init(journal: String, plan: UploadPlan, options: TransportOptions) {
    self.journal = journal
    self.plan = plan
    self.options = options
  }

  /// On the worker. nil where no thread may be had that is kept away from the host.
  static func start(journal: String, plan: UploadPlan, options: TransportOptions) -> LiveUpload? {
    let upload = LiveUpload(journal: journal, plan: plan, options: options)
    upload.mustClose = closeIfOpenSSLIsHere()
    current = upload
    if tsi_uploader_start({ LiveUpload.current?.main() }) { return upload }
    current = nil
    return nil
  }

  /// Called before libcurl is loaded, and after: loading it already uses the OpenSSL that an exit handler of the
  /// program's ends, and takes longer than a short program. Each time anew, behind a handler that the program's OpenSSL
  /// may have registered just now.
  private static func closeIfOpenSSLIsHere() -> Bool {
    guard tsi_http_host_has_openssl() else { return false }
    tsi_settle_always_close()
    tsi_settle_before_earlier_handlers()
    return true
  }

  private func locked<Value>(_ body: () -> Value) -> Value {
    tsi_uploader_lock()
    defer { tsi_uploader_unlock() }
    return body()
  }

  // MARK: The worker's side

  /// That the journal has grown wakes nobody: the uploader looks by itself.
  func publish(_ now: JournalView) {
    let isNews = locked {
      let isNews = view.end != now.end
      view.stable = now.stable
      view.end = now.end
      return isNews
    }
    if isNews { tsi_uploader_wake() }
  }

  func takeEvents() -> [UploadEvent] {
    locked {
      defer { events.removeAll() }
      return events
    }
  }

  /// The server has what stands at this end, or never will have it from here.
  func isDone(_ generation: Int) -> Bool { locked { isThreadOver || doneGeneration == generation } }

  /// The program's own exit handlers take the TLS library away.
  var endsBeforeHandlers: Bool { locked { mustClose } }

  /// The thread touches nothing any more.
  var isOver: Bool { locked { isThreadOver } }

  /// Bytes of the journal that the server does not have yet.
  var bytesLeft: Int { locked { max(0, max(view.stable, view.end?.size ?? 0) &- sentBytes) } }

  var trouble: String? { locked { troubleNow } }

  /// Nobody waits for it any more.
  func dismiss() {
    let transport = locked {
      view.isDismissed = true
      return self.transport
    }
    transport?.stop()
    tsi_uploader_wake()
  }

  // MARK: The uploader's side

  private func main() {
    work()
    locked { isThreadOver = true }
    tsi_worker_wake()
  }

  /// Libcurl is left behind when this returns.
  private func work() {
    Fault.point("upload")
    var why = ""
    guard let transport = CurlTransport(options, why: &why) else {
      say(.note("\(why); the run goes on offline", isNeeded: true))
      return
    }
    let sharesTLS = Self.closeIfOpenSSLIsHere() && plan.address.isSecure
    let isDismissed = locked {
      mustClose = sharesTLS
      self.transport = transport
      return view.isDismissed
    }
    defer { locked { self.transport = nil } }
    if isDismissed { transport.stop() }
    switch Uploader(journal: journal, plan: plan, source: self, transport: transport).run() {
    case .unusable(let why): say(.note("\(why.printable); the run is not sent any further", isNeeded: true))
    case .busy: say(.note("another process sends this run already", isNeeded: true))
    case .complete, .refused, .unreachable, .cancelled: break
    }
  }

  func look() -> JournalView {
    Fault.point("look")
    news = tsi_uploader_news()
    return locked { view }
  }

  /// What came since the last look is not slept over.
  func wait(milliseconds: UInt32) { tsi_uploader_wait(news, milliseconds) }

  /// Only the uploader's thread.
  private var news: UInt32 = 0

  func say(_ event: UploadEvent) {
    locked {
      switch event {
      case .done(let generation): doneGeneration = generation
      case .progress(let bytes): sentBytes = bytes
      case .trouble(let text): troubleNow = text
      case .connected, .note, .stopRequested: events.append(event)
      }
    }
    if case .done = event { tsi_worker_wake() }
  }
}
