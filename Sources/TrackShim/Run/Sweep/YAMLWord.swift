/// What a word without quotes means in YAML 1.1, as PyYAML sees it: `1e5` is text, `1.0e+5` a number.
enum YAMLWord {
  static func value(of word: [UInt8]) -> JSONValue {
    switch word.asText {
    case "", "~", "null", "Null", "NULL": return .null
    case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON": return .bool(true)
    case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF": return .bool(false)
    case ".nan", ".NaN", ".NAN": return .number("NaN")
    case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": return .number("Infinity")
    case "-.inf", "-.Inf", "-.INF": return .number("-Infinity")
    case let text: return number(word).map { .number($0) } ?? .string(text)
    }
  }

  private static func number(_ word: [UInt8]) -> String? {
    guard word.contains(where: \.isDigit) else { return nil }
    let hasSign = word.first == UInt8(ascii: "-") || word.first == UInt8(ascii: "+")
    let digits = hasSign ? word.dropFirst() : word[...]
    let isNegative = word.first == UInt8(ascii: "-")
    if isDecimal(digits) || isFloat(digits, hasSign: hasSign) { return json(of: word.filter { $0 != underscore }) }
    guard let value = otherBase(digits.filter { $0 != underscore }) else { return nil }
    return (isNegative && value > 0 ? "-" : "") + "\(value)"
  }

  private static let underscore = UInt8(ascii: "_")

  private static func isFigure(_ byte: UInt8) -> Bool { byte.isDigit || byte == underscore }

  private static func isDecimal(_ digits: ArraySlice<UInt8>) -> Bool {
    guard let first = digits.first, first.isDigit else { return false }
    return first == 0x30 ? digits.count == 1 : digits.allSatisfy(isFigure)
  }

  /// With a point; with an exponent that has a sign, if there is one.
  private static func isFloat(_ digits: ArraySlice<UInt8>, hasSign: Bool) -> Bool {
    guard let point = digits.firstIndex(of: UInt8(ascii: ".")) else { return false }
    // bounded: an index of these bytes
    let whole = digits[..<point]
    let rest = digits[point...].dropFirst()
    guard whole.allSatisfy(isFigure), whole.first.map(\.isDigit) ?? !hasSign else { return false }
    let part = rest.prefix(while: isFigure)
    guard !whole.isEmpty || part.first?.isDigit == true else { return false }
    let exponent = rest.dropFirst(part.count)
    guard let letter = exponent.first else { return true }
    let power = exponent.dropFirst(2)
    guard letter | 0x20 == UInt8(ascii: "e"), let sign = exponent.dropFirst().first else { return false }
    return (sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+")) && !power.isEmpty && power.allSatisfy(\.isDigit)
  }

  /// Numbers keep their digits; only what JSON does not allow is mended. nil: one that is no number's length.
  private static func json(of word: [UInt8]) -> String? {
    let text = word.withUnsafeBytes { ConfigValue.json(of: $0) }
    return text.first == UInt8(ascii: "\"") ? nil : text.asText
  }

  /// `0x1F`, `0b101`, and `017`, which is fifteen.
  private static func otherBase(_ digits: [UInt8]) -> UInt64? {
    guard digits.first == 0x30 else { return nil }
    let rest = digits.dropFirst()
    switch rest.first {
    case UInt8(ascii: "x"): return UInt64(Array(rest.dropFirst()).asText, radix: 16)
    case UInt8(ascii: "b"): return UInt64(Array(rest.dropFirst()).asText, radix: 2)
    default: return UInt64(Array(rest).asText, radix: 8)
    }
  }
}
