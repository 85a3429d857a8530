/// A repository's commits and trees, found where git keeps them: one in a file, or many in a pack.
///
/// What is found has the name that it was asked by, so a mistake here makes it missing and never another one.
struct GitObjects {
  /// `objects`, and where `info/alternates` has others.
  private let folders: [String]

  /// Larger commits and trees are not read.
  static let largest = 64 << 10
  /// Git makes chains of 50 differences, in former times of 250.
  private static let longestChain = 256
  private static let mostPacks = 64
  private static let mostFolders = 8

  init(in repository: GitFacts.Repository) {
    var folders = [repository.shared("objects")]
    var next = 0
    while next < folders.count, folders.count < Self.mostFolders {
      let folder = folders[next]
      next &+= 1
      let lines = (try? Files.read(folder.path(adding: "info/alternates"))) ?? []
      for line in lines.split(separator: Control.lineFeed) where line.first != UInt8(ascii: "#") {
        folders.append(GitFacts.absolute(Array(line).asText, from: folder))
      }
    }
    self.folders = Array(folders.prefix(Self.mostFolders))
  }

  /// Of the commit's first line.
  func tree(ofCommit id: [UInt8], _ budget: GitBudget) -> [UInt8]? {
    guard let commit = content(of: id, .commit, budget), commit.starts(with: "tree ".utf8) else { return nil }
    return GitObject.id(digits: commit.dropFirst("tree ".utf8.count).prefix { $0 != Control.lineFeed })
  }

  func content(of id: [UInt8], _ kind: GitKind, _ budget: GitBudget) -> [UInt8]? {
    for folder in folders {
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
      if let offset = pack.offset(of: id) { return Self.content(at: offset, kind, in: pack, budget) }
    }
    return nil
  }

  private static func content(at start: UInt64, _ kind: GitKind, in pack: GitPack, _ budget: GitBudget) -> [UInt8]? {
    var deltas: [[UInt8]] = []
    var offset = start
    while deltas.count <= longestChain, !budget.isLate, let entry = pack.entry(at: offset, limit: largest) {
      switch entry.base {
      case .whole:
        guard entry.kind == kind.rawValue else { return nil }
        return resolve(deltas, onto: entry.content)
      case .at(let before): offset = before
      case .named(let id):
        guard let place = pack.offset(of: id) else { return nil }
        offset = place
      }
      deltas.append(entry.content)
    }
    return nil
  }

  private static func resolve(_ deltas: [[UInt8]], onto base: [UInt8]) -> [UInt8]? {
    var content = base
    for delta in deltas.reversed() {
      guard let next = GitDelta.apply(delta, to: content, limit: largest) else { return nil }
      content = next
    }
    return content
  }
}
