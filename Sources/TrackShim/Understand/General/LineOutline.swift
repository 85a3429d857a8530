/// A line without the digits of its numbers: lines that a program prints again and again differ in nothing else, so
/// that what was found out about one of them holds for all.
///
/// Digits belong to the outline where they decide how it is read: in words (`top5`), and by their count beside what
/// makes groups, times and dates of them (`84,000`, `12:30`).
struct LineOutline {
  struct Run: Equatable {
    var start: Int
    var end: Int
    /// What the outline knows of its digits.
    var kind: UInt8
  }

  private static let longest = 1_024
  private static let mostRuns = 64

  private(set) var hash: UInt64 = 0
  private(set) var runs: [Run] = []
  /// Words of letters.
  private(set) var words = 0
  /// Quotes or links are there: words may be text that belongs to no number.
  private(set) var hasText = false
  /// It holds for other lines.
  private(set) var isGood = false

  // bounded: `index` and `end` are within the line
  mutating func read(_ line: UnsafeRawBufferPointer) {
    runs.removeAll(keepingCapacity: true)
    words = 0
    hasText = false
    isGood = line.count <= Self.longest
    hash = 0
    var index = 0
    var before: UInt8 = 0x20
    while index < line.count {
      let byte = line[index]
      if byte.isDigit {
        var end = index &+ 1
        while end < line.count, line[end].isDigit { end &+= 1 }
        takeDigits(line, index, end, before)
        before = 0x30
        index = end
        continue
      }
      if byte.isLetter {
        if !before.isLetter, before != 0x30 { words &+= 1 }
      } else if byte == 0x22 || byte == 0x3D || byte == 0x7B || (byte == 0x27 && !before.isLetter) {
        hasText = true
      }
      hash = (hash ^ UInt64(byte)) &* 0x9E37_79B9_7F4A_7C15
      before = byte
      index &+= 1
    }
    hash ^= hash >> 29
    isGood = isGood && runs.count <= Self.mostRuns && !runs.isEmpty
  }

  // bounded: the digits stand within the line, and what is beside them is looked at only where it is there
  private mutating func takeDigits(_ line: UnsafeRawBufferPointer, _ start: Int, _ end: Int, _ before: UInt8) {
    let isInWord =
      before.isLetter || before == 0x5F || before == 0x40
      || (before == 0x2D && start > 1 && (line[start &- 2].isLetter || line[start &- 2].isDigit))
    if isInWord {
      for index in start..<max(start, end) { hash = (hash ^ UInt64(line[index])) &* 0x9E37_79B9_7F4A_7C15 }
      return
    }
    let after = end < line.count ? line[end] : 0x20
    var kind: UInt8 = 0
    if Self.counts(before) || Self.counts(after) {
      kind = UInt8(truncatingIfNeeded: min(end &- start, 15)) | (line[start] == 0x30 ? 0x10 : 0)
      // `1.25:30`: more than these digits makes a time of it, or none.
      if after == 0x3A, before == .point { isGood = false }
    }
    if end &- start > 40 { isGood = false }
    hash = (hash ^ UInt64(0x100 | UInt64(kind))) &* 0x9E37_79B9_7F4A_7C15
    runs.append(Run(start: start, end: end, kind: kind))
  }

  private static func counts(_ byte: UInt8) -> Bool { byte == 0x2C || byte == 0x3A || byte == 0x2F }
}
