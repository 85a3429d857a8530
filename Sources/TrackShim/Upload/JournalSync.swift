import CTrackShim

/// Sends a journal that no program writes any more: what an offline run has, or what a live one could not bring to
/// the server before it ended. For the `trackshim sync` command.
public struct JournalSync {
  public enum Result: Equatable, Sendable {
    /// Everything is on the server. `isNew`: something was sent just now.
    case complete(page: String, isNew: Bool)
    /// The server said no; it will again.
    case refused(String)
    /// No use now; perhaps later.
    case unreachable(String)
    /// Another uploader sends it.
    case busy
    /// W&B's own `wandb sync` has sent it.
    case sentByOfficialClient
    case unusable(String)
  }

  public struct Options: Sendable {
    /// Send it though the run, or rows of it, are on the server by other hands: behind what is there.
    public var appends = false
    /// How often a request is tried against network trouble.
    public var attempts = 5
    public init() {}
  }

  private let journal: String
  private let access: ServerAccess
  private let options: Options

  public init(journal: String, access: ServerAccess, options: Options = Options()) {
    self.journal = journal
    self.access = access
    self.options = options
  }

  /// What is known without asking the server: whether all of it is there already.
  public static func isComplete(_ journal: String) -> Bool {
    guard let file = try? UploadProgressFile(for: journal, isReading: true) else { return false }
    return file.known?.covers(journal) ?? false
  }

  /// `progress` hears of bytes of the journal whose content the server has, and of how many there are;
  /// `note` what a user should know, line by line.
  public func run(progress: @escaping (_ sent: Int, _ total: Int) -> Void, note: @escaping (String) -> Void) -> Result {
    if let known = knownResult() { return known }
    var why = ""
    guard let transport = CurlTransport(access.options, why: &why) else { return .unusable(why) }
    guard let source = FinishedJournal(journal, progress: progress, note: note) else {
      return .unusable("it cannot be read")
    }
    var plan = access.plan
    plan.patience = options.attempts
    plan.endsWithRun = true
    // What the user asked of the run when it was made stands in its journal.
    plan.resume = nil
    plan.appends = options.appends
    let brief = BriefTransport(transport, least: plan.timeout)
    let outcome = Uploader(journal: journal, plan: plan, source: source, transport: brief).run()
    return result(of: outcome, page: source.page)
  }

  private func knownResult() -> Result? {
    if let file = try? UploadProgressFile(for: journal, isReading: true), let known = file.known {
      return known.covers(journal) ? .complete(page: known.page, isNew: false) : nil
    }
    return Files.exists(Self.officialMarker(of: journal)) && !options.appends ? .sentByOfficialClient : nil
  }

  private func result(of outcome: Uploader.Outcome, page: String) -> Result {
    switch outcome {
    case .complete:
      // So that W&B's own client does not send every row once more.
      _ = Files.write([], to: Self.officialMarker(of: journal), own: 1)
      return .complete(page: page, isNew: true)
    case .refused(let why): return .refused(why)
    case .unreachable(let why): return .unreachable(why)
    case .cancelled: return .unreachable("it was interrupted")
    case .busy: return .busy
    case .unusable(let why): return .unusable(why)
    }
  }

  static func officialMarker(of journal: String) -> String { journal + ".synced" }
}

/// A server and the right to write there.
public struct ServerAccess: Sendable {
  let plan: UploadPlan
  let options: TransportOptions

  public struct Problem: Error, Equatable {
    public let text: String
  }

  /// From the environment, the settings files and netrc, as the library in a program finds them.
  public init(startDirectory: String, variable: @escaping (String) -> String?) throws(Problem) {
    let key = variable("WANDB_API_KEY")
    let source = SettingsSource(
      variable: variable, startDirectory: startDirectory, file: { Files.text($0) },
      apiKey: { key.map { (text: $0.utf8.count > 1023 ? "" : $0, isTooLong: $0.utf8.count > 1023) } },
      hasTokenFile: variable("WANDB_IDENTITY_TOKEN_FILE").map { !$0.isEmpty } ?? false,
      isForeign: { tsi_is_foreign($0) })
    let settings = Settings(from: source)
    guard let address = settings.server.address else {
      throw Problem(text: settings.complaints.first ?? "the server's address cannot be used")
    }
    do throws(Credentials.Problem) {
      plan = UploadPlan(settings, address: address, key: try Credentials.find(for: address, in: source))
    } catch {
      throw Problem(text: error.text)
    }
    options = TransportOptions(settings)
  }
}

/// A journal that stands still, as the uploader sees it.
private final class FinishedJournal: UploadSource {
  private let view: JournalView
  private let progress: (Int, Int) -> Void
  private let note: (String) -> Void
  private(set) var page = ""

  init?(_ journal: String, progress: @escaping (Int, Int) -> Void, note: @escaping (String) -> Void) {
    let file = tsi_open(journal, OpenFlags.readOnly, 0)
    guard file >= 0 else { return nil }
    defer { _ = tsi_close(file) }
    guard tsi_is_regular(file) else { return nil }
    let size = Int(clamping: max(0, tsi_file_size(file)))
    view = JournalView(stable: size, end: JournalView.End(size: size, generation: 1, isFinal: true))
    self.progress = progress
    self.note = note
  }

  func look() -> JournalView { view }

  func wait(milliseconds: UInt32) { tsi_pause(milliseconds) }

  func say(_ event: UploadEvent) {
    switch event {
    case .connected(_, let page): self.page = page
    case .note(let text, _): note(text)
    case .progress(let bytes): progress(bytes, view.stable)
    case .done, .stopRequested, .trouble: break
    }
  }
}
