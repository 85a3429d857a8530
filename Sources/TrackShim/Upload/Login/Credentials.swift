/// Where a key for a server is looked for; first hit wins: WANDB_API_KEY, the netrc file, the settings files.
enum Credentials {
  /// Why there is no key to use. The text names the cause and the remedy, never what was found.
  enum Problem: Error, Equatable {
    case missing(machine: String)
    case malformed(place: String, APIKey.Problem)
    case empty(machine: String, path: String)
    case brokenFile(path: String, line: Int)
    case tokenFile
    case keyAndTokenFile

    var text: String {
      switch self {
      case .missing(let machine):
        "there is no API key for \(machine.printable); `wandb login` or WANDB_API_KEY gives one"
      case .malformed(let place, let why): "the API key of \(place.printable) cannot be one: \(why.text)"
      case .empty(let machine, let path): "\(path.printable) has an entry for \(machine.printable) without an API key"
      case .brokenFile(let path, let line):
        "\(path.printable) cannot be understood at line \(line), so no API key was found; WANDB_API_KEY gives one"
      case .tokenFile: "WANDB_IDENTITY_TOKEN_FILE is not supported; WANDB_API_KEY or `wandb login` gives a key"
      case .keyAndTokenFile: "both WANDB_API_KEY and WANDB_IDENTITY_TOKEN_FILE are set; only one may be"
      }
    }
  }

  static func find(for server: ServerAddress, in source: SettingsSource) throws(Problem) -> APIKey {
    if let key = source.apiKey(), !key.text.isEmpty || key.isTooLong {
      guard !source.hasTokenFile else { throw .keyAndTokenFile }
      guard !key.isTooLong else { throw .malformed(place: "WANDB_API_KEY", .tooLong) }
      return try checked(key.text, of: "WANDB_API_KEY")
    }
    guard !source.hasTokenFile else { throw .tokenFile }
    if let key = try inNetrc(server, source) { return key }
    if let key = inSettingsFile(source) { return try checked(key, of: "the settings file") }
    throw .missing(machine: server.netloc)
  }

  private static func checked(_ text: String, of place: String) throws(Problem) -> APIKey {
    do { return try APIKey(text) } catch { throw .malformed(place: place, error) }
  }

  private static func inNetrc(_ server: ServerAddress, _ source: SettingsSource) throws(Problem) -> APIKey? {
    guard let file = netrcFile(source) else { return nil }
    let netrc: Netrc
    do { netrc = try Netrc(file.text) } catch { throw .brokenFile(path: file.path, line: error.line) }
    // `default` is what is left when neither name has an entry of its own.
    let names = server.netlocs
    guard let password = names.lazy.compactMap({ netrc.ownPassword(for: $0) }).first ?? netrc.defaultPassword else {
      return nil
    }
    guard !password.isEmpty else { throw .empty(machine: server.netloc, path: file.path) }
    return try checked(password, of: file.path)
  }

  private static func netrcFile(_ source: SettingsSource) -> (path: String, text: String)? {
    for path in netrcPaths(source) {
      let text = source.file(path)
      if !text.isEmpty { return (path, text) }
    }
    return nil
  }

  static func netrcPaths(_ source: SettingsSource) -> [String] {
    let home = source.variable("HOME") ?? ""
    if let named = source.variable("NETRC"), !named.isEmpty {
      if named.hasPrefix("~/"), !home.isEmpty { return [home.path(adding: String(named.dropFirst(2)))] }
      return [source.absolute(named)]
    }
    return home.isEmpty ? [] : [home.path(adding: ".netrc"), home.path(adding: "_netrc")]
  }

  private static func inSettingsFile(_ source: SettingsSource) -> String? {
    var reader = SettingsReader(source: source)
    reader.readFiles(parent: reader.directory())
    return reader.fileValue("api_key")
  }
}
