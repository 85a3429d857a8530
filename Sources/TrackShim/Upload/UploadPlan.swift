/// What an uploader needs to know besides the journal.
struct UploadPlan {
  var address: ServerAddress
  var key: APIKey
  var resume: ResumeMode?
  /// Seconds between requests.
  var interval = 2.0
  /// Bytes a second of a saved file, at most; 0: as fast as it goes.
  var fileRate = 0
  /// Seconds for one attempt of a GraphQL request.
  var timeout = 30
  /// Attempts before network trouble is a reason to give up; nil: as long as the program runs.
  var patience: Int?
  /// The journal will not grow any more.
  var endsWithRun = false
  /// A run whose id is on the server is continued there, though nobody said so.
  var appends = false
}

/// What of W&B's server features concerns us; all off until the server has said otherwise.
struct ServerFeatures: Equatable {
  var gzip = false
  var structuredConsole = false

  init() {}

  init(_ reply: JSONValue) {
    for feature in reply["data"]?["serverInfo"]?["features"]?.elements ?? [] {
      guard feature["isEnabled"]?.isTrue == true else { continue }
      switch feature["name"]?.text {
      case "FILESTREAM_GZIP": gzip = true
      case "STRUCTURED_CONSOLE_LOGS": structuredConsole = true
      default: break
      }
    }
  }
}

/// Network trouble is told once, when it has lasted, and once more when it is over.
struct TroubleWatch {
  private static let patience: Int64 = 5_000_000_000
  private var since: Int64?
  private var isTold = false
  private var isOverTold = false
  private(set) var latest: String?

  /// What is to be said now.
  mutating func met(_ trouble: Answer.Trouble, now: Int64) -> String? {
    latest = trouble.text
    let began = since ?? now
    since = began
    guard !isTold, now &- began >= Self.patience || trouble.isCertificate else { return nil }
    isTold = true
    if trouble.isCertificate {
      return "the server's certificate cannot be verified (\(trouble.text.printable)); CURL_CA_BUNDLE names other "
        + "authorities. It is tried again; everything is kept on disk"
    }
    return "the W&B server does not answer as it should (\(trouble.text.printable)); it is tried again, and "
      + "everything is kept on disk"
  }

  mutating func isOver() -> String? {
    since = nil
    latest = nil
    guard isTold, !isOverTold else { return nil }
    isOverTold = true
    return "the W&B server answers again"
  }
}

extension UploadPlan {
  init(_ settings: Settings, address: ServerAddress, key: APIKey) {
    self.init(
      address: address, key: key, resume: settings.resume, interval: settings.server.uploadInterval,
      fileRate: settings.server.uploadRate,
      // bounded: seconds from 1 to 3600
      timeout: Int(settings.server.httpTimeout.rounded(.up)))
  }
}

extension TransportOptions {
  init(_ settings: Settings) {
    let server = settings.server
    self.init(
      caFile: server.caFile, caPath: server.caPath, isInsecure: server.isInsecure,
      proxy: server.proxy(for: server.address?.isSecure == true ? "https" : "http"), noProxy: server.noProxy,
      userAgent: "trackshim/\(Version.text)")
  }
}
