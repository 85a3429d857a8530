/// The text of a template, taken apart: bytes, blanks and holes.
struct TemplateText {
  enum Piece: Equatable {
    case byte(UInt8)
    /// One blank or several.
    case blank
    case hole(Int)
    /// `{*}`
    case star
  }

  struct Hole {
    let kind: Template.Hole.Kind
    let name: [UInt8]
    /// Where it stands in the line.
    let offset: Int
  }

  private(set) var pieces: [Piece] = []
  /// Where each piece stands in the line.
  private(set) var offsets: [Int] = []
  private(set) var holes: [Hole] = []
  private var stars = 0

  /// Of the bytes of `line` from `start` on, without blanks at the ends.
  init(_ line: ArraySlice<UInt8>, from start: Int) throws(TemplateProblem) {
    let bytes = Array(line)
    var index = start
    while index < bytes.count {
      let byte = bytes[index]
      let next = index &+ 1 < bytes.count ? bytes[index &+ 1] : nil
      let offset = index
      index &+= 1
      if byte == .openBrace || byte == .closeBrace, next == byte {
        add(.byte(byte), at: offset)
        index &+= 1
      } else if byte == .openBrace {
        index = try takeHole(bytes, at: offset)
      } else if byte == .closeBrace {
        throw TemplateProblem(at: offset, "\"}\" without \"{\"; write }} for a brace")
      } else if byte.isBlank || byte == 0x0D {
        if let last = pieces.last, last != .blank { add(.blank, at: offset) }
      } else {
        add(.byte(byte), at: offset)
      }
    }
    if pieces.last == .blank {
      pieces.removeLast()
      offsets.removeLast()
    }
  }

  private mutating func add(_ piece: Piece, at offset: Int) {
    pieces.append(piece)
    offsets.append(offset)
  }

  /// Where the hole has ended.
  private mutating func takeHole(_ bytes: [UInt8], at start: Int) throws(TemplateProblem) -> Int {
    let rest = bytes.dropFirst(start &+ 1)
    guard let end = rest.firstIndex(where: { $0 == .closeBrace || $0 == .openBrace }),
      rest.prefix(through: end).last == .closeBrace
    else { throw TemplateProblem(at: start, "\"{\" without \"}\"; write {{ for a brace") }
    guard holes.count &+ stars < Template.holeLimit else {
      throw TemplateProblem(at: start, "more than \(Template.holeLimit) holes; skip what is not needed with {*}")
    }
    let word = Array(rest.prefix(upTo: end))
    if word == [UInt8(ascii: "*")] {
      stars &+= 1
      add(.star, at: start)
    } else {
      let (kind, name) = try Self.meaning(of: word, at: start)
      if kind != .skip, holes.contains(where: { $0.name == name }) {
        throw TemplateProblem(at: start, "{\(name.asText.printable)} is there twice; skip one with {_}")
      }
      add(.hole(holes.count), at: start)
      holes.append(Hole(kind: kind, name: name, offset: start))
    }
    return end &+ 1
  }

  /// `_`, `=`, `NAME`, `NAME:text`, `NAME:config`.
  private static func meaning(
    of word: [UInt8], at offset: Int
  ) throws(TemplateProblem) -> (Template.Hole.Kind, [UInt8]) {
    if word == [UInt8(ascii: "_")] { return (.skip, word) }
    if word == [UInt8(ascii: "=")] { return (.list, word) }
    let halves = word.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false).map(
      Array.init)
    let name = halves.first ?? []
    try TemplateName.check(name, at: offset &+ 1)
    guard let kind = halves.dropFirst().first?.asText else {
      return (name == Array("step".utf8) ? .step : .metric, name)
    }
    switch kind {
    case "text": return (.text, name)
    case "config": return (.config, name)
    default:
      throw TemplateProblem(
        at: offset &+ 2 &+ name.count, "\"\(kind.printable)\" is no kind; after the colon stands text or config")
    }
  }
}

/// What a metric or a config key may be called.
enum TemplateName {
  static func check(_ name: [UInt8], at offset: Int) throws(TemplateProblem) {
    if name.isEmpty { throw TemplateProblem(at: offset, "a name is missing; {_} skips a number or a word") }
    guard name.first != 0x5F else {
      throw TemplateProblem(at: offset, "names that begin with _ are W&B's own; choose another")
    }
    guard isUsable(name) else {
      throw TemplateProblem(
        at: offset,
        "\"\(name.asText.printable)\" is no name, which has letters, digits and _ . / - only; write {{ for a brace")
    }
  }

  private static func isUsable(_ name: [UInt8]) -> Bool {
    let isMade = name.allSatisfy { $0.isWordByte || $0 == .point || $0 == 0x2F || $0 == 0x2D }
    return isMade && Array(name.asText.utf8) == name && name.asText.unicodeScalars.allSatisfy(\.isHarmless)
  }
}
