import CTrackShim

@testable import TrackShim

/// Git's own files, which whoever may write to a repository can make.
enum GitFuzz {
  static func run(_ bytes: [UInt8]) throws {
    var input = FuzzInput(bytes)
    switch input.byte() % 5 {
    case 0: try runIndex(input.all())
    case 1: try runInflate(input.all())
    case 2: try runPack(&input)
    case 3:
      let base = input.counted()
      let made = GitDelta.apply(input.all(), to: base, limit: 4096)
      try hold(made?.count ?? 0 <= 4096, "a difference of \(made?.count ?? 0) bytes")
    default: runText(&input)
    }
  }

  private static func runIndex(_ bytes: [UInt8]) throws {
    guard let index = GitIndex(bytes) else { return }
    var reader = index.entries
    var count = 0
    while let entry = reader.next() {
      count += 1
      let path = reader.path
      try hold(!path.isEmpty && path.first != 0x2F && !path.contains(0), "the path \(path)")
      let names = path.split(separator: 0x2F, omittingEmptySubsequences: false).map { Array($0).asText.lowercased() }
      try hold(names.allSatisfy { !["", ".", "..", ".git"].contains($0) }, "the path \(path.asText)")
      try hold(index.id(of: entry).count == 20, "an entry without a name")
    }
    try hold(count == index.count, "\(count) entries of \(index.count)")
    try hold(GitTreeBuilder.root(of: index)?.count ?? 20 == 20, "a tree without a name")
  }

  private static func runInflate(_ bytes: [UInt8]) throws {
    let whole = bytes.withUnsafeBytes { Inflate.zlib($0, limit: 65_536) }
    guard let whole else { return }
    try hold(whole.count <= 65_536, "\(whole.count) bytes")
    try hold(bytes.withUnsafeBytes { Inflate.zlib($0, limit: whole.count) } == whole, "another time others")
  }

  /// Where to look, an index of a pack, and the pack.
  private static func runPack(_ input: inout FuzzInput) throws {
    let id = input.take(20), offset = input.number(bytes: 2)
    let index = input.counted()
    FuzzFolder.write("p.idx", index)
    FuzzFolder.write("p.pack", input.all())
    guard let pack = GitPack(FuzzFolder.path.path(adding: "p.idx")) else { return }
    defer { pack.close() }
    let budget = GitBudget(milliseconds: 1_000)
    for place in [offset, pack.offset(of: id) ?? 0] {
      for kind in [GitKind.commit, .tree] {
        let content = pack.content(at: place, kind, limit: 4096, budget)
        try hold(content?.count ?? 0 <= 4096, "\(content?.count ?? 0) bytes")
      }
    }
  }

  /// Pieces: a config and attributes.
  private static func runText(_ input: inout FuzzInput) {
    let pieces = input.pieces() + [[], []]
    let folder = FuzzFolder.path
    FuzzFolder.write("config", pieces[0])
    FuzzFolder.write(".gitattributes", pieces[1])
    let repository = GitFacts.Repository(folder: folder, common: folder, workTree: folder)
    let settings = GitSettings(of: repository, home: folder, configHome: folder, system: folder)
    let attributes = GitAttributes(root: folder, files: settings.attributeFiles)
    _ = attributes.effect(on: Array("a/b.c".utf8))
  }
}
