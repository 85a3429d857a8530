/// The JSON text of a setting: an integer or a number if all of it is one, else a string.
enum ConfigValue {
  static func json(of value: UnsafeRawBufferPointer) -> [UInt8] {
    var text: [UInt8] = []
    if let number = PrintedNumber(in: value, at: 0), number.range.upperBound == value.count {
      number.appendJSON(from: value, to: &text)
    } else {
      text.appendJSONString(value)
    }
    return text
  }

  /// What is no UTF-8 becomes U+FFFD: keys and values end in protobuf strings.
  static func validUTF8(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
    if bytes.allSatisfy({ $0 < 0x80 }) { return Array(bytes) }
    return Array(String(decoding: bytes, as: UTF8.self).utf8)
  }
}
