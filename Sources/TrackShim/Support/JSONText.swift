// JSON as W&B takes it: bare NaN, Infinity and -Infinity are numbers, too.

extension [UInt8] {
  /// Appends a JSON string literal. The bytes may be anything; ill-formed UTF-8 becomes U+FFFD.
  mutating func appendJSONString(_ bytes: UnsafeRawBufferPointer) {
    if appendShortJSONString(bytes) { return }
    append(UInt8(ascii: "\""))
    var runStart = 0
    var position = 0
    while position < bytes.count {
      let byte = bytes[position]
      if JSONEscape.isPlain(byte) {
        position &+= 1
        continue
      }
      let sequence = UTF8Text.sequence(bytes, at: position)
      if byte >= 0x80, sequence.isValid {
        position &+= sequence.length
        continue
      }
      append(contentsOf: bytes.part(runStart, position))
      if byte < 0x80 { appendJSONEscape(byte) } else { appendReplacementCharacter() }
      position &+= sequence.length
      runStart = position
    }
    append(contentsOf: bytes.part(runStart, bytes.count))
    append(UInt8(ascii: "\""))
  }

  mutating func appendJSONString(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { appendJSONString($0) }
  }

  mutating func appendJSONString(_ text: String) {
    var text = text
    text.withUTF8 { appendJSONString(UnsafeRawBufferPointer($0)) }
  }

  /// Names, rows and console lines are like this, and many: ASCII, of which nothing needs an escape but quotes and
  /// backslashes. False, and nothing is appended, where it is not.
  private mutating func appendShortJSONString(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard bytes.count <= JSONEscape.shortLength else { return false }
    let start = count
    var isWhole = true
    append(size: 2 &* bytes.count &+ 2) { literal in
      literal.append(UInt8(ascii: "\""))
      for byte in bytes {
        if !JSONEscape.isPlain(byte) {
          guard byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else {
            isWhole = false
            return
          }
          literal.append(UInt8(ascii: "\\"))
        }
        literal.append(byte)
      }
      literal.append(UInt8(ascii: "\""))
    }
    if !isWhole { removeLast(count &- start) }
    return isWhole
  }

  private mutating func appendJSONEscape(_ byte: UInt8) {
    append(UInt8(ascii: "\\"))
    if let short = JSONEscape.short(byte) {
      append(short)
      return
    }
    append(contentsOf: "u00".utf8)
    append(JSONEscape.hexDigit(byte &>> 4))
    append(JSONEscape.hexDigit(byte & 15))
  }
}

private enum JSONEscape {
  static let shortLength = 4_096

  @inline(__always)
  static func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte < 0x80 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
  }

  static func short(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): byte
    case 0x08: UInt8(ascii: "b")
    case 0x09: UInt8(ascii: "t")
    case 0x0A: UInt8(ascii: "n")
    case 0x0C: UInt8(ascii: "f")
    case 0x0D: UInt8(ascii: "r")
    default: nil
    }
  }

  static func hexDigit(_ nibble: UInt8) -> UInt8 {
    nibble < 10 ? UInt8(ascii: "0") &+ nibble : UInt8(ascii: "a") &+ (nibble &- 10)
  }
}
