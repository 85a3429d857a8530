/// A file that git keeps, as `.git/index` has it: what it was when git last looked, and the name of its contents.
struct GitIndexEntry {
  var changed: UInt32 = 0
  var changedNanoseconds: UInt32 = 0
  var modified: UInt32 = 0
  var modifiedNanoseconds: UInt32 = 0
  var inode: UInt32 = 0
  var mode: UInt32 = 0
  var user: UInt32 = 0
  var group: UInt32 = 0
  /// 0 also where git wants the contents to be looked at.
  var size: UInt32 = 0
  /// Where its name stands in the index.
  var idAt = 0
  /// Not 0 for one side of a conflict.
  var stage: UInt8 = 0
  var isAssumedUnchanged = false
  /// Not in the work tree: of a sparse checkout.
  var isSkipped = false
  /// `git add --intent-to-add`: it has no contents yet.
  var isIntended = false

  static let file: UInt32 = 0o100644
  static let executable: UInt32 = 0o100755
  static let link: UInt32 = 0o120000
  static let repository: UInt32 = 0o160000

  var hasKnownMode: Bool { [Self.file, Self.executable, Self.link, Self.repository].contains(mode) }
}

/// Goes through an index's entries once, in the order of their paths; stops at the first that is not as git writes it.
struct GitIndexReader {
  private let bytes: [UInt8]
  private let version: UInt32
  private let end: Int
  private var left: Int
  /// Behind the entry that was last read.
  private(set) var position: Int
  /// Of the entry that was last read, without a NUL.
  private(set) var path: [UInt8] = []
  private var previous: [UInt8] = []
  private var previousStage: UInt8?
  private(set) var isBroken = false

  /// No path of Linux is longer.
  private static let longestPath = 4096
  private static let fixedSize = 62

  init(_ bytes: [UInt8], version: UInt32, count: Int, from position: Int, to end: Int) {
    self.bytes = bytes
    self.version = version
    self.position = position
    self.end = end
    left = count
  }

  mutating func next() -> GitIndexEntry? {
    guard left > 0, !isBroken else { return nil }
    left &-= 1
    guard let entry = read() else {
      isBroken = true
      return nil
    }
    return entry
  }

  private mutating func read() -> GitIndexEntry? {
    let start = position
    guard start >= 0, start &+ Self.fixedSize < end, end <= bytes.count else { return nil }
    var entry = fields(at: start)
    let flags = UInt16(truncatingIfNeeded: bytes.gitNumber(at: start &+ 58))
    entry.stage = UInt8(truncatingIfNeeded: flags &>> 12 & 3)
    entry.isAssumedUnchanged = flags & 0x8000 != 0
    position = start &+ Self.fixedSize
    if flags & 0x4000 != 0 {
      let more = bytes.gitNumber(at: position &- 2) & 0xFFFF
      // Other bits mean something that is not known here.
      guard version >= 3, more & 0x9FFF == 0 else { return nil }
      entry.isSkipped = more & 0x4000 != 0
      entry.isIntended = more & 0x2000 != 0
      position &+= 2
    }
    guard entry.hasKnownMode, readPath(length: Int(flags & 0xFFF), stage: entry.stage) else { return nil }
    if version < 4 {
      // One to eight NULs, so that the next begins at a multiple of eight.
      position = start &+ (position &- start &+ 7) & ~7
    }
    return position <= end ? entry : nil
  }

  private func fields(at start: Int) -> GitIndexEntry {
    var entry = GitIndexEntry()
    entry.changed = bytes.gitNumber(at: start)
    entry.changedNanoseconds = bytes.gitNumber(at: start &+ 4)
    entry.modified = bytes.gitNumber(at: start &+ 8)
    entry.modifiedNanoseconds = bytes.gitNumber(at: start &+ 12)
    entry.inode = bytes.gitNumber(at: start &+ 20)
    entry.mode = bytes.gitNumber(at: start &+ 24)
    entry.user = bytes.gitNumber(at: start &+ 28)
    entry.group = bytes.gitNumber(at: start &+ 32)
    entry.size = bytes.gitNumber(at: start &+ 36)
    entry.idAt = start &+ 40
    return entry
  }

  // MARK: The path

  private mutating func readPath(length: Int, stage: UInt8) -> Bool {
    swap(&previous, &path)
    path.removeAll(keepingCapacity: true)
    if version == 4 {
      guard let dropped = number(), dropped <= previous.count else { return false }
      path.append(contentsOf: previous.dropLast(dropped))
    }
    // bounded: `position` was tested against `end`, and that against the count
    guard position < end, let stop = bytes[position..<end].firstIndex(of: 0) else { return false }
    path.append(contentsOf: bytes[position..<stop])
    position = stop &+ 1
    guard path.count <= Self.longestPath, min(path.count, 0xFFF) == length, Self.isInside(path) else { return false }
    defer { previousStage = stage }
    guard let previousStage else { return true }
    return previous.lexicographicallyPrecedes(path) || previous == path && previousStage < stage
  }

  /// As pack files have them: seven bits a byte, highest first, one added for each further byte.
  private mutating func number() -> Int? {
    var value = 0
    for turn in 0..<4 {
      guard position < end, position < bytes.count else { return nil }
      let byte = bytes[position]
      position &+= 1
      value = value &<< 7 | Int(byte & 0x7F)
      if byte & 0x80 == 0 { return value }
      if turn < 3 { value &+= 1 }
    }
    return nil
  }

  /// What git refuses as well: a path that leads out of the work tree, or into `.git`.
  private static func isInside(_ path: [UInt8]) -> Bool {
    // A name's letters in a row, of which five are too many to be one of those.
    var name: UInt64 = 0
    for byte in path {
      if byte != UInt8(ascii: "/") {
        name = min(name, 1 &<< 40) &<< 8 | UInt64(clamping: byte.lowercasedASCII)
      } else {
        guard isName(name) else { return false }
        name = 0
      }
    }
    return isName(name)
  }

  /// Not "", ".", ".." or ".git".
  private static func isName(_ letters: UInt64) -> Bool {
    letters != 0 && letters != 0x2E && letters != 0x2E2E && letters != 0x2E67_6974
  }
}
