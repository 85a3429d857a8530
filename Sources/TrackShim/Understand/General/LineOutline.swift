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
  private static let mostDigits = 40

  private(set) var hash: UInt64 = 0
  private(set) var runs: [Run] = []
  /// It holds for other lines.
  private(set) var isGood = false

  // bounded: `index` and `end` are within the line
  mutating func read(_ line: UnsafeRawBufferPointer) {
    if !runs.isEmpty { runs.removeAll(keepingCapacity: true) }
    isGood = line.count <= Self.longest
    hash = 0
    var index = 0
    while index < line.count {
      let start = EightBytes.nextDigit(in: line, from: index)
      takeText(line, index, start)
      guard start < line.count else { break }
      var end = start &+ 1
      while end < line.count, line[end].isDigit { end &+= 1 }
      takeDigits(line, start, end, start > 0 ? line[start &- 1] : 0x20)
      index = end
    }
    hash ^= hash >> 29
    isGood = isGood && runs.count <= Self.mostRuns && !runs.isEmpty
  }

  /// What stands between two runs of digits, or before the first, eight bytes at a time.
  private mutating func takeText(_ line: UnsafeRawBufferPointer, _ start: Int, _ end: Int) {
    var index = start
    while index < end {
      hash = (hash ^ EightBytes.load(line, index, end)) &* 0x9E37_79B9_7F4A_7C15
      hash ^= hash >> 32
      index &+= 8
    }
    hash = (hash ^ UInt64(truncatingIfNeeded: end &- start)) &* 0x9E37_79B9_7F4A_7C15
  }

  /// A number stands by itself from `start` on and before `end`.
  // bounded: runs are of the line
  func hasNumberApart(_ line: UnsafeRawBufferPointer, from start: Int, to end: Int) -> Bool {
    runs.contains { run in
      run.end > start && run.start < end && Self.isApart(line, run.start, from: start)
    }
  }

  /// The same of all numbers of a line.
  static func hasNumberApart(_ line: UnsafeRawBufferPointer) -> Bool {
    var start = EightBytes.nextDigit(in: line, from: 0)
    while start < line.count {
      if isApart(line, start, from: 0) { return true }
      start = EightBytes.nextDigit(in: line, from: EightBytes.endOfDigits(in: line, from: start))
    }
    return false
  }

  // bounded: `before` is from `start` on
  private static func isApart(_ line: UnsafeRawBufferPointer, _ number: Int, from start: Int) -> Bool {
    var before = number &- 1
    // `mAP50-95`
    while before >= start, line[before] == 0x2D { before &-= 1 }
    guard before >= start, before < line.count else { return true }
    let byte = line[before]
    return !(byte.isLetter || byte.isDigit || byte == 0x5F || byte == 0x40 || byte == 0x2F)
  }

  /// Takes on the outline that is known, if the line has it: the same but for the digits of its numbers. The hash is no
  /// proof of that; every byte is compared.
  // bounded: what is compared is within both
  mutating func take(_ known: KnownOutline, _ line: UnsafeRawBufferPointer) -> Bool {
    guard line.count <= Self.longest else { return false }
    isGood = false
    guard isWholly(known, line) || takeRuns(of: known, line) else { return false }
    hash = known.outline.hash
    isGood = true
    return true
  }

  /// Digits stand where they stand in the sample, as in most lines: sixteen bytes at a time.
  // bounded: all have as many bytes as the line, and each load ends within them
  private mutating func isWholly(_ known: KnownOutline, _ line: UnsafeRawBufferPointer) -> Bool {
    guard line.count >= 16, line.count == known.sample.count, known.free.count == line.count else { return false }
    let isSame = known.sample.withUnsafeBytes { sample in
      known.free.withUnsafeBytes { free in
        let last = line.count &- 16
        var index = 0
        while true {
          let bytes = SixteenBytes.load(line, index), free = SixteenBytes.load(free, index)
          guard SixteenBytes.areSame(bytes, SixteenBytes.load(sample, index), orDigitsIn: free) else { return false }
          if index == last { return true }
          index = min(index &+ 16, last)
        }
      }
    }
    guard isSame else { return false }
    for run in known.counted where run.kind != Self.kind(line, run.start, run.end) { return false }
    runs = known.outline.runs
    return true
  }

  // bounded: what is compared is within both
  private mutating func takeRuns(of known: KnownOutline, _ line: UnsafeRawBufferPointer) -> Bool {
    if !runs.isEmpty { runs.removeAll(keepingCapacity: true) }
    return known.sample.withUnsafeBytes { sample in
      var old = 0, new = 0
      for run in known.outline.runs {
        let start = new &+ (run.start &- old)
        guard start < line.count, EightBytes.areSame(sample, old, line, new, count: run.start &- old) else {
          return false
        }
        let end = EightBytes.endOfDigits(in: line, from: start)
        guard end > start, end &- start <= Self.mostDigits,
          run.kind == 0 || run.kind == Self.kind(line, start, end)
        else { return false }
        runs.append(Run(start: start, end: end, kind: run.kind))
        old = run.end
        new = end
      }
      let rest = sample.count &- old
      return rest == line.count &- new && EightBytes.areSame(sample, old, line, new, count: rest)
    }
  }

  /// What is known of digits that stand beside what makes groups, times and dates of them.
  // bounded: the digits stand within the line
  private static func kind(_ line: UnsafeRawBufferPointer, _ start: Int, _ end: Int) -> UInt8 {
    UInt8(truncatingIfNeeded: min(end &- start, 15)) | (line[start] == 0x30 ? 0x10 : 0)
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
    // A fraction in front of a comma is as it is, whatever its digits.
    if Self.counts(before) || Self.counts(after) && !(before == .point && after == .comma) {
      kind = Self.kind(line, start, end)
      // `1.25:30`: more than these digits makes a time of it, or none.
      if after == 0x3A, before == .point { isGood = false }
    }
    if end &- start > Self.mostDigits { isGood = false }
    hash = (hash ^ UInt64(0x100 | UInt64(kind))) &* 0x9E37_79B9_7F4A_7C15
    runs.append(Run(start: start, end: end, kind: kind))
  }

  private static func counts(_ byte: UInt8) -> Bool { byte == 0x2C || byte == 0x3A || byte == 0x2F }
}
