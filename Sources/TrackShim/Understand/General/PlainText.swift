/// A line as plain ASCII text would have it: without the escape sequences that colour it, and with bars for the vertical
/// lines that tables are drawn with.
struct PlainText {
  private var text: [UInt8] = []
  private var sequence = EscapeSequence()

  /// `body` gets the line itself where there are none, and nothing where one stands inside a number: nobody printed
  /// what would be left.
  mutating func of<Result>(
    _ line: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Result
  ) -> Result {
    let isColoured = line.first(Control.escape) != nil
    if isColoured { strip(line) }
    let first = isColoured ? text.withUnsafeBytes { Self.firstVertical($0) } : Self.firstVertical(line)
    guard let first else { return isColoured ? text.withUnsafeBytes(body) : body(line) }
    let coloured = isColoured ? text : Array(line)
    coloured.withUnsafeBytes { draw($0, from: first) }
    return text.withUnsafeBytes(body)
  }

  /// `│`, `┃`, `║`: tables are drawn with them, as others are with bars.
  static func firstVertical(_ line: UnsafeRawBufferPointer) -> Int? {
    guard let start = line.first(0xE2) else { return nil }
    return (start..<line.count).first { isVertical(line, $0) }
  }

  private static func isVertical(_ line: UnsafeRawBufferPointer, _ index: Int) -> Bool {
    guard index &+ 2 < line.count, line[index] == 0xE2 else { return false }
    let last = line[index &+ 2]
    return line[index &+ 1] == 0x94 ? last == 0x82 || last == 0x83 : line[index &+ 1] == 0x95 && last == 0x91
  }

  // bounded: a vertical has three bytes
  private mutating func draw(_ line: UnsafeRawBufferPointer, from first: Int) {
    text.removeAll(keepingCapacity: true)
    text.append(contentsOf: line.part(0, first))
    var index = first
    while index < line.count {
      let isVertical = Self.isVertical(line, index)
      text.append(isVertical ? 0x7C : line[index])
      index &+= isVertical ? 3 : 1
    }
  }

  private mutating func strip(_ line: UnsafeRawBufferPointer) {
    text.removeAll(keepingCapacity: true)
    sequence.clear()
    var isBehindSequence = false
    for byte in line {
      if byte == Control.escape {
        if !sequence.takesEscape() { sequence.begin() }
        isBehindSequence = true
        continue
      }
      if !sequence.isEmpty {
        switch sequence.take(byte) {
        case .more: continue
        case .complete, .eraseInLine:
          sequence.clear()
          continue
        case .broken: sequence.clear()
        }
      }
      if isBehindSequence, Self.isOfNumber(byte), endsInNumber {
        return text.removeAll(keepingCapacity: true)
      }
      isBehindSequence = false
      text.append(byte)
    }
  }

  /// Also in `3.4e`.
  private var endsInNumber: Bool {
    guard let last = text.last else { return false }
    guard last | 0x20 == 0x65 else { return Self.isOfNumber(last) }
    return text.dropLast().last.map { Self.isOfNumber($0) } == true
  }

  private static func isOfNumber(_ byte: UInt8) -> Bool {
    byte.isDigit || byte == 0x2E || byte == 0x2D || byte == 0x2B || byte == 0x2C
  }
}
