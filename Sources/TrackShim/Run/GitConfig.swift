/// The values of a `config`. Sections and keys are those of git-config(1); what git would refuse is passed over.
enum GitConfig {
  struct Value {
    /// `section.key` or `section.subsection.key`; section and key in lower case.
    let name: String
    let value: String
  }

  /// The last `url` of `[remote "origin"]`, as `git config --get remote.origin.url` gives it.
  static func originURL(in bytes: [UInt8]) -> String? {
    values(in: bytes).last { $0.name == "remote.origin.url" }?.value
  }

  static func values(in bytes: [UInt8]) -> [Value] {
    var reader = GitConfigReader(bytes)
    var section = ""
    var values: [Value] = []
    while let item = reader.next() {
      switch item {
      case .section(let name): section = name + "."
      case .value(let key, let value): values.append(Value(name: section + key, value: value))
      }
    }
    return values
  }
}

/// Goes through the bytes once.
private struct GitConfigReader {
  enum Item {
    /// `name` or `name.subsection`; a name in lower case.
    case section(String)
    /// The key in lower case.
    case value(String, String)
  }

  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func next() -> Item? {
    while let byte = peek {
      switch byte {
      case UInt8(ascii: "#"), UInt8(ascii: ";"): skipLine()
      case UInt8(ascii: "["): return .section(section())
      case 0x41...0x5A, 0x61...0x7A: return .value(word().lowercased(), value())
      default: position &+= 1
      }
    }
    return nil
  }

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func take() -> UInt8? {
    guard let byte = peek else { return nil }
    position &+= 1
    return byte
  }

  private mutating func skipLine() {
    while let byte = take(), byte != UInt8(ascii: "\n") {}
  }

  private mutating func skipBlanks() {
    while let byte = peek, byte == 0x20 || byte == 0x09 { position &+= 1 }
  }

  private mutating func word() -> String {
    let start = position
    while let byte = peek, byte.isInWord { position &+= 1 }
    // bounded: `position` only grows, and not beyond the end
    return Array(bytes[start..<position]).asText
  }

  /// `[name]`, `[name "Sub section"]` or, as long ago, `[name.subsection]`.
  private mutating func section() -> String {
    position &+= 1
    var name = word().lowercased()
    skipBlanks()
    if peek == UInt8(ascii: "\"") {
      position &+= 1
      name += "." + quoted()
    }
    while let byte = peek, byte != UInt8(ascii: "\n") {
      position &+= 1
      if byte == UInt8(ascii: "]") { return name }
    }
    return ""
  }

  private mutating func quoted() -> String {
    var text: [UInt8] = []
    while let byte = peek, byte != UInt8(ascii: "\n") {
      position &+= 1
      if byte == UInt8(ascii: "\"") { break }
      if byte == UInt8(ascii: "\\"), let literal = take() { text.append(literal) } else { text.append(byte) }
    }
    return text.asText
  }

  /// A key without `=` stands for true, which is no address.
  private mutating func value() -> String {
    skipBlanks()
    guard peek == UInt8(ascii: "=") else {
      skipLine()
      return ""
    }
    position &+= 1
    skipBlanks()
    return text()
  }

  /// To the end of the line, which a backslash joins with the next. Quotes protect comment signs and the blanks
  /// at the end.
  // bounded: `size` is a former count of the text, which only grows
  private mutating func text() -> String {
    var text: [UInt8] = []
    var size = 0
    var isQuoted = false
    while let byte = take(), byte != UInt8(ascii: "\n") {
      switch byte {
      case UInt8(ascii: "\""): isQuoted.toggle()
      case UInt8(ascii: "#") where !isQuoted, UInt8(ascii: ";") where !isQuoted:
        skipLine()
        return Array(text[..<size]).asText
      case UInt8(ascii: "\\"):
        guard let literal = escaped() else { continue }
        text.append(literal)
        size = text.count
        continue
      default: text.append(byte)
      }
      let isBlank = byte == 0x20 || byte == 0x09 || byte == 0x0D
      if isQuoted || !isBlank { size = text.count }
    }
    return Array(text[..<size]).asText
  }

  /// `nil` where a line goes on in the next.
  private mutating func escaped() -> UInt8? {
    switch take() {
    case UInt8(ascii: "\n"): return nil
    case UInt8(ascii: "\r"):
      if peek == UInt8(ascii: "\n") { position &+= 1 }
      return nil
    case UInt8(ascii: "n"): return 0x0A
    case UInt8(ascii: "t"): return 0x09
    case UInt8(ascii: "b"): return 0x08
    case let other: return other
    }
  }
}

extension UInt8 {
  fileprivate var isInWord: Bool {
    switch self {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."): true
    default: false
    }
  }
}
