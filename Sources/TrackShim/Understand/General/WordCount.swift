/// How many words a line has.
struct WordCount {
  /// Of letters.
  private(set) var words = 0
  /// Quotes or links are there: words may be text that belongs to no number.
  private(set) var hasText = false

  func isText(besideNumbers numbers: Int) -> Bool { !hasText && words > numbers &* 7 &+ 4 }

  /// Where words begin, and quotes: sixteen bytes at a time, each beside the one before it.
  // bounded: loads end within the line
  init(_ line: UnsafeRawBufferPointer) {
    var index = 1
    var quotes = SixteenBytes.none
    // Of each of the sixteen places, up to 255.
    var counts = SIMD16<UInt8>(repeating: 0)
    var rounds: UInt8 = 0
    while index &+ 16 <= line.count {
      let bytes = SixteenBytes.load(line, index), before = SixteenBytes.load(line, index &- 1)
      let letters = SixteenBytes.letters(before)
      // Letters right behind digits are no word of their own.
      SixteenBytes.letters(bytes).without(letters).without(.digits(before)).count(in: &counts)
      rounds &+= 1
      if rounds == .max {
        words &+= Int(SIMD16<UInt16>(truncatingIfNeeded: counts).wrappedSum())
        counts = SIMD16(repeating: 0)
        rounds = 0
      }
      quotes.add(.equal(bytes, 0x22))
      quotes.add(.equal(bytes, 0x3D))
      quotes.add(.equal(bytes, 0x7B))
      quotes.add(SixteenBytes.equal(bytes, 0x27).without(letters))
      index &+= 16
    }
    words &+= Int(SIMD16<UInt16>(truncatingIfNeeded: counts).wrappedSum())
    hasText = !quotes.isEmpty
    if let first = line.first { takeByte(first, behind: 0x20) }
    while index < line.count {
      takeByte(line[index], behind: line[index &- 1])
      index &+= 1
    }
  }

  private mutating func takeByte(_ byte: UInt8, behind before: UInt8) {
    if byte.isLetter, !before.isLetter, !before.isDigit { words &+= 1 }
    if byte == 0x22 || byte == 0x3D || byte == 0x7B || byte == 0x27 && !before.isLetter { hasText = true }
  }
}
