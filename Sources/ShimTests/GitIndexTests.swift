import Testing

@testable import TrackShim

/// Makes an index as git does, so that each of its bytes can be another.
struct IndexBytes {
  var version: UInt32 = 2
  var count: UInt32?
  var entries: [(path: String, mode: UInt32, flags: UInt16, more: UInt16?)] = []
  var extensions: [(name: String, content: [UInt8])] = []
  /// Times, device, inode, mode, owner and size of every entry, but for the mode.
  var fields: [UInt32] = [1, 2, 3, 4, 5, 6, 0, 8, 9, 10]

  static func number(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }

  mutating func add(_ path: String, mode: UInt32 = 0o100644, flags: UInt16 = 0, more: UInt16? = nil) {
    entries.append((path, mode, flags, more))
  }

  var all: [UInt8] {
    var bytes = Array("DIRC".utf8) + Self.number(version) + Self.number(count ?? UInt32(entries.count))
    var previous: [UInt8] = []
    for entry in entries {
      let start = bytes.count, path = Array(entry.path.utf8)
      var fields = fields
      fields[6] = entry.mode
      bytes += fields.flatMap(Self.number)
      bytes += [UInt8](repeating: UInt8(truncatingIfNeeded: start), count: 20)
      let flags = entry.flags | (entry.more == nil ? 0 : 0x4000) | UInt16(min(path.count, 0xFFF))
      bytes += [UInt8(flags >> 8), UInt8(flags & 0xFF)]
      if let more = entry.more { bytes += [UInt8(more >> 8), UInt8(more & 0xFF)] }
      if version == 4 {
        let common = zip(path, previous).prefix { $0 == $1 }.count
        // Of two bytes where it takes them: 128 is 0x80 0x00.
        let dropped = previous.count - common
        bytes += dropped < 128 ? [UInt8(dropped)] : [0x80 | UInt8((dropped - 128) >> 7), UInt8((dropped - 128) & 0x7F)]
        bytes += path.dropFirst(common) + [0]
      } else {
        bytes += path
        bytes += [UInt8](repeating: 0, count: 8 - (bytes.count - start) % 8)
      }
      previous = path
    }
    for part in extensions { bytes += Array(part.name.utf8) + Self.number(UInt32(part.content.count)) + part.content }
    return bytes + [UInt8](repeating: 0xEE, count: 20)
  }
}

@Suite struct GitIndexTests {
  private static func paths(_ bytes: [UInt8]) -> [String]? {
    guard let index = GitIndex(bytes) else { return nil }
    var reader = index.entries
    var paths: [String] = []
    while reader.next() != nil { paths.append(reader.path.asText) }
    return paths
  }

  private static let names = [
    "a", "a.b", "a/b", "a/bcdefgh", "a/c/d", "long/" + String(repeating: "x", count: 300), "z",
  ]

  private static func index(_ version: UInt32) -> IndexBytes {
    var made = IndexBytes()
    made.version = version
    for name in names { made.add(name) }
    return made
  }

  @Test(arguments: [2, 3, 4] as [UInt32]) func eachVersion(_ version: UInt32) {
    let bytes = Self.index(version).all
    #expect(Self.paths(bytes) == Self.names)
    for count in 0..<bytes.count { #expect(GitIndex(Array(bytes.prefix(count))) == nil, "\(count) bytes of it") }
  }

  @Test func whatAnEntrySays() throws {
    var made = IndexBytes()
    made.version = 3
    made.add("a", mode: 0o100755, flags: 0x8000)
    made.add("b", flags: 0, more: 0x4000)
    made.add("c", flags: 0, more: 0x2000)
    let index = try #require(GitIndex(made.all))
    var reader = index.entries
    let found = [reader.next(), reader.next(), reader.next()]
    let first = try #require(found[0]), second = try #require(found[1]), third = try #require(found[2])
    #expect([first.changed, first.changedNanoseconds, first.modified, first.modifiedNanoseconds] == [1, 2, 3, 4])
    #expect([first.inode, first.mode, first.user, first.group, first.size] == [6, 0o100755, 8, 9, 10])
    #expect(first.isAssumedUnchanged && !first.isSkipped && !first.isIntended)
    #expect(!second.isAssumedUnchanged && second.isSkipped && !second.isIntended)
    #expect(third.isIntended && !third.isSkipped)
    #expect(Array(index.id(of: first)) == [UInt8](repeating: 12, count: 20))
    #expect(!index.hasConflict)
  }

  @Test func aConflict() {
    var made = IndexBytes()
    for side in 1...3 as ClosedRange<UInt16> { made.add("a", flags: side << 12) }
    #expect(GitIndex(made.all)?.hasConflict == true)
    made.add("a", flags: 0x3000)
    #expect(GitIndex(made.all) == nil)
  }

  @Test(
    arguments: [
      "", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "a/./b", ".git", "a/.git", ".GIT/config", "a/.Git/x",
      String(repeating: "a", count: 4097),
    ])
  func aPathThatLeadsElsewhere(_ path: String) {
    var made = IndexBytes()
    made.add(path)
    #expect(GitIndex(made.all) == nil)
  }

  @Test(arguments: ["...", ".gi", ".gitt", ".gitignore", "a..b", "..a", "é", "a\\b", ".git.x"])
  func aPathThatDoesNot(_ path: String) {
    var made = IndexBytes()
    made.add(path)
    #expect(Self.paths(made.all) == [path])
  }

  @Test func whatIsNotUnderstood() {
    func changed(_ change: (inout IndexBytes) -> Void) -> GitIndex? {
      var made = Self.index(2)
      change(&made)
      return GitIndex(made.all)
    }
    #expect(changed { _ in } != nil)
    #expect(changed { $0.version = 1 } == nil && changed { $0.version = 5 } == nil)
    #expect(changed { $0.count = 6 } == nil && changed { $0.count = 8 } == nil && changed { $0.count = .max } == nil)
    #expect(changed { $0.entries.swapAt(1, 2) } == nil && changed { $0.entries.append($0.entries[6]) } == nil)
    // A submodule is; a folder, a FIFO and what groups may write to are not.
    #expect(changed { $0.entries[0].mode = 0o160000 } != nil)
    for mode in [0, 0o40000, 0o10644, 0o100664] as [UInt32] {
      #expect(changed { $0.entries[0].mode = mode } == nil)
    }
    // Version 2 has no further flags, and no version has those that are for later.
    #expect(changed { $0.entries[0].more = 0x4000 } == nil)
    for more in [0x8000, 0x1000, 1] as [UInt16] {
      #expect(
        changed {
          $0.version = 3; $0.entries[0].more = more
        } == nil)
    }
    // Extensions that may be passed over, and those that may not.
    #expect(changed { $0.extensions = [("UNTR", [1, 2, 3]), ("ABCD", [])] } != nil)
    for name in ["link", "sdir", "abcd", "1BCD"] { #expect(changed { $0.extensions = [(name, [])] } == nil) }
  }

  @Test func theTreeThatGitHasMade() {
    let id = [UInt8](repeating: 7, count: 20)
    func tree(_ text: String, _ rest: [UInt8]) -> [UInt8]? {
      var made = Self.index(2)
      made.extensions = [("TREE", Array(text.utf8) + rest)]
      return GitIndex(made.all)?.tree
    }
    #expect(tree("\u{0}7 2\n", id) == id)
    #expect(tree("\u{0}7 2\n", id + Array("a\u{0}-1 0\n".utf8)) == id)
    #expect(tree("\u{0}-1 2\n", id) == nil && tree("\u{0}6 2\n", id) == nil && tree("a\u{0}7 2\n", id) == nil)
    #expect(tree("\u{0}7 2\n", Array(id.dropLast())) == nil && tree("", []) == nil && tree("\u{0}7 2", id) == nil)
  }

  @Test func tooManyEntries() {
    var made = IndexBytes()
    made.count = UInt32(GitIndex.mostEntries + 1)
    for number in 0...GitIndex.mostEntries { made.add(String(number + 100_000)) }
    #expect(GitIndex(made.all) == nil)
    made.entries.removeLast()
    made.count = nil
    #expect(GitIndex(made.all)?.count == GitIndex.mostEntries)
  }

  @Test func brokenOnesAreRead() {
    var random = SplitMix(seed: 5)
    var understood = 0
    for round in 0..<3_000 {
      var bytes = Self.index(UInt32(2 + round % 3)).all
      for _ in 0...random.below(3) { bytes[random.below(bytes.count)] = random.bytes(1)[0] }
      guard let index = GitIndex(bytes) else { continue }
      understood += 1
      #expect(GitTreeBuilder.root(of: index)?.count == 20)
    }
    #expect(understood > 300 && understood < 2_900)
  }
}
