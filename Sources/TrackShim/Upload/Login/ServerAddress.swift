/// A W&B server: where requests go and where people look.
///
///     base  https://api.wandb.ai    GraphQL and file_stream
///     app   https://wandb.ai        the dashboard, for the link that is shown
struct ServerAddress: Equatable, Sendable {
  /// Why a text is no server address, in the words of a note about what is accepted.
  enum Problem: Error, Equatable {
    case notAnAddress, hasUser, notTheAPI, insecure

    var accepted: String {
      switch self {
      case .notAnAddress: "http:// or https:// and a host, with a path at most"
      case .hasUser: "an address without user and password"
      case .notTheAPI: "\(ServerAddress.standardBase), or the address of another server"
      case .insecure: "\(ServerAddress.standardBase), as http is not secure there"
      }
    }
  }

  static let standardBase = "https://api.wandb.ai"

  /// Neither ends with a slash.
  let base: String
  let app: String

  /// The public server.
  init() {
    base = Self.standardBase
    app = Self.appAddress(of: Self.standardBase)
  }

  /// `app` is where the dashboard is, when that does not follow from the base.
  init(base: String, app: String = "") throws(Problem) {
    try Self.check(base)
    if !app.isEmpty { try Self.checkForm(app) }
    self.base = ForgeAddress.direct(base.withoutEndSlashes)
    self.app = app.isEmpty ? Self.appAddress(of: self.base) : app.withoutEndSlashes
  }

  /// What stands between `//` and the path, and names a machine in the netrc file: with its port.
  var netloc: String { URLParts(base)?.authority ?? "" }

  /// The names under which a key for this server may lie; the first one that is there counts.
  var netlocs: [String] { [netloc] + ForgeAddress.otherNames(of: netloc) }

  var isSecure: Bool { URLParts(base)?.scheme == "https" }

  var graphQL: String { base + "/graphql" }

  func fileStream(entity: String, project: String, run: String) -> String {
    "\(base)/files/\(entity.percentEncoded)/\(project.percentEncoded)/\(run.percentEncoded)/file_stream"
  }

  func page(entity: String, project: String, run: String) -> String {
    "\(app)/\(entity.percentEncoded)/\(project.percentEncoded)/runs/\(run.percentEncoded)"
  }

  // MARK: Checks

  private static func check(_ base: String) throws(Problem) {
    try checkForm(base)
    guard let parts = URLParts(base), parts.host.hasSuffix("wandb.ai") else { return }
    // The dashboard's address is what people have before their eyes.
    guard parts.host.split(separator: ".").contains(where: { $0.hasSuffix("api") }) else { throw .notTheAPI }
    guard parts.scheme == "https" else { throw .insecure }
  }

  private static func checkForm(_ text: String) throws(Problem) {
    guard let parts = URLParts(text), ["http", "https"].contains(parts.scheme), text.utf8.count <= 2048 else {
      throw .notAnAddress
    }
    guard parts.user.isEmpty else { throw .hasUser }
    guard !parts.host.isEmpty, parts.hasUsablePort, text.utf8.allSatisfy(isInAddress) else { throw .notAnAddress }
  }

  /// Printed ASCII but for what libcurl, proxies and servers do not agree on, and but for queries and fragments.
  private static func isInAddress(_ byte: UInt8) -> Bool {
    (0x21...0x7E).contains(byte) && !"\"<>\\^`{|}?#".utf8.contains(byte)
  }

  private static func appAddress(of base: String) -> String {
    if let app = ForgeAddress.app(of: base) { return app }
    guard let parts = URLParts(base), parts.authority.hasPrefix("api.") else { return base }
    let name = parts.authority.dropFirst("api.".count)
    let isPublic = name.hasPrefix("wandb.") && !name.hasPrefix("wandb.test")
    return "\(parts.scheme)://\(isPublic ? "" : "app.")\(name)\(parts.rest)"
  }
}

/// The public server has a second name since client 0.31, under which that client's `wandb login` keeps the key
/// unless told otherwise.
enum ForgeAddress {
  private static let apis = [
    "forge.coreweave.com": "api.wandb.ai",
    "qa.forge.coreweave.com": "api.qa.wandb.ai",
  ]

  /// The API behind the dashboard's own path to it.
  static func direct(_ base: String) -> String {
    guard let parts = URLParts(base), apis[parts.authority] != nil, parts.rest == "/api/wandb" else { return base }
    return "https://api.\(parts.authority)"
  }

  static func otherNames(of netloc: String) -> [String] {
    for (forge, api) in apis {
      if netloc == "api.\(forge)" { return [api] }
      if netloc == api { return ["api.\(forge)"] }
    }
    return []
  }

  static func app(of base: String) -> String? {
    guard let host = URLParts(base)?.host, host.hasPrefix("api.") else { return nil }
    let forge = String(host.dropFirst("api.".count))
    return apis[forge] == nil ? nil : "https://\(forge)/wandb"
  }
}

extension String {
  fileprivate var withoutEndSlashes: String {
    var text = Substring(self)
    while text.hasSuffix("/") { text.removeLast() }
    return String(text)
  }
}
