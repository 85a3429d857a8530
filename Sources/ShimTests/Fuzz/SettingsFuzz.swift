import CTrackShim

@testable import TrackShim

/// Files and variables that people write by hand.
enum SettingsFuzz {
  /// Pieces: the local settings file, the user's, a netrc file, then `NAME=VALUE` each.
  static func run(_ bytes: [UInt8]) throws {
    var input = FuzzInput(bytes)
    let pieces = input.pieces().map(\.asText)
    var variables = ["HOME": "/home/u"]
    for piece in pieces.dropFirst(3) {
      guard let sign = piece.utf8.firstIndex(of: UInt8(ascii: "=")) else { continue }
      variables[String(piece[..<sign])] = String(piece[sign...].dropFirst())
    }
    let files = Array(pieces.prefix(3)) + ["", "", ""]
    var source = SettingsSource(
      variable: { variables[$0] }, startDirectory: "/start",
      file: { $0.hasSuffix("wandb/settings") ? $0.hasPrefix("/home/u/.config") ? files[1] : files[0] : files[2] })
    source.apiKey = { variables["WANDB_API_KEY"].map { ($0, $0.utf8.count > 1023) } }
    let settings = Settings(from: source)
    for complaint in settings.complaints {
      try hold(complaint.unicodeScalars.allSatisfy { $0.value >= 0x20 }, "control characters in a note")
    }
    try hold((0...3600).contains(settings.exitTimeout), "waits for \(settings.exitTimeout) s")
    try hold(settings.directory.hasPrefix("/"), "\(settings.directory) is not absolute")
    guard let address = settings.server.address else { return }
    _ = UploadPlan(settings, address: address, key: try APIKey(String(repeating: "0", count: 40)))
    _ = TransportOptions(settings)
    do throws(Credentials.Problem) {
      let header = try Credentials.find(for: address, in: source).authorization
      try? hold(header.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }, "a header of two lines")
    } catch {
      try hold(error.text.unicodeScalars.allSatisfy { $0.value >= 0x20 }, "control characters in a note")
    }
  }

  static func runNetrc(_ bytes: [UInt8]) throws {
    do throws(Netrc.Problem) {
      let netrc = try Netrc(bytes.asText)
      _ = netrc.ownPassword(for: "api.wandb.ai") ?? netrc.defaultPassword
    } catch {
      let lines = bytes.reduce(1) { $0 + ($1 == 0x0A ? 1 : 0) }
      try hold((1...lines).contains(error.line), "line \(error.line) of \(lines)")
    }
  }

  /// Pieces: config, HEAD, packed-refs, a loose ref.
  static func runGit(_ bytes: [UInt8]) throws {
    var input = FuzzInput(bytes)
    let pieces = input.pieces()
    let folder = FuzzFolder.path.path(adding: "git")
    for name in ["", "/refs", "/refs/heads"] { _ = tsi_mkdir(folder + name, 0o700) }
    let names = ["git/config", "git/HEAD", "git/packed-refs", "git/refs/heads/main"]
    for (name, bytes) in zip(names, pieces + [[], [], [], []]) { FuzzFolder.write(name, bytes) }
    // As a worktree has it: a file that names the folder.
    FuzzFolder.write(".git", Array("gitdir: git\n".utf8))
    let record = GitFacts.find(from: FuzzFolder.path)
    let commit = record?.commit ?? ""
    try hold(commit.isEmpty || commit.utf8.count == 40 || commit.utf8.count == 64, "the commit \(commit)")
    for url in [record?.remoteURL ?? "", GitRemote.harmless(pieces[0].asText) ?? ""] {
      try hold(url.utf8.allSatisfy { $0 >= 0x20 }, "control characters in \(url)")
      try hold(URLParts(url)?.user.isEmpty ?? true, "a user in \(url)")
    }
  }

  static func runAddress(_ bytes: [UInt8]) throws {
    var input = FuzzInput(bytes)
    let pieces = input.pieces().map(\.asText)
    let text = pieces[0]
    if let parts = URLParts(text) {
      let whole = "\(text.prefix(parts.scheme.count))://\(parts.user)\(parts.authority)\(parts.rest)"
      try hold(whole == text, "\(text) became \(whole)")
      _ = (parts.host, parts.hasUsablePort)
    }
    try hold(URLParts(text.withoutUser)?.user.isEmpty ?? true || text.withoutUser.contains("…@"), "a user is left")
    try hold(text.percentEncoded.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x2F }, text.percentEncoded)
    guard let address = try? ServerAddress(base: text, app: pieces.count > 1 ? pieces[1] : "") else { return }
    let urls = [address.graphQL, address.fileStream(entity: text, project: text, run: text), address.netloc]
    try hold(urls.allSatisfy { $0.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } }, "\(urls)")
    _ = (address.netlocs, address.isSecure, address.page(entity: "", project: "..", run: text))
  }

  static func runResume(_ bytes: [UInt8]) throws {
    _ = tsi_mkdir(FuzzFolder.path.path(adding: "run"), 0o700)
    _ = tsi_mkdir(FuzzFolder.path.path(adding: ".wandb"), 0o700)
    FuzzFolder.write(".wandb/wandb-resume.json", bytes)
    let file = ResumeFile(parent: FuzzFolder.path)
    guard let id = file.runID() else { return }
    try hold(!id.contains("/") && id.utf8.count <= 200, "\(id) is no id")
    try hold(file.write(id) && file.runID() == id, "\(id) is not read as it was written")
  }

  /// A moment of eight bytes, and a file of a time zone.
  static func runZone(_ bytes: [UInt8]) throws {
    var input = FuzzInput(bytes)
    let seconds = Int64(bitPattern: input.number(bytes: 8))
    let file = input.all()
    let stamp = LocalTime(zone: "Zone", at: seconds) { _ in file }.stamp(seconds)
    try hold(stamp.utf8.allSatisfy { $0.isDigit || $0 == UInt8(ascii: "_") }, stamp)
  }
}
