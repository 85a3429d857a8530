/// Reads YAML as W&B's agent writes it (PyYAML's dump), and what people write like it: maps and lists, in blocks or
/// as JSON has them, with plain and quoted scalars of any number of lines.
///
/// Not read: anchors, tags, directives, block scalars (`|`, `>`), tabs as indentation, a second document. Then there is
/// no value at all: half of a file would be somebody else's file.
struct YAMLReader {
  private var text: YAMLCursor
  private var count = 0

  /// nil: this is not YAML, or not of the kind that is read.
  static func read(_ bytes: [UInt8]) -> JSONValue? {
    guard !hasRareBreak(bytes) else { return nil }
    var reader = YAMLReader(text: YAMLCursor(withPlainBreaks(bytes)))
    return reader.document()
  }

  // MARK: Documents

  private mutating func document() -> JSONValue? {
    guard text.skipToToken() else { return nil }
    if text.takeMarker("---"), !text.skipToToken() { return nil }
    guard let value = node(deeperThan: -1, depth: 0), text.skipToToken() else { return nil }
    if text.takeMarker("..."), !text.skipToToken() { return nil }
    return text.isAtEnd ? value : nil
  }

  /// YAML 1.1 has line breaks that look like nothing; quoted text is wrapped at them.
  private static func hasRareBreak(_ bytes: [UInt8]) -> Bool {
    var last: (UInt8, UInt8) = (0, 0)
    for byte in bytes {
      if last.1 == 0xC2, byte == 0x85 { return true }
      if last.0 == 0xE2, last.1 == 0x80, byte == 0xA8 || byte == 0xA9 { return true }
      last = (last.1, byte)
    }
    return false
  }

  /// Windows' line ends, and the mark that its editors put first.
  private static func withPlainBreaks(_ bytes: [UInt8]) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count)
    var last: UInt8 = 0
    for byte in bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...] {
      if byte != Control.lineFeed || last != Control.carriageReturn {
        out.append(byte == Control.carriageReturn ? Control.lineFeed : byte)
      }
      last = byte
    }
    return out
  }

  // MARK: Blocks

  /// What stands at the cursor, if it stands further right than `column`; else nothing, which is null.
  ///
  /// `isInline`: behind a key that was not announced with `?`, where no block can begin.
  private mutating func node(deeperThan column: Int, isInline: Bool = false, depth: Int) -> JSONValue? {
    count &+= 1
    guard count <= JSONValue.countLimit, depth < JSONValue.depthLimit else { return nil }
    guard let first = text.next, text.column > column, !text.isAtMarker else { return .null }
    let start = text.column
    if text.isAtIndicator("-") { return isInline ? nil : sequence(at: start, depth: depth) }
    if text.isAtIndicator("?") { return isInline ? nil : mapping(at: start, key: nil, depth: depth) }
    if first == UInt8(ascii: "[") || first == UInt8(ascii: "{") { return flow(depth: depth) }
    let line = text.line
    guard let scalar = text.scalar(deeperThan: column) else { return nil }
    guard text.isAtKeyEnd else { return scalar.value }
    return isInline || text.line != line ? nil : mapping(at: start, key: scalar.text, depth: depth)
  }

  private mutating func sequence(at column: Int, depth: Int) -> JSONValue? {
    var elements: [JSONValue] = []
    while text.column == column, text.isAtIndicator("-") {
      text.take()
      guard text.skipToToken(), let element = node(deeperThan: column, depth: depth &+ 1) else { return nil }
      elements.append(element)
      guard text.skipToToken() else { return nil }
    }
    return isLeft(column) ? .array(elements) : nil
  }

  /// `key`: the first one, which has been read.
  private mutating func mapping(at column: Int, key: String?, depth: Int) -> JSONValue? {
    var members: [JSONValue.Member] = []
    var known = key
    repeat {
      let isAnnounced = known == nil && text.isAtIndicator("?")
      guard let key = known ?? self.key(at: column), text.isAtKeyEnd else { return nil }
      known = nil
      text.take()
      guard let value = member(of: column, isAnnounced: isAnnounced, depth: depth &+ 1) else { return nil }
      members.append(JSONValue.Member(key: key, value: value))
      guard text.skipToToken() else { return nil }
    } while text.column == column && !text.isAtEnd && !text.isAtMarker && !text.isAtIndicator("-")
    return isLeft(column) ? .object(members) : nil
  }

  /// The colon is next then.
  private mutating func key(at column: Int) -> String? {
    let isAnnounced = text.isAtIndicator("?")
    if isAnnounced {
      text.take()
      guard text.skipToToken(), text.column > column else { return nil }
    }
    let line = text.line
    guard let key = text.scalar(deeperThan: column) else { return nil }
    guard isAnnounced else { return text.line == line ? key.text : nil }
    guard text.skipToToken(), text.column == column else { return nil }
    return key.text
  }

  private mutating func member(of column: Int, isAnnounced: Bool, depth: Int) -> JSONValue? {
    let line = text.line
    guard text.skipToToken() else { return nil }
    if text.line == line { return node(deeperThan: column, isInline: !isAnnounced, depth: depth) }
    // A list may stand right below its key.
    if text.column == column, text.isAtIndicator("-") { return sequence(at: column, depth: depth) }
    return node(deeperThan: column, depth: depth)
  }

  /// What follows belongs to something further out.
  private func isLeft(_ column: Int) -> Bool { text.isAtEnd || text.column <= column }

  // MARK: As JSON has them

  private mutating func flow(depth: Int) -> JSONValue? {
    count &+= 1
    guard count <= JSONValue.countLimit, depth < JSONValue.depthLimit else { return nil }
    if text.take("[") { return flowElements(depth: depth) }
    if text.take("{") { return flowMembers(depth: depth) }
    return text.flowScalar()?.value
  }

  private mutating func flowElements(depth: Int) -> JSONValue? {
    var elements: [JSONValue] = []
    while text.skipToToken() {
      if text.take("]") { return .array(elements) }
      guard let element = flow(depth: depth &+ 1) else { return nil }
      elements.append(element)
      guard text.skipToToken(), text.take(",") || text.next == UInt8(ascii: "]") else { return nil }
    }
    return nil
  }

  private mutating func flowMembers(depth: Int) -> JSONValue? {
    var members: [JSONValue.Member] = []
    while text.skipToToken() {
      if text.take("}") { return .object(members) }
      guard let key = text.flowScalar(), text.skipToToken(), text.take(":"), text.skipToToken() else { return nil }
      let isEmpty = text.next == UInt8(ascii: ",") || text.next == UInt8(ascii: "}")
      guard let value = isEmpty ? .null : flow(depth: depth &+ 1) else { return nil }
      members.append(JSONValue.Member(key: key.text, value: value))
      guard text.skipToToken(), text.take(",") || text.next == UInt8(ascii: "}") else { return nil }
    }
    return nil
  }
}
