/// What kinds of bytes a line has: most lines of most programs need no more than this.
struct LineMarks {
  /// A digit, or a word that begins as `nan` and `inf` do.
  private(set) var hasNumber = false
  /// `nan` or `inf` may be there.
  private(set) var hasWordNumber = false
  private(set) var hasDigit = false
  private(set) var hasEscape = false
  /// A vertical line of those that tables are drawn with.
  private(set) var hasDrawing = false

  /// No numbers, colours or lines.
  var isText: Bool { !hasNumber && !hasEscape && !hasDrawing }

  init(_ line: UnsafeRawBufferPointer) {
    var index = 0
    if line.count >= Self.span { index = takeSpans(line) }
    for byte in line.part(index, line.count) {
      if byte.isDigit { hasDigit = true }
      if byte == Control.escape { hasEscape = true }
      if byte == 0xE2 { hasDrawing = true }
    }
    hasWordNumber = hasWordNumber || Self.hasWord(line, from: index, to: line.count)
    hasNumber = hasDigit || hasWordNumber
    if hasDrawing { hasDrawing = PlainText.firstVertical(line) != nil }
  }

  /// Sixteen bytes, and the two behind them in which a word may go on.
  private static let span = 18

  /// All of the line but its last two bytes. Returns where they begin.
  // bounded: each load ends within the line, which has one span at least
  private mutating func takeSpans(_ line: UnsafeRawBufferPointer) -> Int {
    var digits = SixteenBytes.none, escapes = digits, drawings = digits
    let last = line.count &- Self.span
    var index = 0
    while true {
      let bytes = SixteenBytes.load(line, index)
      digits.add(.digits(bytes))
      escapes.add(.equal(bytes, Control.escape))
      drawings.add(.equal(bytes, 0xE2))
      let words = SixteenBytes.words(
        SixteenBytes.small(bytes), SixteenBytes.small(SixteenBytes.load(line, index &+ 1)),
        SixteenBytes.small(SixteenBytes.load(line, index &+ 2)))
      if !words.isEmpty, !hasWordNumber { hasWordNumber = Self.hasWord(line, from: index, to: index &+ 16) }
      if index == last { break }
      // The last span may have bytes of the one before it.
      index = min(index &+ 16, last)
    }
    hasDigit = !digits.isEmpty
    hasEscape = !escapes.isEmpty
    hasDrawing = !drawings.isEmpty
    return line.count &- 2
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
