/// Single values of YAML.
enum YAMLScalar {
  /// A JSON number. YAML 1.1 takes it for text unless a number with an exponent has a point and the exponent a
  /// sign: `1e-07` becomes `1.0e-07`.
  static func number(_ text: String) -> [UInt8] {
    switch text {
    case "NaN": return Array(".nan".utf8)
    case "Infinity": return Array(".inf".utf8)
    case "-Infinity": return Array("-.inf".utf8)
    default: break
    }
    let bytes = Array(text.utf8)
    guard let exponent = bytes.firstIndex(where: { $0 | 0x20 == UInt8(ascii: "e") }) else { return bytes }
    var out = Array(bytes[..<exponent])
    if !out.contains(UInt8(ascii: ".")) { out.append(contentsOf: ".0".utf8) }
    out.append(UInt8(ascii: "e"))
    let power = bytes[exponent...].dropFirst()
    if power.first != UInt8(ascii: "-"), power.first != UInt8(ascii: "+") { out.append(UInt8(ascii: "+")) }
    out.append(contentsOf: power)
    return out
  }

  /// Text, in quotes unless every reader takes it for text without them.
  static func text(_ text: String) -> [UInt8] {
    let bytes = Array(text.utf8)
    return isPlain(bytes) && !isWord(text) ? bytes : quoted(text)
  }

  /// Letters first, so that it is no number and no date; then nothing that has a meaning in YAML.
  private static func isPlain(_ bytes: [UInt8]) -> Bool {
    guard let first = bytes.first, isLetter(first) || first == UInt8(ascii: "/"), bytes.last != 0x20 else {
      return false
    }
    return bytes.allSatisfy { isLetter($0) || $0.isDigit || $0 == 0x20 || "-./+()".utf8.contains($0) }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- 0x61 < 26 || byte == UInt8(ascii: "_")
  }

  /// What stands for something else than itself, in YAML 1.1 or 1.2.
  private static func isWord(_ text: String) -> Bool {
    switch text.lowercased() {
    case "null", "true", "false", "yes", "no", "on", "off", "y", "n": true
    default: false
    }
  }

  private static func quoted(_ text: String) -> [UInt8] {
    var out = [UInt8(ascii: "\"")]
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": out.append(contentsOf: [UInt8(ascii: "\\"), UInt8(truncatingIfNeeded: scalar.value)])
      case "\n": out.append(contentsOf: "\\n".utf8)
      case "\t": out.append(contentsOf: "\\t".utf8)
      case "\r": out.append(contentsOf: "\\r".utf8)
      default: appendQuoted(scalar, to: &out)
      }
    }
    out.append(UInt8(ascii: "\""))
    return out
  }

  private static func appendQuoted(_ scalar: Unicode.Scalar, to out: inout [UInt8]) {
    guard !isPrintable(scalar.value) else { return out.append(scalar: scalar.value) }
    let digits = String(scalar.value, radix: 16)
    let width = scalar.value > 0xFFFF ? 8 : 4
    out.append(contentsOf: (width == 8 ? "\\U" : "\\u").utf8)
    out.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: max(0, width &- digits.utf8.count)))
    out.append(contentsOf: digits.utf8)
  }

  /// What YAML allows in a text as it is, without those that would end the line or go unseen.
  private static func isPrintable(_ value: UInt32) -> Bool {
    switch value {
    case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF: false
    default: value & 0xFFFE != 0xFFFE
    }
  }
}
