/// A UTF-8 sequence that is arriving byte by byte.
struct UTF8Sequence {
  private(set) var bytes: UInt32 = 0
  private(set) var count = 0
  private var length = 0

  var isEmpty: Bool { count == 0 }
  var isComplete: Bool { count > 0 && count == length }

  /// False when `byte` cannot begin or continue the sequence; nothing is changed then.
  mutating func take(_ byte: UInt8) -> Bool {
    if count == 0 {
      length = Self.length(lead: byte)
      guard length > 0 else { return false }
      bytes = UInt32(byte)
      count = 1
      return true
    }
    guard count < length, accepts(byte) else { return false }
    bytes |= UInt32(byte) &<< UInt32(truncatingIfNeeded: 8 &* count)
    count &+= 1
    return true
  }

  mutating func clear() {
    bytes = 0
    count = 0
  }

  /// How many bytes at the end of `text` begin a sequence that is not complete yet: 0 to 3.
  static func unfinished(at text: UnsafeRawBufferPointer) -> Int {
    for back in 1...3 where back <= text.count {
      let start = text.count &- back
      guard text[start] >= 0xC0 else { continue }
      var sequence = UTF8Sequence()
      for index in start..<text.count { guard sequence.take(text[index]) else { return 0 } }
      return sequence.isComplete ? 0 : back
    }
    return 0
  }

  /// How many characters a reader sees in `text`; a byte that belongs to none counts as one.
  static func characters(in text: UnsafeRawBufferPointer) -> Int {
    var count = 0
    var sequence = UTF8Sequence()
    for byte in text {
      if !sequence.take(byte) {
        count &+= sequence.count
        sequence.clear()
        if !sequence.take(byte) { count &+= 1 }
      }
      guard sequence.isComplete else { continue }
      count &+= 1
      sequence.clear()
    }
    return count &+ sequence.count
  }

  private static func length(lead: UInt8) -> Int {
    switch lead {
    case 0..<0x80: 1
    case 0xC2...0xDF: 2
    case 0xE0...0xEF: 3
    case 0xF0...0xF4: 4
    default: 0
    }
  }

  /// The second byte of some leads is restricted: overlong forms, surrogates, above U+10FFFF.
  private func accepts(_ byte: UInt8) -> Bool {
    guard byte & 0xC0 == 0x80 else { return false }
    guard count == 1 else { return true }
    switch UInt8(truncatingIfNeeded: bytes) {
    case 0xE0: return byte >= 0xA0
    case 0xED: return byte < 0xA0
    case 0xF0: return byte >= 0x90
    case 0xF4: return byte < 0x90
    default: return true
    }
  }
}
