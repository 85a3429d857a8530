import CTrackShim

/// Commit, branch and remote of the repository around a folder, read from its files: running git would start a process in
/// somebody's training.
///
/// Not followed: `include` in the config, the user's and the system's config, repositories with reftables (no
/// commit is found there), GIT_DIR and its like, which the official client ignores too.
enum GitFacts {
  /// Folders up to the root; nobody nests deeper.
  private static let folders = 128
  /// A ref may stand for another one.
  private static let links = 5
  private static let fileLimit = 1 << 20
  private static let packedLimit = 64 << 20

  struct Repository {
    /// HEAD and the index are here.
    let folder: String
    /// The rest is here; another one for a worktree of `git worktree add`.
    let common: String
    /// Where `.git` lies.
    let workTree: String
  }

  static func find(from directory: String) -> GitRecord? {
    guard let repository = repository(around: directory) else { return nil }
    var record = GitRecord()
    record.commit = commit(in: repository)
    let config = (try? Files.read(repository.common.path(adding: "config"), limit: fileLimit)) ?? []
    record.remoteURL = GitConfig.originURL(in: config).flatMap(GitRemote.harmless) ?? ""
    return record.commit.isEmpty && record.remoteURL.isEmpty ? nil : record
  }

  /// "" where a commit is checked out and no branch.
  static func branch(from directory: String) -> String {
    guard let repository = repository(around: directory) else { return "" }
    let head = firstLine(of: repository.folder.path(adding: "HEAD"))
    guard head.hasPrefix("ref:") else { return "" }
    let name = String(head.dropFirst("ref:".count)).trimmed
    let prefix = "refs/heads/"
    return isReference(name) && name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : ""
  }

  // MARK: The repository

  static func repository(around directory: String) -> Repository? {
    guard directory.hasPrefix("/") else { return nil }
    var folder = Substring(directory)
    for _ in 0..<folders {
      while folder.hasSuffix("/") { folder.removeLast() }
      if let repository = repository(in: String(folder)) { return repository }
      guard let slash = folder.utf8.lastIndex(of: UInt8(ascii: "/")) else { return nil }
      folder = folder[..<slash]
    }
    return nil
  }

  static func repository(in folder: String) -> Repository? {
    let dot = folder + "/.git"
    var found = dot
    if !Files.isDirectory(dot) {
      guard Files.exists(dot) else { return nil }
      let text = firstLine(of: dot)
      guard text.hasPrefix("gitdir:") else { return nil }
      found = absolute(String(text.dropFirst("gitdir:".count)).trimmed, from: folder)
    }
    guard Files.exists(found + "/HEAD") else { return nil }
    let common = firstLine(of: found + "/commondir")
    return Repository(
      folder: found, common: common.isEmpty ? found : absolute(common, from: found), workTree: folder)
  }

  static func absolute(_ path: String, from folder: String) -> String {
    path.hasPrefix("/") ? path : folder.path(adding: path)
  }

  @inline(never)
  private static func firstLine(of path: String) -> String {
    let bytes = (try? Files.read(path, limit: 8192)) ?? []
    return Array(bytes.prefix { $0 != UInt8(ascii: "\n") }).asText.trimmed
  }

  // MARK: The commit

  /// "" on a branch without commits.
  static func commit(in repository: Repository) -> String {
    var value = firstLine(of: repository.folder.path(adding: "HEAD"))
    for _ in 0..<links {
      if isCommit(value) { return value }
      guard value.hasPrefix("ref:") else { return "" }
      let name = String(value.dropFirst("ref:".count)).trimmed
      guard isReference(name) else { return "" }
      value = loose(name, in: repository) ?? packed(name, in: repository) ?? ""
    }
    return ""
  }

  private static func isCommit(_ text: String) -> Bool {
    [40, 64].contains(text.utf8.count)
      && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
  }

  /// A name out of a file that anybody may have written must not lead out of the repository.
  private static func isReference(_ name: String) -> Bool {
    name.hasPrefix("refs/") && name.utf8.count < 1024
      && name.utf8.split(separator: UInt8(ascii: "/")).allSatisfy { !$0.elementsEqual("..".utf8) }
  }

  static func loose(_ name: String, in repository: Repository) -> String? {
    for path in [repository.folder.path(adding: name), repository.common.path(adding: name)] {
      let value = firstLine(of: path)
      if !value.isEmpty { return value }
    }
    return nil
  }

  /// Lines of `<commit> <name>`; there may be a hundred thousand, so the file is read in parts.
  static func packed(_ name: String, in repository: Repository) -> String? {
    let file = tsi_open(repository.common.path(adding: "packed-refs"), 0, 0)
    guard file >= 0 else { return nil }
    defer { _ = tsi_close(file) }
    let wanted = Array(" \(name)".utf8)
    var left: [UInt8] = []
    var offset: UInt64 = 0
    while offset < packedLimit {
      let part = Files.read(file, at: offset, size: 65_536)
      if part.isEmpty { break }
      offset &+= UInt64(part.count)
      left += part
      let end = left.lastIndex(of: UInt8(ascii: "\n")).map { $0 &+ 1 } ?? 0
      if let commit = left.withUnsafeBytes({ commit(named: wanted, inLines: $0.part(0, end)) }) { return commit }
      left.removeFirst(end)
      // No line of git's is that long.
      if left.count > fileLimit { return nil }
    }
    return left.withUnsafeBytes { commit(named: wanted, inLines: $0) }
  }

  private static func commit(named wanted: [UInt8], inLines lines: UnsafeRawBufferPointer) -> String? {
    var start = 0
    while start < lines.count {
      let end = lines.part(start, lines.count).first(UInt8(ascii: "\n")).map { start &+ $0 } ?? lines.count
      let line = lines.part(start, end)
      start = end &+ 1
      let size = line.count &- wanted.count
      guard size == 40 || size == 64, line.part(size, line.count).elementsEqual(wanted) else { continue }
      let commit = Array(line.part(0, size)).asText
      if isCommit(commit) { return commit }
    }
    return nil
  }
}
