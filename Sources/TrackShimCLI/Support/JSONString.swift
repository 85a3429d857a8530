/// What a JSON string literal stands for.
enum JSONString {
  /// `nil` for anything else than one string literal.
  static func decode(_ json: String) -> String? {
    let bytes = Array(json.utf8)
    guard bytes.count >= 2, bytes.first == UInt8(ascii: "\""), bytes.last == UInt8(ascii: "\"") else { return nil }
    var text: [UInt16] = []
    var rest = String(decoding: bytes.dropFirst().dropLast(), as: UTF8.self).utf16[...]
    while let unit = rest.popFirst() {
      if unit == 0x22 { return nil }
      guard unit == 0x5C else {
        text.append(unit)
        continue
      }
      guard let escaped = escape(&rest) else { return nil }
      text.append(escaped)
    }
    return String(decoding: text, as: UTF16.self)
  }

  /// What follows a backslash. Half a surrogate pair becomes U+FFFD in the end.
  private static func escape(_ rest: inout Substring.UTF16View) -> UInt16? {
    guard let unit = rest.popFirst(), let letter = Unicode.Scalar(unit) else { return nil }
    switch letter {
    case "\"", "\\", "/": return unit
    case "b": return 0x08
    case "f": return 0x0C
    case "n": return 0x0A
    case "r": return 0x0D
    case "t": return 0x09
    case "u":
      let digits = String(rest.prefix(4)) ?? ""
      rest = rest.dropFirst(4)
      return digits.utf8.count == 4 ? UInt16(digits, radix: 16) : nil
    default: return nil
    }
  }
}
