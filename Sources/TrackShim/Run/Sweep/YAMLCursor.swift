/// A place in a YAML text, and the scalars that can be read from there. Nothing traps, whatever the bytes are.
struct YAMLCursor {
  struct Scalar {
    let text: String
    let value: JSONValue
  }

  private let bytes: [UInt8]
  private var position = 0
  private var lineStart = 0
  private(set) var line = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { position >= bytes.count }
  var column: Int { position &- lineStart }
  var next: UInt8? { byte(0) }

  private func byte(_ offset: Int) -> UInt8? {
    let index = position &+ offset
    return index >= 0 && index < bytes.count ? bytes[index] : nil
  }

  // MARK: Steps

  mutating func take() {
    guard let byte = next else { return }
    position &+= 1
    if byte == Control.lineFeed {
      lineStart = position
      line &+= 1
    }
  }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: character) else { return false }
    take()
    return true
  }

  private mutating func skipSpaces() {
    while let byte = next, byte.isBlank { take() }
  }

  /// Over blanks, comments and line ends. False where a tab indents.
  mutating func skipToToken() -> Bool {
    while let byte = next {
      if byte == UInt8(ascii: "#"), column == 0 || self.byte(-1)?.isBlank == true {
        while let byte = next, byte != Control.lineFeed { take() }
      } else if byte == Control.lineFeed || byte == 0x20 {
        take()
      } else if byte == 0x09 {
        // bounded: the line's start is before the position, which is below the count
        let isIndentation = bytes[lineStart..<position].allSatisfy { $0 == 0x20 }
        skipSpaces()
        if isIndentation, !isAtLineEnd { return false }
      } else {
        return true
      }
    }
    return true
  }

  private var isAtLineEnd: Bool { next == nil || next == Control.lineFeed }

  // MARK: What stands here

  private func isGap(_ offset: Int) -> Bool {
    guard let byte = byte(offset) else { return true }
    return byte.isBlank || byte == Control.lineFeed
  }

  /// `- `, `? ` or `: `.
  func isAtIndicator(_ character: Unicode.Scalar) -> Bool { next == UInt8(ascii: character) && isGap(1) }

  var isAtKeyEnd: Bool { isAtIndicator(":") }

  /// `---` or `...`: the document begins or ends.
  var isAtMarker: Bool { isAtMarker("---") || isAtMarker("...") }

  private func isAtMarker(_ marker: String) -> Bool {
    guard column == 0, isGap(3) else { return false }
    return zip(0..., marker.utf8).allSatisfy { byte($0) == $1 }
  }

  mutating func takeMarker(_ marker: String) -> Bool {
    guard isAtMarker(marker) else { return false }
    position &+= 3
    return true
  }

  // MARK: Scalars

  /// In a block: the lines of one that goes on stand further right than `column`.
  mutating func scalar(deeperThan column: Int) -> Scalar? { isQuoted ? quoted() : plain(deeperThan: column) }

  mutating func flowScalar() -> Scalar? { isQuoted ? quoted() : plain(deeperThan: -1, isInFlow: true) }

  private var isQuoted: Bool { next == UInt8(ascii: "\"") || next == UInt8(ascii: "'") }

  private mutating func plain(deeperThan column: Int, isInFlow: Bool = false) -> Scalar? {
    guard canBeginPlain else { return nil }
    var text = words(isInFlow: isInFlow)
    while next == Control.lineFeed {
      let before = self
      let breaks = fold()
      let goesOn = self.column > column && !isAtEnd && next != UInt8(ascii: "#") && !isAtMarker
      guard goesOn, next != 0x09, !(isInFlow && isFlowIndicator) else {
        self = before
        break
      }
      // A comment ends it: only a new line of words goes on.
      let more = words(isInFlow: isInFlow)
      guard !more.isEmpty else {
        self = before
        break
      }
      // The next line is a key of this map's, which cannot be where a value goes on.
      if isAtKeyEnd, !isInFlow { return nil }
      text.append(contentsOf: breaks)
      text.append(contentsOf: more)
    }
    return Scalar(text: text.asText, value: YAMLWord.value(of: text))
  }

  private var canBeginPlain: Bool {
    guard let first = next else { return false }
    if "-?:".utf8.contains(first) { return !isGap(1) }
    return !",[]{}#&*!|>'\"%@`".utf8.contains(first)
  }

  private var isFlowIndicator: Bool { next.map { ",[]{}".utf8.contains($0) } == true }

  /// Up to what ends it on this line, without the blanks in front of that.
  // bounded: `position` only grows, and not beyond the end
  private mutating func words(isInFlow: Bool) -> [UInt8] {
    let start = position
    var end = position
    while let byte = next, byte != Control.lineFeed {
      if byte == UInt8(ascii: "#"), position > start, self.byte(-1)?.isBlank == true { break }
      if byte == UInt8(ascii: ":"), isGap(1) || isInFlow && self.byte(1).map({ ",[]{}".utf8.contains($0) }) == true {
        break
      }
      if isInFlow, isFlowIndicator { break }
      position &+= 1
      if !byte.isBlank { end = position }
    }
    return Array(bytes[start..<end])
  }

  /// Over line ends and indentation: what they are in the text, a blank or the empty lines among them.
  private mutating func fold() -> [UInt8] {
    let breaks = skipBreaks()
    return breaks > 1 ? [UInt8](repeating: Control.lineFeed, count: breaks &- 1) : [0x20]
  }

  private mutating func skipBreaks() -> Int {
    var breaks = 0
    while next == Control.lineFeed {
      take()
      breaks &+= 1
      skipSpaces()
    }
    return breaks
  }

  // MARK: Quotes

  private mutating func quoted() -> Scalar? {
    guard let quote = next else { return nil }
    take()
    var text: [UInt8] = []
    /// What the text has at least: a blank that was escaped is no blank before a line's end.
    var kept = 0
    while let byte = next {
      if byte == Control.lineFeed {
        while text.count > kept, text.last?.isBlank == true { text.removeLast() }
        text.append(contentsOf: fold())
        kept = text.count
        if isAtMarker { return nil }
        continue
      }
      take()
      if byte == quote {
        guard quote == UInt8(ascii: "'"), next == quote else {
          skipSpacesBeforeColon()
          return Scalar(text: text.asText, value: .string(text.asText))
        }
        take()
      } else if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
        guard escape(into: &text) else { return nil }
        kept = text.count
        continue
      }
      text.append(byte)
    }
    return nil
  }

  private mutating func skipSpacesBeforeColon() {
    let before = self
    skipSpaces()
    if !isAtKeyEnd { self = before }
  }

  private mutating func escape(into text: inout [UInt8]) -> Bool {
    guard let byte = next else { return false }
    take()
    switch byte {
    case Control.lineFeed:
      skipSpaces()
      text.append(contentsOf: repeatElement(Control.lineFeed, count: skipBreaks()))
    case UInt8(ascii: "x"): return code(digits: 2, into: &text)
    case UInt8(ascii: "u"): return code(digits: 4, into: &text)
    case UInt8(ascii: "U"): return code(digits: 8, into: &text)
    default:
      guard let value = Self.escapes[byte] else { return false }
      text.append(scalar: value)
    }
    return true
  }

  private static let escapes: [UInt8: UInt32] = [
    0x30: 0x00, 0x61: 0x07, 0x62: 0x08, 0x74: 0x09, 0x09: 0x09, 0x6E: 0x0A, 0x76: 0x0B, 0x66: 0x0C, 0x72: 0x0D,
    0x65: 0x1B, 0x20: 0x20, 0x22: 0x22, 0x2F: 0x2F, 0x5C: 0x5C, 0x4E: 0x85, 0x5F: 0xA0, 0x4C: 0x2028, 0x50: 0x2029,
  ]

  private mutating func code(digits: Int, into text: inout [UInt8]) -> Bool {
    var value: UInt32 = 0
    for _ in 0..<digits {
      guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return false }
      value = value &<< 4 | UInt32(truncatingIfNeeded: digit)
      take()
    }
    text.append(scalar: value)
    return true
  }
}
