/// A line without the escape sequences that colour it.
struct PlainText {
  private var text: [UInt8] = []
  private var sequence = EscapeSequence()

  /// `body` gets the line itself where there are none, and nothing where one stands inside a number: nobody printed
  /// what would be left.
  mutating func of<Result>(
    _ line: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Result
  ) -> Result {
    guard line.contains(Control.escape) else { return body(line) }
    strip(line)
    return text.withUnsafeBytes(body)
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
      if isBehindSequence, let last = text.last, Self.isOfNumber(last), Self.isOfNumber(byte) {
        return text.removeAll(keepingCapacity: true)
      }
      isBehindSequence = false
      text.append(byte)
    }
  }

  private static func isOfNumber(_ byte: UInt8) -> Bool {
    byte.isDigit || byte == 0x2E || byte == 0x2D || byte == 0x2B || byte == 0x2C
  }
}
