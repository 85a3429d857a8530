/// What kinds of bytes a line has: most lines of most programs need no more than this.
struct LineMarks {
  /// A digit, or a word that begins as `nan` and `inf` do.
  private(set) var hasNumber = false
  /// `nan` or `inf` may be there.
  private(set) var hasWordNumber = false
  private(set) var hasDigit = false
  private(set) var hasEscape = false
  /// The first byte of what tables and bars are drawn with.
  private(set) var hasDrawing = false

  // bounded: each load ends within the line
  init(_ line: UnsafeRawBufferPointer) {
    var digits: UInt64 = 0, escapes: UInt64 = 0, drawings: UInt64 = 0
    var index = 0
    while index &+ 10 <= line.count {
      let bytes = line.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      let second = line.loadUnaligned(fromByteOffset: index &+ 1, as: UInt64.self)
      let third = line.loadUnaligned(fromByteOffset: index &+ 2, as: UInt64.self)
      digits |= EightBytes.digits(bytes)
      escapes |= EightBytes.equal(bytes, EightBytes.escape)
      drawings |= EightBytes.equal(bytes, EightBytes.drawing)
      let words = EightBytes.words(bytes | EightBytes.small, second | EightBytes.small, third | EightBytes.small)
      if words != 0, !hasWordNumber { hasWordNumber = Self.hasWord(line, from: index, to: index &+ 8) }
      index &+= 8
    }
    hasDigit = digits != 0
    hasEscape = escapes != 0
    hasDrawing = drawings != 0
    for byte in line.part(index, line.count) {
      if byte.isDigit { hasDigit = true }
      if byte == Control.escape { hasEscape = true }
      if byte == 0xE2 { hasDrawing = true }
    }
    hasWordNumber = hasWordNumber || Self.hasWord(line, from: index, to: line.count)
    hasNumber = hasDigit || hasWordNumber
  }

  /// `nan` or `inf` at a word's beginning, which is from `start` on and before `end`.
  // bounded: three bytes are there
  private static func hasWord(_ line: UnsafeRawBufferPointer, from start: Int, to end: Int) -> Bool {
    var index = start
    while index < end, index &+ 2 < line.count {
      defer { index &+= 1 }
      let first = line[index] | 0x20, middle = line[index &+ 1] | 0x20, last = line[index &+ 2] | 0x20
      let isNaN = first == 0x6E && middle == 0x61 && last == 0x6E
      let isInfinity = first == 0x69 && middle == 0x6E && last == 0x66
      guard isNaN || isInfinity, index == 0 || !line[index &- 1].isLetter else { continue }
      // `info`, `name`s that go on are none; `infinity` is one.
      if index &+ 3 < line.count, line[index &+ 3].isLetter, isNaN || line[index &+ 3] | 0x20 != 0x69 { continue }
      return true
    }
    return false
  }
}
