/// Feeds the bytes of one unfinished line to a `ScreenLine`: puts UTF-8 and escape sequences
/// together, and does what the control characters say.
struct TerminalLine {
  private(set) var screen = ScreenLine()
  private var text = UTF8Sequence()
  private var escape = EscapeSequence()

  var isDisturbed: Bool {
    get { screen.isDisturbed }
    set { screen.isDisturbed = newValue }
  }

  mutating func begin(lost: Int) {
    screen.reset(lost: lost)
    text.clear()
    escape.clear()
  }

  /// Any byte but a line feed.
  mutating func take(_ byte: UInt8) {
    if !escape.isEmpty, continuesEscape(byte) { return }
    switch byte {
    case Control.carriageReturn:
      writeUnfinishedText()
      screen.carriageReturn()
    case Control.backspace:
      writeUnfinishedText()
      screen.backspace()
    case Control.escape:
      writeUnfinishedText()
      escape.begin()
    default: takeText(byte)
    }
  }

  /// The line is over: what is still unfinished never will be finished.
  mutating func end() {
    writeUnfinishedText()
    escape.clear()
  }

  private mutating func takeText(_ byte: UInt8) {
    if byte < 0x80 {
      writeUnfinishedText()
      return screen.write(UInt32(byte), length: 1)
    }
    if !text.take(byte) {
      writeUnfinishedText()
      guard text.take(byte) else { return screen.write(UInt32(byte), length: 1) }
    }
    guard text.isComplete else { return }
    screen.write(text.bytes, length: text.count)
    text.clear()
  }

  /// Bytes that turned out to be no UTF-8: a cell each.
  private mutating func writeUnfinishedText() {
    guard !text.isEmpty else { return }
    var bytes = text.bytes
    for _ in 0..<text.count {
      screen.write(bytes & 0xFF, length: 1)
      bytes &>>= 8
    }
    text.clear()
  }

  /// False when the byte is not a part of the sequence; the sequence is then dropped.
  private mutating func continuesEscape(_ byte: UInt8) -> Bool {
    if byte == Control.escape, escape.takesEscape() { return true }
    if escape.isClosingString, byte != 0x5C { escape.begin() }
    switch escape.take(byte) {
    case .more: return true
    case .complete: screen.attach(escape.bytes)
    case .eraseInLine(0): screen.eraseToEnd()
    case .eraseInLine(1): screen.eraseFromStart()
    case .eraseInLine: screen.eraseAll()
    case .broken: return false
    }
    return true
  }
}
