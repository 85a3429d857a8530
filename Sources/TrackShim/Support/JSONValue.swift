/// A JSON text that was read: a server's reply, a value out of a journal.
///
/// Bare NaN, Infinity and -Infinity are numbers, as W&B writes them. Numbers keep their text: what was printed
/// is sent digit for digit.
enum JSONValue: Equatable, Sendable {
  struct Member: Equatable, Sendable {
    var key: String
    var value: JSONValue
  }

  case null
  case bool(Bool)
  case number(String)
  case string(String)
  case array([JSONValue])
  /// In the order of the text; a key may stand there twice.
  case object([Member])

  /// Deeper nests are refused: a value is read, written and freed by functions that call themselves.
  static let depthLimit = 100
  /// More values are refused: five bytes of a reply (`"":1,`) take eighty of memory. A summary of all the metric
  /// names that a run may have is a quarter of that.
  static let countLimit = 400_000

  /// Nil for what is not one JSON value. Ill-formed UTF-8 in strings becomes U+FFFD.
  init?(_ bytes: [UInt8]) {
    let value = bytes.withUnsafeBytes { bytes in
      var parser = JSONParser(bytes)
      return parser.parse()
    }
    guard let value else { return nil }
    self = value
  }
}

extension JSONValue {
  static func make(_ members: [(String, JSONValue)]) -> JSONValue {
    .object(members.map { Member(key: $0.0, value: $0.1) })
  }

  /// Nil, too, for what is no object. Of two members with the same key the last counts.
  subscript(_ key: String) -> JSONValue? { members.last { $0.key == key }?.value }

  var text: String? {
    if case .string(let text) = self { text } else { nil }
  }

  /// Whole numbers in any spelling (`3`, `3.0`, `3e0`), where a double tells them exactly.
  var integer: Int64? {
    guard case .number(let text) = self else { return nil }
    if let value = Int64(text) { return value }
    // From 2^53 on a double may stand for a neighbour of what was written.
    guard let value = Double(text), value.magnitude < 9_007_199_254_740_992 else { return nil }
    return Int64(exactly: value)
  }

  var double: Double? {
    if case .number(let text) = self { Double(text) } else { nil }
  }

  var isTrue: Bool { self == .bool(true) }

  /// None for what is no object.
  var members: [Member] {
    if case .object(let members) = self { members } else { [] }
  }

  /// None for what is no array.
  var elements: [JSONValue] {
    if case .array(let elements) = self { elements } else { [] }
  }

  /// Appends it as compact JSON, bare NaN and infinities included.
  func append(to out: inout [UInt8]) {
    switch self {
    case .null: out.append(contentsOf: "null".utf8)
    case .bool(let value): out.append(contentsOf: value ? "true".utf8 : "false".utf8)
    case .number(let text): out.append(contentsOf: text.utf8)
    case .string(let text): out.appendJSONString(text)
    case .array(let elements):
      out.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { out.append(UInt8(ascii: ",")) }
        element.append(to: &out)
      }
      out.append(UInt8(ascii: "]"))
    case .object(let members):
      out.append(UInt8(ascii: "{"))
      for (index, member) in members.enumerated() {
        if index > 0 { out.append(UInt8(ascii: ",")) }
        out.appendJSONString(member.key)
        out.append(UInt8(ascii: ":"))
        member.value.append(to: &out)
      }
      out.append(UInt8(ascii: "}"))
    }
  }
}
