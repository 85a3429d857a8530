/// Takes a line apart into labelled numbers, and tells how much of it was something else.
///
/// A line that reports is nothing but labels, numbers, units and punctuation. Whatever is left over speaks
/// against it, so this counts what it leaves.
struct FieldReader {
  /// With its heading. What is longer is no name; names are kept.
  static let longestLabel = 160

  /// Of the last line.
  var found = LineReading()
  var tokens = LineTokens()

  var label: Range<Int>?
  var labelWords = 0
  var lastWord = 0..<0
  /// Where the label's second word begins.
  var secondWord = 0
  /// `after` in `Cost after iteration 200: 0.69`.
  var preposition: Range<Int>?
  var link = LineField.Link.blank
  var heading = 0..<0
  /// What the whole line is of: `- Valid | Epoch 1 | Loss 0.2`, `Test epoch 3: loss 0.2`.
  var section = 0..<0
  var isTable = false
  var isInList = false
  /// `train (loss 0.5 acc 0.9)`
  var isInGroup = false
  /// Of `train/val loss 0.5/0.6`.
  var splits: (Range<Int>, Range<Int>)?

  /// False when the line is nothing to read fields in.
  mutating func read(_ line: UnsafeRawBufferPointer, from start: Int) -> Bool {
    found.clear()
    lastWord = 0..<0
    heading = 0..<0
    section = 0..<0
    isInList = false
    isInGroup = false
    splits = nil
    dropLabel()
    tokens.read(line, from: start)
    guard !tokens.isTooLong, let first = tokens.at(0) else { return false }
    if takeTuple(line) {
      found.leadsWithLabel = true
      return true
    }
    isTable = first.kind == .mark(0x7C) && first.end &- first.start == 1
    found.leading = LeadingCounter(tokens)
    var index = found.leading.end
    while let token = tokens.at(index) {
      index = take(token, index, line)
      // No report has so many words, whatever follows.
      if found.strayWords > 4 || labelWords > 10 { return false }
    }
    endLabel()
    nameRepeated(line)
    headByFirst(line)
    found.leadsWithLabel = found.fields.first?.label.lowerBound == first.start
    return true
  }

  mutating func dropLabel() {
    label = nil
    labelWords = 0
    preposition = nil
    link = .blank
  }

  /// The label found no number.
  mutating func endLabel() {
    found.strayWords &+= labelWords
    dropLabel()
  }

  /// Returns where to go on.
  mutating func take(_ token: LineToken, _ index: Int, _ line: UnsafeRawBufferPointer) -> Int {
    switch token.kind {
    case .word: return takeWord(token, index, line)
    case .quoted: return takeQuoted(token, index, line)
    case .number: return takeNumber(token, index, line)
    case .clock, .odd:
      if label == nil { found.strayNumbers &+= token.kind == .odd ? 1 : 0 }
      dropLabel()
      return index &+ 1
    case .mark(let byte): return takeMark(byte, token, index, line)
    }
  }

  mutating func add(
    _ number: LineToken, _ line: UnsafeRawBufferPointer, unit: Range<Int>, hasWhole: Bool = false
  ) {
    guard let label else { return }
    takeSectionOfCounter(line)
    let heading = heading.isEmpty ? section : heading
    guard label.count &+ heading.count <= Self.longestLabel else {
      found.strayWords &+= 1
      return
    }
    found.fields.append(
      LineField(
        label: label, heading: heading, link: link, number: number, unit: unit, isListed: isInList,
        words: labelWords, hasWhole: hasWhole))
  }

  func part(_ line: UnsafeRawBufferPointer, _ range: Range<Int>) -> UnsafeRawBufferPointer {
    line.part(range.lowerBound, range.upperBound)
  }

  func lowered(_ line: UnsafeRawBufferPointer, _ range: Range<Int>) -> [UInt8] {
    range.isEmpty ? [] : line.part(range.lowerBound, range.upperBound).map(\.lowercasedASCII)
  }
}
