/// The file in which `wandb login` keeps keys, read as Python's netrc module reads it: a file with an error has no
/// entries at all, of two entries of one name the later counts, `default` stands for every other machine.
///
/// Where that module trips over a comment of several words or a macro that ends with the file, this one goes on.
struct Netrc {
  /// Where the file stops making sense.
  struct Problem: Error, Equatable { let line: Int }

  private var passwords: [String: String] = [:]

  /// Empty when the entry has no password.
  var defaultPassword: String? { passwords["default"] }

  init(_ text: String) throws(Problem) {
    var lexer = NetrcLexer(text)
    while let word = lexer.next() {
      switch word {
      case "machine":
        guard let name = lexer.next(), !name.isEmpty else { throw lexer.problem }
        passwords[name] = try Self.password(&lexer)
      case "default": passwords["default"] = try Self.password(&lexer)
      case "macdef": lexer.skipMacro()
      default:
        guard word.hasPrefix("#") else { throw lexer.problem }
        lexer.skipComment()
      }
    }
  }

  /// The machine is named as in the address, with its port.
  func ownPassword(for machine: String) -> String? { passwords[machine] }

  /// Up to the next entry, which is left to be read.
  private static func password(_ lexer: inout NetrcLexer) throws(Problem) -> String {
    var password = ""
    while true {
      let here = lexer
      guard let word = lexer.next() else { return password }
      switch word {
      case "machine", "default", "macdef":
        lexer = here
        return password
      case "login", "user", "account": _ = lexer.next()
      case "password": password = lexer.next() ?? ""
      default:
        guard word.hasPrefix("#") else { throw lexer.problem }
        lexer.skipComment()
      }
    }
  }
}

/// Words between blanks; quotes around a whole word and backslashes are taken away.
struct NetrcLexer {
  private let bytes: [UInt8]
  private var position = 0
  private var line = 1
  /// The blank that ended the last word was the end of its line.
  private var isAtNewLine = false

  init(_ text: String) { bytes = Array(text.utf8) }

  var problem: Netrc.Problem { Netrc.Problem(line: isAtNewLine ? line &- 1 : line) }

  mutating func next() -> String? {
    while let byte = peek, byte.isBetweenWords { _ = take() }
    guard let first = peek else { return nil }
    let isQuoted = first == UInt8(ascii: "\"")
    if isQuoted { _ = take() }
    var word: [UInt8] = []
    while let byte = take(), isQuoted ? byte != UInt8(ascii: "\"") : !byte.isBetweenWords {
      if byte != UInt8(ascii: "\\") { word.append(byte) } else if let literal = take() { word.append(literal) }
    }
    return word.asText
  }

  /// The rest of the line, unless the word that began the comment was its last.
  mutating func skipComment() {
    while !isAtNewLine, take() != nil {}
  }

  /// The name and everything up to an empty line.
  mutating func skipMacro() {
    _ = next()
    var size = 0
    while let byte = take() {
      if byte == UInt8(ascii: "\n"), size == 0 { return }
      size = byte == UInt8(ascii: "\n") ? 0 : size &+ 1
    }
  }

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func take() -> UInt8? {
    guard let byte = peek else { return nil }
    position &+= 1
    isAtNewLine = byte == UInt8(ascii: "\n")
    if isAtNewLine { line &+= 1 }
    return byte
  }
}

extension UInt8 {
  fileprivate var isBetweenWords: Bool { self == 0x20 || self == 0x09 || self == 0x0A || self == 0x0D }
}
