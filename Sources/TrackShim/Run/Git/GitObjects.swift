/// A repository's commits and trees, found where git keeps them: one in a file, or many in a pack.
///
/// What is found has the name that it was asked by, so a mistake here makes it missing and never another one.
struct GitObjects {
  /// `objects`, and where `info/alternates` has others.
  private var folders: [String] = []

  /// Larger commits and trees are not read.
  static let largest = 64 << 10
  private static let mostPacks = 64
  private static let mostFolders = 8

  init(in repository: GitFacts.Repository) {
    folders.append(repository.common.path(adding: "objects"))
    var next = 0
    while next < folders.count, folders.count < Self.mostFolders {
      let folder = folders[next]
      next &+= 1
      for line in Files.text(folder.path(adding: "info/alternates")).split(whereSeparator: \.isNewline) {
        folders.append(GitFacts.absolute(String(line), from: folder))
      }
    }
  }

  /// Of the commit's first line.
  func tree(ofCommit id: [UInt8], _ budget: GitBudget) -> [UInt8]? {
    guard let commit = content(of: id, .commit, budget), commit.starts(with: "tree ".utf8) else { return nil }
    return GitObject.id(digits: Array(commit.dropFirst(5).prefix(40)))
  }

  func content(of id: [UInt8], _ kind: GitKind, _ budget: GitBudget) -> [UInt8]? {
    for folder in folders.prefix(Self.mostFolders) {
      guard let content = loose(id, kind, in: folder) ?? packed(id, kind, in: folder, budget) else { continue }
      return GitObject.id(of: content, kind.name) == id ? content : nil
    }
    return nil
  }

  // MARK: In a file

  private func loose(_ id: [UInt8], _ kind: GitKind, in folder: String) -> [UInt8]? {
    let name = id.hexadecimal
    let path = folder.path(adding: name.prefix(2) + "/" + name.dropFirst(2))
    guard let file = try? Files.read(path, limit: Self.largest &+ 1024) else { return nil }
    let whole = file.withUnsafeBytes { Inflate.zlib($0, limit: Self.largest) } ?? []
    guard let end = whole.firstIndex(of: 0) else { return nil }
    let content = Array(whole[(end &+ 1)...])
    return whole.starts(with: GitObject.header(kind.name, size: content.count)) ? content : nil
  }

  // MARK: In a pack

  private func packed(_ id: [UInt8], _ kind: GitKind, in folder: String, _ budget: GitBudget) -> [UInt8]? {
    let names = Files.list(folder.path(adding: "pack"))
    for name in names.filter({ $0.hasSuffix(".idx") }).prefix(Self.mostPacks) {
      guard let pack = GitPack(folder.path(adding: "pack/" + name)) else { continue }
      defer { pack.close() }
      if let offset = pack.offset(of: id) { return pack.content(at: offset, kind, limit: Self.largest, budget) }
    }
    return nil
  }
}
