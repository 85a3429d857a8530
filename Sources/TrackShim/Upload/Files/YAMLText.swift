/// JSON values as YAML, in a form that readers of YAML 1.1 (PyYAML) and 1.2 (Go) take for the same values.
///
/// Maps are sorted and indented by four, lists stand in blocks. Of two members with one key the last counts: a
/// map with a key twice is no YAML.
struct YAMLText {
  private var out: [UInt8] = []

  static func make(_ value: JSONValue) -> [UInt8] {
    var text = YAMLText()
    text.addAfterDash(value, column: 0)
    if text.out.last != Control.lineFeed { text.out.append(Control.lineFeed) }
    return text.out
  }

  // MARK: Blocks

  /// The columns of a map or a list below a key are four more than the key's.
  private mutating func addAfterKey(_ value: JSONValue, column: Int) {
    guard value.isBlock else {
      add(" ")
      return addScalar(value)
    }
    newLine(column &+ 4)
    addAfterDash(value, column: column &+ 4)
  }

  /// A value whose first byte stands in `column`, where the output is.
  private mutating func addAfterDash(_ value: JSONValue, column: Int) {
    switch value {
    case .object(let members) where value.isBlock: addMembers(members, column: column)
    case .array(let elements) where value.isBlock: addElements(elements, column: column)
    default: addScalar(value)
    }
  }

  private mutating func addMembers(_ members: [JSONValue.Member], column: Int) {
    // By bytes: two spellings of an "é" are one String, and two keys.
    let unique = Dictionary(members.map { (Array($0.key.utf8), $0) }) { _, last in last }
    let sorted = unique.sorted { $0.key.lexicographicallyPrecedes($1.key) }
    for (index, member) in sorted.map(\.value).enumerated() {
      if index > 0 { newLine(column) }
      addKey(member.key, column: column)
      addAfterKey(member.value, column: column)
    }
  }

  private mutating func addElements(_ elements: [JSONValue], column: Int) {
    for (index, element) in elements.enumerated() {
      if index > 0 { newLine(column) }
      add("- ")
      addAfterDash(element, column: column &+ 2)
    }
  }

  /// A key of more than 1,024 characters has to be announced.
  private mutating func addKey(_ key: String, column: Int) {
    let text = YAMLScalar.text(key)
    guard text.count > 1_000 else {
      out.append(contentsOf: text)
      return add(":")
    }
    add("? ")
    out.append(contentsOf: text)
    newLine(column)
    add(":")
  }

  private mutating func newLine(_ column: Int) {
    out.append(Control.lineFeed)
    out.append(contentsOf: repeatElement(0x20, count: column))
  }

  // MARK: Scalars

  private mutating func addScalar(_ value: JSONValue) {
    switch value {
    case .null: add("null")
    case .bool(let value): add(value ? "true" : "false")
    case .number(let text): out.append(contentsOf: YAMLScalar.number(text))
    case .string(let text): out.append(contentsOf: YAMLScalar.text(text))
    case .array: add("[]")
    case .object: add("{}")
    }
  }

  private mutating func add(_ text: StaticString) {
    text.withUTF8Buffer { out.append(contentsOf: $0) }
  }
}

extension JSONValue {
  /// Takes lines of its own: a map or a list with something in it.
  fileprivate var isBlock: Bool { !members.isEmpty || !elements.isEmpty }
}
