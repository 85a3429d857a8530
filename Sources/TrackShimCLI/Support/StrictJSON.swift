import TrackShim

/// JSON that every reader takes: NaN and the infinities, which W&B's journals hold as bare words, become
/// the strings "NaN", "Infinity" and "-Infinity".
enum StrictJSON {
  static func string(_ text: String) -> String {
    var literal = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": literal += "\\\""
      case "\\": literal += "\\\\"
      case "\n": literal += "\\n"
      case "\t": literal += "\\t"
      default:
        literal += shown(scalar)
      }
    }
    return literal + "\""
  }

  /// Somebody may read the document on a terminal: what that would obey or hide is told by its number.
  fileprivate static func shown(_ scalar: Unicode.Scalar) -> String {
    guard !scalar.isHarmless else { return String(scalar) }
    return String(scalar).utf16.map { unit in
      let digits = String(unit, radix: 16)
      return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }.joined()
  }

  static func number(_ value: Double) -> String {
    if value.isNaN { return "\"NaN\"" }
    if value.isInfinite { return value < 0 ? "\"-Infinity\"" : "\"Infinity\"" }
    let text = value.description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// A value out of a journal. What is no JSON at all becomes a string.
  static func value(_ journalText: String) -> String {
    var copier = JSONCopier(Array(journalText.utf8))
    return copier.copy() ?? string(journalText)
  }
}

/// Checks one JSON text and copies it, mending what W&B's dialect has more than JSON.
private struct JSONCopier {
  /// Deeper nests than this are taken for nonsense: the copier calls itself for each level.
  private static let depthLimit = 200

  private let bytes: [UInt8]
  private var position = 0
  private var copied: [UInt8] = []

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func copy() -> String? {
    guard value(depth: 0) else { return nil }
    skipBlanks()
    guard position == bytes.count else { return nil }
    // Outside of strings nothing is hidden.
    return String(decoding: copied, as: UTF8.self).unicodeScalars.map(StrictJSON.shown).joined()
  }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipBlanks() {
    while let byte = next, byte == 0x20 || (0x09...0x0D).contains(byte) { position += 1 }
  }

  private mutating func take(_ byte: Character) -> Bool {
    guard next == byte.asciiValue else { return false }
    copied.append(bytes[position])
    position += 1
    return true
  }

  private mutating func value(depth: Int) -> Bool {
    skipBlanks()
    switch next {
    case UInt8(ascii: "{"): return list(to: "}", depth: depth, hasKeys: true)
    case UInt8(ascii: "["): return list(to: "]", depth: depth, hasKeys: false)
    case UInt8(ascii: "\""): return string()
    default: return word()
    }
  }

  private mutating func list(to end: Character, depth: Int, hasKeys: Bool) -> Bool {
    guard depth < Self.depthLimit else { return false }
    copied.append(bytes[position])
    position += 1
    skipBlanks()
    if take(end) { return true }
    repeat {
      if hasKeys, !key() { return false }
      guard value(depth: depth + 1) else { return false }
      skipBlanks()
    } while take(",")
    return take(end)
  }

  private mutating func key() -> Bool {
    skipBlanks()
    guard string() else { return false }
    skipBlanks()
    return take(":")
  }

  private mutating func string() -> Bool {
    guard take("\"") else { return false }
    while let byte = next {
      copied.append(byte)
      position += 1
      if byte == UInt8(ascii: "\"") { return true }
      if byte < 0x20 { return false }
      if byte == UInt8(ascii: "\\") {
        guard let escaped = next else { return false }
        copied.append(escaped)
        position += 1
      }
    }
    return false
  }

  /// A number, a literal, or one of the words that are no JSON.
  private mutating func word() -> Bool {
    let start = position
    while let byte = next, !",]}".utf8.contains(byte), byte > 0x20 { position += 1 }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    switch text {
    case "true", "false", "null": copied += text.utf8
    case "NaN", "Infinity", "-Infinity": copied += "\"\(text)\"".utf8
    default:
      guard Self.isNumber(text) else { return false }
      copied += text.utf8
    }
    return true
  }

  private static func isNumber(_ text: String) -> Bool {
    var rest = Substring(text)
    if rest.first == "-" { rest.removeFirst() }
    let whole = takeDigits(&rest)
    guard whole > 0, whole == 1 || !text.drop(while: { $0 == "-" }).hasPrefix("0") else { return false }
    if rest.first == "." {
      rest.removeFirst()
      guard takeDigits(&rest) > 0 else { return false }
    }
    if rest.first == "e" || rest.first == "E" {
      rest.removeFirst()
      if rest.first == "+" || rest.first == "-" { rest.removeFirst() }
      guard takeDigits(&rest) > 0 else { return false }
    }
    return rest.isEmpty
  }

  private static func takeDigits(_ text: inout Substring) -> Int {
    let digits = text.prefix { ("0"..."9").contains($0) }
    text = text.dropFirst(digits.count)
    return digits.count
  }
}
