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
    var digits: UInt64 = 0, escapes: UInt64 = 0, drawings: UInt64 = 0, words: UInt64 = 0
    var index = 0
    while index &+ 10 <= line.count {
      let bytes = line.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      let second = line.loadUnaligned(fromByteOffset: index &+ 1, as: UInt64.self)
      let third = line.loadUnaligned(fromByteOffset: index &+ 2, as: UInt64.self)
      digits |= EightBytes.digits(bytes)
      escapes |= EightBytes.equal(bytes, EightBytes.escape)
      drawings |= EightBytes.equal(bytes, EightBytes.drawing)
      words |= EightBytes.words(bytes | EightBytes.small, second | EightBytes.small, third | EightBytes.small)
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
    hasWordNumber = Self.hasWord(words != 0 ? line : line.part(max(0, index &- 1), line.count))
    hasNumber = hasDigit || hasWordNumber
  }

  /// `nan` or `inf` at a word's beginning.
  // bounded: three bytes are there
  private static func hasWord(_ line: UnsafeRawBufferPointer) -> Bool {
    guard line.count > 2 else { return false }
    for index in 0..<(line.count &- 2) {
      let first = line[index] | 0x20, middle = line[index &+ 1] | 0x20, last = line[index &+ 2] | 0x20
      let isNaN = first == 0x6E && middle == 0x61 && last == 0x6E
      let isInfinity = first == 0x69 && middle == 0x6E && last == 0x66
      guard isNaN || isInfinity, index == 0 || !line[index &- 1].isLetter else { continue }
      // `info`, `name`s that go on are none; `infinity` is one.
      if isInfinity, index &+ 3 < line.count, line[index &+ 3].isLetter, line[index &+ 3] | 0x20 != 0x69 { continue }
      if isNaN, index &+ 3 < line.count, line[index &+ 3].isLetter { continue }
      return true
    }
    return false
  }
}

/// Eight bytes looked at at once. What is found of a byte is its highest bit.
private enum EightBytes {
  static let escape = each(Control.escape)
  static let drawing = each(0xE2)
  /// Makes small letters of capitals.
  static let small = each(0x20)
  private static let low = each(0x7F)
  private static let high = each(0x80)
  private static let fromZero = each(0x50)
  private static let aboveNine = each(0x46)
  private static let n = each(0x6E), a = each(0x61), i = each(0x69), f = each(0x66)

  private static func each(_ byte: UInt8) -> UInt64 { UInt64(byte) &* 0x0101_0101_0101_0101 }

  @inline(__always) static func equal(_ bytes: UInt64, _ other: UInt64) -> UInt64 {
    let difference = bytes ^ other
    return ~(((difference & low) &+ low) | difference | low)
  }

  @inline(__always) static func digits(_ bytes: UInt64) -> UInt64 {
    let ascii = bytes & low
    return (ascii &+ fromZero) & ~(ascii &+ aboveNine) & ~bytes & high
  }

  /// `nan`, `inf`: of each place its byte and the two behind it.
  @inline(__always) static func words(_ first: UInt64, _ second: UInt64, _ third: UInt64) -> UInt64 {
    equal(first, n) & equal(second, a) & equal(third, n) | equal(first, i) & equal(second, n) & equal(third, f)
  }
}
