import TrackShim

/// A line taken apart as templates see it: what the lines of one kind have in common, and what differs.
///
/// Numbers are those that a hole can take and somebody would want. What only looks like some, a date, a time, an address,
/// a version, a name with digits, is a `token`: it may differ from line to line, and is skipped. One value is used again
/// for all lines.
struct LineShape {
  enum Kind { case word, number, token, blank, mark }

  struct Piece: Equatable {
    var kind: Kind
    var range: Range<Int>
  }

  /// Far above what anybody prints for people, so that a table of shapes has a bound.
  static let longest = 2048
  /// Numbers and tokens of one line: what a template has room for.
  static let mostHoles = Template.holeLimit

  private(set) var pieces: [Piece] = []
  /// Equal for lines that one template can describe. Blanks beside a number count only where a word is on the other side.
  private(set) var key: [UInt8] = []
  /// The last line has numbers, and what no terminal may be given.
  private(set) var isUnshowable = false
  private var holes = 0

  // No line that is taken has these bytes.
  static let numberByte: UInt8 = 1
  static let tokenByte: UInt8 = 2
  static let maskByte: UInt8 = 3

  /// False for a line that cannot be learned from: no number, too long, or with what no template could be shown with.
  mutating func take(_ line: UnsafeRawBufferPointer) -> Bool {
    pieces.removeAll(keepingCapacity: true)
    holes = 0
    isUnshowable = false
    guard line.count <= Self.longest else { return false }
    guard Self.isPlain(line) else {
      isUnshowable = RunBytes.hasDigit(line)
      return false
    }
    var index = 0
    while index < line.count { index = takePiece(line, index) }
    guard holes <= Self.mostHoles, pieces.contains(where: { $0.kind == .number }) else { return false }
    makeKey(line)
    return true
  }

  /// No control characters and nothing else that a terminal would obey, turn round or hide.
  private static func isPlain(_ line: UnsafeRawBufferPointer) -> Bool {
    var isASCII = true
    for byte in line {
      if byte >= 0x80 { isASCII = false } else if (byte < 0x20 && byte != 0x09) || byte == 0x7F { return false }
    }
    if isASCII { return true }
    let text = String(decoding: line, as: UTF8.self)
    return text.utf8.elementsEqual(line) && text.unicodeScalars.allSatisfy { $0.isHarmless || $0 == "\t" }
  }

  // MARK: Pieces

  private mutating func add(_ kind: Kind, _ start: Int, _ end: Int) {
    guard start < end else { return }
    if kind == .number || kind == .token { holes &+= 1 }
    pieces.append(Piece(kind: kind, range: start..<end))
  }

  // bounded: its caller has seen that `start` is in the line
  private mutating func takePiece(_ line: UnsafeRawBufferPointer, _ start: Int) -> Int {
    var end = start
    if line[start].isBlank {
      while end < line.count, line[end].isBlank { end &+= 1 }
      add(.blank, start, end)
      return end
    }
    guard RunBytes.begins(line, at: start) else {
      add(.mark, start, start &+ 1)
      return start &+ 1
    }
    end = RunBytes.end(line, from: start)
    takeRun(line, start, end)
    return end
  }

  /// Letters, digits and what joins them.
  private mutating func takeRun(_ line: UnsafeRawBufferPointer, _ start: Int, _ end: Int) {
    let run = line.part(start, end)
    if RunBytes.isMoment(run) { return add(.token, start, end) }
    var field = start
    for index in start..<end where index >= field {
      guard index < line.count, line[index] == 0x3A || line[index] == 0x2F else { continue }
      let isColon = line[index] == 0x3A
      if isColon, RunBytes.isAddress(line.part(field, index)), index &+ 1 < end, line[index &+ 1].isDigit {
        return add(.token, field, end)
      }
      takeField(line, field, index)
      add(.mark, index, index &+ 1)
      field = index &+ 1
    }
    takeField(line, field, end)
  }

  private mutating func takeField(_ line: UnsafeRawBufferPointer, _ start: Int, _ end: Int) {
    guard start < end else { return }
    let field = line.part(start, end)
    if let number = GroupedNumber(in: field, at: 0, before: nil) {
      let size = number.range.upperBound
      if size == field.count { return add(.number, start, end) }
      if RunBytes.isUnit(field.part(size, field.count)), RunBytes.hasDigit(field.part(0, size)) {
        add(.number, start, start &+ size)
        return add(.word, start &+ size, end)
      }
    }
    add(RunBytes.isWord(field) ? .word : .token, start, end)
  }

  // MARK: Key

  private mutating func makeKey(_ line: UnsafeRawBufferPointer) {
    key.removeAll(keepingCapacity: true)
    for (index, piece) in pieces.enumerated() {
      switch piece.kind {
      case .word, .mark: key.append(contentsOf: line.part(piece.range.lowerBound, piece.range.upperBound))
      case .number: key.append(Self.numberByte)
      case .token: key.append(Self.tokenByte)
      case .blank: if !isLoose(index) { key.append(0x20) }
      }
    }
  }

  /// Between punctuation and a number, where templates let blanks be or not.
  private func isLoose(_ index: Int) -> Bool {
    guard index > 0, index &+ 1 < pieces.count else { return true }
    let before = pieces[index &- 1].kind, after = pieces[index &+ 1].kind
    return (before == .mark && after == .number) || (before == .number && after == .mark)
  }
}
