/// How the W&B server is reached.
struct ServerSettings {
  /// nil when what was given is no address; then nothing is sent.
  var address: ServerAddress? = ServerAddress()
  /// Seconds between requests, at least.
  var uploadInterval = 2.0
  /// Bytes a second, at most, of the files that are saved with the run; 0: as fast as it goes.
  var uploadRate = 0
  /// Seconds for one attempt of a GraphQL request.
  var httpTimeout = 30.0
  var isInsecure = false
  /// Certificates that are trusted in place of the system's; empty for the system's.
  var caFile = ""
  var caPath = ""
  /// Hosts that are reached without a proxy, as libcurl reads it.
  var noProxy = ""
  private var proxies: [String: String] = [:]
  private var anyProxy = ""

  init() {}

  init(from reader: inout SettingsReader) {
    address = reader.address()
    uploadInterval = reader.seconds("TRACKSHIM_UPLOAD_INTERVAL", within: 0.1...3600, default: uploadInterval)
    uploadRate = reader.uploadRate()
    httpTimeout = reader.seconds(
      "WANDB_HTTP_TIMEOUT", key: "x_graphql_timeout_seconds", within: 1...3600, default: httpTimeout)
    isInsecure = reader.flag("WANDB_INSECURE_DISABLE_SSL", key: "insecure_disable_ssl")
    (caFile, caPath) = reader.certificates()
    readProxies(&reader)
  }

  /// The variables as libcurl takes them, which may not ask for them itself: the host may be changing its
  /// environment. "" for none.
  func proxy(for scheme: String) -> String { proxies[scheme] ?? anyProxy }

  private mutating func readProxies(_ reader: inout SettingsReader) {
    // W&B's own settings come first, and HTTP_PROXY is none, see environment.c.
    let names = ["http": ["http_proxy"], "https": ["https_proxy", "HTTPS_PROXY"]]
    for (scheme, names) in names {
      let own = reader.find("WANDB_\(scheme.uppercased())_PROXY", twin: nil, key: "\(scheme)_proxy")?.value
      proxies[scheme] = own ?? reader.firstVariable(names)
    }
    anyProxy = reader.firstVariable(["all_proxy", "ALL_PROXY"]) ?? ""
    noProxy = reader.firstVariable(["no_proxy", "NO_PROXY"]) ?? ""
  }
}

extension SettingsReader {
  func firstVariable(_ names: [String]) -> String? {
    names.lazy.compactMap { source.variable($0) }.first { !$0.isEmpty }
  }

  fileprivate mutating func address() -> ServerAddress? {
    let base = find("TRACKSHIM_BASE_URL", twin: "WANDB_BASE_URL", key: "base_url")
    let app = find("TRACKSHIM_APP_URL", twin: "WANDB_APP_URL", key: "app_url_override")
    var address: ServerAddress?
    do {
      address = try ServerAddress(base: base?.value ?? ServerAddress.standardBase)
    } catch {
      complain(base?.name ?? "", base?.value.withoutUser ?? "", accepted: error.accepted, used: "offline")
    }
    guard let app else { return address }
    do {
      let moved = try ServerAddress(base: address?.base ?? ServerAddress.standardBase, app: app.value)
      if address != nil { address = moved }
    } catch {
      complain(app.name, app.value.withoutUser, accepted: error.accepted, used: address?.app ?? "none")
    }
    return address
  }

  /// A folder is taken for one wherever it is named.
  fileprivate func certificates() -> (file: String, folder: String) {
    let folder = firstVariable(["SSL_CERT_DIR"]).map { source.absolute($0) } ?? ""
    guard let named = firstVariable(["CURL_CA_BUNDLE", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"]) else {
      return ("", folder)
    }
    let path = source.absolute(named)
    return Files.isDirectory(path) ? ("", path) : (path, folder)
  }

  mutating func resume() -> ResumeMode? {
    guard let found = find("TRACKSHIM_RESUME", twin: "WANDB_RESUME", key: "resume") else { return nil }
    if let mode = ResumeMode(rawValue: found.value.lowercased()) { return mode }
    complain(found.name, found.value, accepted: "allow, must, never, auto", used: "none")
    return nil
  }

  mutating func stopPolicy() -> Settings.StopPolicy {
    guard let found = find("TRACKSHIM_STOP", twin: nil, key: nil) else { return .interrupt }
    if let policy = Settings.StopPolicy(rawValue: found.value.lowercased()) { return policy }
    complain(found.name, found.value, accepted: "interrupt, ignore", used: "interrupt")
    return .interrupt
  }
}
