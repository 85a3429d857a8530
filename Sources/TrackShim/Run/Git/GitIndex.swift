import CTrackShim

/// `.git/index` (gitformat-index(5)), versions 2 to 4 with names of SHA-1: what would be in the next commit.
///
/// Nil where anything in it is not understood: entries that are elsewhere (`link`, a split index) or stand for whole
/// folders (`sdir`, a sparse one), and whatever is written to be understood or left alone.
final class GitIndex {
  /// A larger one is not read.
  static let largest = 8 << 20
  static let mostEntries = 20_000

  let count: Int
  /// One side of a conflict is among the entries.
  private(set) var hasConflict = false
  /// The tree of all entries, where git has left word of it (the extension `TREE`).
  private(set) var tree: [UInt8]?
  private let bytes: [UInt8]
  private let version: UInt32
  /// Behind the last entry, and before the checksum.
  private let end: Int

  private static let headerSize = 12

  init?(_ bytes: [UInt8]) {
    let (version, count) = (bytes.gitNumber(at: 4), Int(clamping: bytes.gitNumber(at: 8)))
    guard bytes.starts(with: "DIRC".utf8), (2...4).contains(version), count <= Self.mostEntries,
      bytes.count >= Self.headerSize &+ SHA1.size
    else { return nil }
    self.bytes = bytes
    self.version = version
    self.count = count
    end = bytes.count &- SHA1.size
    var reader = entries
    while let entry = reader.next() {
      if entry.stage != 0 { hasConflict = true }
    }
    guard !reader.isBroken, readExtensions(from: reader.position) else { return nil }
  }

  var entries: GitIndexReader {
    GitIndexReader(bytes, version: version, count: count, from: Self.headerSize, to: end)
  }

  func id(of entry: GitIndexEntry) -> ArraySlice<UInt8> { bytes.gitID(at: entry.idAt) ?? [] }

  /// Each is a name of four letters, a size, and what it says.
  private func readExtensions(from start: Int) -> Bool {
    var position = start
    while position < end {
      guard position &+ 8 <= end, position >= 0, position < bytes.count else { return false }
      let name = bytes.gitNumber(at: position), size = Int(clamping: bytes.gitNumber(at: position &+ 4))
      // Those that begin with a capital are there to be passed over by who does not know them.
      guard (0x41...0x5A).contains(bytes[position]), position &+ 8 &+ size <= end else { return false }
      if name == 0x5452_4545 { tree = root(at: position &+ 8, size: size) }
      position &+= 8 &+ size
    }
    return position == end
  }

  /// The first in it is the root: its name, which is empty, the number of entries below, -1 where the tree is not known,
  /// the number of folders, and the tree's name.
  private func root(at start: Int, size: Int) -> [UInt8]? {
    let most = bytes.dropFirst(start).prefix(min(size, 64))
    guard most.starts(with: [0] + String(count).utf8 + [0x20]), let line = most.firstIndex(of: Control.lineFeed),
      line &+ SHA1.size < start &+ size
    else { return nil }
    return bytes.gitID(at: line &+ 1).map { Array($0) }
  }
}
