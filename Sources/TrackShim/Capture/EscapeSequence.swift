/// An escape sequence that is arriving byte by byte (ECMA-48): `ESC [ … final`, `ESC ] … BEL`,
/// strings that end with `ESC \`, and the short ones.
struct EscapeSequence {
  enum Outcome {
    case more
    /// All of `bytes` is a sequence that moves nothing on its line.
    case complete
    /// `ESC [ K` and relatives: erase in line, with the parameter 0, 1 or 2.
    case eraseInLine(Int)
    /// The byte does not continue the sequence, which is thereby dropped, as terminals do.
    case broken
  }

  private enum State { case none, escape, control, short, string, stringEscape }

  /// Titles and links are shorter. What is longer is no sequence, but text after a stray ESC.
  private static let longest = 4_096

  private(set) var bytes: [UInt8] = []
  private var state = State.none

  var isEmpty: Bool { state == .none }

  mutating func begin() {
    bytes.removeAll(keepingCapacity: true)
    bytes.append(Control.escape)
    state = .escape
  }

  mutating func clear() {
    bytes.removeAll(keepingCapacity: true)
    state = .none
  }

  mutating func take(_ byte: UInt8) -> Outcome {
    guard bytes.count < Self.longest else { return drop() }
    bytes.append(byte)
    switch state {
    case .none: return drop()
    case .escape: return second(byte)
    case .control:
      if byte >= 0x20, byte < 0x40 { return .more }
      return byte >= 0x40 && byte < 0x7F ? controlEnds(byte) : drop()
    case .short:
      if byte >= 0x20, byte < 0x30 { return .more }
      return byte >= 0x30 && byte < 0x7F ? end() : drop()
    case .string:
      if byte == 0x07 { return end() }
      return byte >= 0x20 ? .more : drop()
    case .stringEscape:
      return byte == 0x5C ? end() : drop()
    }
  }

  /// A string may be closed by `ESC \`; every other sequence ends where a new ESC comes.
  mutating func takesEscape() -> Bool {
    guard state == .string, bytes.count < Self.longest else { return false }
    bytes.append(Control.escape)
    state = .stringEscape
    return true
  }

  /// The ESC that was thought to close a string begins a sequence of its own.
  var isClosingString: Bool { state == .stringEscape }

  private mutating func second(_ byte: UInt8) -> Outcome {
    switch byte {
    case 0x5B: state = .control
    case 0x5D, 0x50, 0x58, 0x5E, 0x5F: state = .string
    case 0x20..<0x30: state = .short
    case 0x30..<0x7F: return end()
    default: return drop()
    }
    return .more
  }

  private mutating func controlEnds(_ final: UInt8) -> Outcome {
    guard final == 0x4B, let parameter = eraseParameter else { return end() }
    clear()
    return .eraseInLine(parameter)
  }

  private var eraseParameter: Int? {
    switch bytes.count {
    case 3: 0
    case 4 where bytes[2] >= 0x30 && bytes[2] <= 0x32: Int(bytes[2] &- 0x30)
    default: nil
    }
  }

  private mutating func end() -> Outcome {
    state = .none
    return .complete
  }

  private mutating func drop() -> Outcome {
    clear()
    return .broken
  }
}
