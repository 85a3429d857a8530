/// Reads one JSON text into a `JSONValue`. Looks at each byte a bounded number of times.
struct JSONParser {
  private let bytes: UnsafeRawBufferPointer
  private var position = 0
  private var count = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  mutating func parse() -> JSONValue? {
    guard let value = value(depth: 0) else { return nil }
    skipBlanks()
    return position == bytes.count ? value : nil
  }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipBlanks() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position &+= 1 }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: character) else { return false }
    position &+= 1
    return true
  }

  private mutating func value(depth: Int) -> JSONValue? {
    count &+= 1
    guard count <= JSONValue.countLimit else { return nil }
    skipBlanks()
    if take("{") { return object(depth: depth) }
    if take("[") { return array(depth: depth) }
    if take("\"") { return string().map(JSONValue.string) }
    return word()
  }

  // MARK: Nests

  private mutating func array(depth: Int) -> JSONValue? {
    guard depth < JSONValue.depthLimit else { return nil }
    var elements: [JSONValue] = []
    skipBlanks()
    if take("]") { return .array(elements) }
    repeat {
      guard let element = value(depth: depth &+ 1) else { return nil }
      elements.append(element)
      skipBlanks()
    } while take(",")
    return take("]") ? .array(elements) : nil
  }

  private mutating func object(depth: Int) -> JSONValue? {
    guard depth < JSONValue.depthLimit else { return nil }
    var members: [JSONValue.Member] = []
    skipBlanks()
    if take("}") { return .object(members) }
    repeat {
      guard let member = member(depth: depth) else { return nil }
      members.append(member)
      skipBlanks()
    } while take(",")
    return take("}") ? .object(members) : nil
  }

  private mutating func member(depth: Int) -> JSONValue.Member? {
    skipBlanks()
    guard take("\""), let key = string() else { return nil }
    skipBlanks()
    guard take(":"), let value = value(depth: depth &+ 1) else { return nil }
    return JSONValue.Member(key: key, value: value)
  }

  // MARK: Strings

  /// The rest of a string whose opening quote has been taken.
  private mutating func string() -> String? {
    var text: [UInt8] = []
    var runStart = position
    while let byte = next, byte >= 0x20 {
      position &+= 1
      guard byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
      // bounded: the byte before `position` was taken after `runStart`
      text.append(contentsOf: bytes[runStart..<position &- 1])
      if byte == UInt8(ascii: "\"") { return text.asText }
      guard escape(into: &text) else { return nil }
      runStart = position
    }
    return nil
  }

  private mutating func escape(into text: inout [UInt8]) -> Bool {
    guard let byte = next else { return false }
    position &+= 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "u"):
      guard let unit = codeUnit() else { return false }
      text.append(scalar: scalar(unit))
    default: return false
    }
    return true
  }

  /// Half of a surrogate pair takes the other half with it; one without the other is U+FFFD.
  private mutating func scalar(_ unit: UInt32) -> UInt32 {
    guard (0xD800...0xDFFF).contains(unit) else { return unit }
    let afterFirst = position
    guard unit < 0xDC00, take("\\"), take("u"), let low = codeUnit(), (0xDC00...0xDFFF).contains(low) else {
      position = afterFirst
      return 0xFFFD
    }
    return 0x10000 &+ (unit &- 0xD800) &<< 10 &+ (low &- 0xDC00)
  }

  private mutating func codeUnit() -> UInt32? {
    guard position &+ 4 <= bytes.count else { return nil }
    var unit: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = Self.hexValue(bytes[position]) else { return nil }
      unit = unit &<< 4 | digit
      position &+= 1
    }
    return unit
  }

  private static func hexValue(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte &- UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte &- UInt8(ascii: "a") &+ 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte &- UInt8(ascii: "A") &+ 10)
    default: nil
    }
  }

  // MARK: Words

  /// A number or a literal: everything up to a byte that can end one.
  private mutating func word() -> JSONValue? {
    let start = position
    while let byte = next, byte > 0x20, !Self.endsWord(byte) { position &+= 1 }
    // bounded: `position` only grows, and not beyond the end
    let word = UnsafeRawBufferPointer(rebasing: bytes[start..<position])
    if JSONNumber.isNumber(word) { return .number(String(decoding: word, as: UTF8.self)) }
    if word.elementsEqual("true".utf8) { return .bool(true) }
    if word.elementsEqual("false".utf8) { return .bool(false) }
    return word.elementsEqual("null".utf8) ? .null : nil
  }

  private static func endsWord(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}") || byte == UInt8(ascii: "\"")
  }
}

enum JSONNumber {
  static func isNumber(_ text: UnsafeRawBufferPointer) -> Bool {
    var position = 0
    if text.first == UInt8(ascii: "-") { position = 1 }
    let isNegative = position > 0
    let digits = skipDigits(text, &position)
    guard digits > 0 else { return isWord(text, isNegative: isNegative) }
    if digits > 1, text[position &- digits] == UInt8(ascii: "0") { return false }
    if position < text.count, text[position] == UInt8(ascii: ".") {
      position &+= 1
      guard skipDigits(text, &position) > 0 else { return false }
    }
    if position < text.count, text[position] | 0x20 == UInt8(ascii: "e") {
      position &+= 1
      if position < text.count, text[position] == UInt8(ascii: "+") || text[position] == UInt8(ascii: "-") {
        position &+= 1
      }
      guard skipDigits(text, &position) > 0 else { return false }
    }
    return position == text.count
  }

  private static func isWord(_ text: UnsafeRawBufferPointer, isNegative: Bool) -> Bool {
    if text.dropFirst(isNegative ? 1 : 0).elementsEqual("Infinity".utf8) { return true }
    return text.elementsEqual("NaN".utf8)
  }

  private static func skipDigits(_ text: UnsafeRawBufferPointer, _ position: inout Int) -> Int {
    let start = position
    while position < text.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(text[position]) { position &+= 1 }
    return position &- start
  }
}

extension [UInt8] {
  /// Appends a code point as UTF-8; what is none (a surrogate, one above U+10FFFF) as U+FFFD.
  mutating func append(scalar value: UInt32) {
    if value < 0x80 { return append(UInt8(truncatingIfNeeded: value)) }
    guard let scalar = Unicode.Scalar(value) else { return appendReplacementCharacter() }
    append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
  }
}
