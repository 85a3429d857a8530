/// Takes a line apart into labelled numbers, and tells how much of it was something else.
///
/// A line that reports is nothing but labels, numbers, units and punctuation. Whatever is left over speaks
/// against it, so this counts what it leaves.
struct FieldReader {
  /// With its heading. What is longer is no name; names are kept.
  private static let longestLabel = 160

  private(set) var fields: [LineField] = []
  /// Words that name no number.
  private(set) var strayWords = 0
  /// Numbers that nothing names.
  private(set) var strayNumbers = 0
  /// `[12]` or `12:` at the line's beginning.
  private(set) var leadingNumber: LineToken?
  /// `[3/25][10/938]`: an epoch's and a batch's. This is the batch.
  private(set) var leadingBatch: LineToken?
  /// The number of progress stands in brackets behind a counter in brackets, or its unit counts: a batch.
  private(set) var isProgressOfBatches = false
  /// `450/1000` that nothing names: how far a bar is.
  private(set) var progress: LineToken?
  /// `Dropout(p=0.1`: a piece of code, or of how something is made.
  private(set) var isCall = false
  private(set) var tokens = LineTokens()

  private var label: Range<Int>?
  private var labelWords = 0
  private var lastWord = 0..<0
  private var link = LineField.Link.blank
  private var heading = 0..<0
  private var isTable = false

  /// False when the line is nothing to read fields in.
  mutating func read(_ line: UnsafeRawBufferPointer, from start: Int) -> Bool {
    fields.removeAll(keepingCapacity: true)
    strayWords = 0
    strayNumbers = 0
    leadingNumber = nil
    leadingBatch = nil
    isProgressOfBatches = false
    lastWord = 0..<0
    progress = nil
    heading = 0..<0
    isCall = false
    dropLabel()
    tokens.read(line, from: start)
    guard !tokens.isTooLong, let first = tokens.at(0) else { return false }
    isTable = first.kind == .mark(0x7C) && first.end &- first.start == 1
    var index = takeLeadingNumber()
    while let token = tokens.at(index) {
      index = take(token, index, line)
      // No report has so many words, whatever follows.
      if strayWords > 4 || labelWords > 10 { return false }
    }
    endLabel()
    return true
  }

  private mutating func dropLabel() {
    label = nil
    labelWords = 0
    link = .blank
  }

  /// The label found no number.
  private mutating func endLabel() {
    strayWords &+= labelWords
    dropLabel()
  }

  private mutating func takeLeadingNumber() -> Int {
    guard let first = tokens.at(0), let second = tokens.at(1) else { return 0 }
    let isBar = second.kind == .mark(0x7C) && second.isApart && second.end &- second.start == 1
    if first.isPlain, isBar || (second.kind == .mark(0x3A) && !second.isApart) {
      leadingNumber = first
      return 2
    }
    guard first.kind == .mark(0x5B), second.isPlain else { return 0 }
    let whole = tokens.isWhole(2) ? 2 : 0
    guard tokens.at(2 &+ whole)?.kind == .mark(0x5D) else { return 0 }
    leadingNumber = second
    let end = 3 &+ whole
    guard whole > 0, tokens.at(end)?.kind == .mark(0x5B), let batch = tokens.at(end &+ 1), batch.isPlain,
      tokens.isWhole(end &+ 2),
      tokens.at(end &+ 4)?.kind == .mark(0x5D)
    else { return end }
    leadingBatch = batch
    return end &+ 5
  }

  /// Returns where to go on.
  private mutating func take(_ token: LineToken, _ index: Int, _ line: UnsafeRawBufferPointer) -> Int {
    switch token.kind {
    case .word: return takeWord(token, index, line)
    case .quoted: return takeQuoted(token, index, line)
    case .number: return takeNumber(token, index, line)
    case .clock, .odd:
      if label == nil { strayNumbers &+= token.kind == .odd ? 1 : 0 }
      dropLabel()
      return index &+ 1
    case .mark(let byte): return takeMark(byte, token, index, line)
    }
  }

  // MARK: Words

  private mutating func takeWord(_ token: LineToken, _ index: Int, _ line: UnsafeRawBufferPointer) -> Int {
    if let label, link == .blank, isNumeral(token, in: line), Words.isCounter(part(line, label)) {
      let digits = LineToken(
        kind: .number, start: token.start &+ 1, end: token.end, unitEnd: token.end, isApart: false)
      add(digits, unit: 0..<0)
      dropLabel()
      return index &+ 1
    }
    if label != nil, link == .equals, !token.isApart {
      dropLabel()
      return tokens.endOfValue(index)
    }
    if let known = label, link == .colon {
      // `ValueError: shape mismatch: …`: one heading says what it is about, two tell a story.
      if !heading.isEmpty { strayWords &+= 1 }
      heading = known
      dropLabel()
    }
    if let known = label {
      label = known.lowerBound..<max(known.lowerBound, token.end)
    } else {
      label = token.range
    }
    labelWords &+= 1
    lastWord = token.range
    return index &+ 1
  }

  /// `EM sub_iter=0`: right before `=` stands a name of one word, unless it says of what data it is.
  private mutating func shortenLabel(_ line: UnsafeRawBufferPointer) {
    guard let known = label, labelWords > 1 else { return }
    let name = lowered(line, lastWord)
    guard Words.counter(name) != nil || name.contains(0x5F) else { return }
    let before = lowered(line, known.lowerBound..<max(known.lowerBound, lastWord.lowerBound))
    guard !before.split(separator: 0x20).contains(where: { Words.isSplit(Array($0)) }) else { return }
    heading = known.lowerBound..<max(known.lowerBound, lastWord.lowerBound)
    label = lastWord
    labelWords = 1
  }

  /// `#12`
  private func isNumeral(_ token: LineToken, in line: UnsafeRawBufferPointer) -> Bool {
    let text = line.part(token.start, token.end)
    return text.first == 0x23 && text.dropFirst().allSatisfy { $0.isDigit }
  }

  private mutating func takeQuoted(_ token: LineToken, _ index: Int, _ line: UnsafeRawBufferPointer) -> Int {
    if label != nil, link != .blank {
      let inside = token.start &+ 1..<max(token.start &+ 1, token.end &- 1)
      if let number = PrintedNumber(in: line, at: inside.lowerBound), number.range.upperBound == inside.upperBound {
        let value = LineToken(
          kind: .number, start: inside.lowerBound, end: inside.upperBound, unitEnd: inside.upperBound, isApart: false)
        add(value, unit: 0..<0)
      }
      dropLabel()
      return index &+ 1
    }
    endLabel()
    if tokens.at(index &+ 1)?.kind == .mark(0x3A) {
      label = token.start &+ 1..<max(token.start &+ 1, token.end &- 1)
      labelWords = 1
    }
    return index &+ 1
  }

  // MARK: Numbers

  private mutating func takeNumber(_ token: LineToken, _ index: Int, _ line: UnsafeRawBufferPointer) -> Int {
    if isWordOfLabel(token, index, line) { return takeWord(token, index, line) }
    if label != nil, link != .blank, let end = tokens.endOfList(index) {
      dropLabel()
      return end
    }
    var next = index &+ 1
    var isFraction = false
    if let whole = tokens.wholeOfFraction(next, line) {
      isFraction = true
      next = whole &+ 1
    }
    var unit = token.end..<max(token.end, token.unitEnd)
    if unit.isEmpty, !isFraction, let word = tokens.at(next), word.kind == .word, tokens.isUnit(word, next, line) {
      unit = word.range
      next &+= 1
    } else if unit.isEmpty, tokens.isUnitOfPercent(next) {
      unit = tokens.at(next)?.range ?? unit
      next &+= 1
    }
    if isFraction, isInBrackets(index, next), !namesCounter(line) {
      // `Test: [ 1/79]`, `Epoch: [0][ 10/5005]`
      progress = progress ?? token
      isProgressOfBatches = true
      endHeading()
    } else if label != nil {
      if isFraction, let share = tokens.shareOfFraction(next) {
        add(share, unit: share.end..<max(share.end, share.unitEnd))
      } else {
        add(token, unit: unit)
      }
    } else if !unit.isEmpty, Words.isMetricsUnit(part(line, unit)) {
      fields.append(LineField(label: 0..<0, heading: 0..<0, link: .blank, number: token, unit: unit))
    } else if isFraction {
      if progress == nil, !tokens.isPercentNext(next) { progress = token }
      if let word = tokens.at(next), word.kind == .word, Words.isCounted(part(line, word.range)) {
        isProgressOfBatches = true
        next &+= 1
      }
    } else if unit.isEmpty {
      strayNumbers &+= 1
    }
    dropLabel()
    return tokens.endOfRemarks(next, line)
  }

  private func isInBrackets(_ index: Int, _ next: Int) -> Bool {
    guard tokens.at(index &- 1)?.kind == .mark(0x5B), tokens.at(next)?.kind == .mark(0x5D) else { return false }
    return label != nil || tokens.at(index &- 2)?.kind == .mark(0x5D)
  }

  private func namesCounter(_ line: UnsafeRawBufferPointer) -> Bool {
    guard let label else { return false }
    return !label.isEmpty && Words.isCounter(part(line, lastWord))
  }

  /// What the label names follows.
  private mutating func endHeading() {
    if let label { heading = label }
    dropLabel()
  }

  /// The `nan` of `number of nan iterations: 0`.
  private func isWordOfLabel(_ token: LineToken, _ index: Int, _ line: UnsafeRawBufferPointer) -> Bool {
    guard label != nil, link == .blank, token.start < line.count, line[token.start].isLetter else { return false }
    var at = index &+ 1
    while tokens.at(at)?.kind == .word { at &+= 1 }
    guard at > index &+ 1, let end = tokens.at(at) else { return false }
    return end.kind == .mark(0x3A) || end.kind == .mark(0x3D)
  }

  private mutating func add(_ number: LineToken, unit: Range<Int>) {
    guard let label else { return }
    guard label.count &+ heading.count <= Self.longestLabel else {
      strayWords &+= 1
      return
    }
    fields.append(LineField(label: label, heading: heading, link: link, number: number, unit: unit))
  }

  private func part(_ line: UnsafeRawBufferPointer, _ range: Range<Int>) -> UnsafeRawBufferPointer {
    line.part(range.lowerBound, range.upperBound)
  }

  private func lowered(_ line: UnsafeRawBufferPointer, _ range: Range<Int>) -> [UInt8] {
    range.isEmpty ? [] : line.part(range.lowerBound, range.upperBound).map(\.lowercasedASCII)
  }

  // MARK: Marks

  private mutating func takeMark(
    _ byte: UInt8, _ token: LineToken, _ index: Int, _ line: UnsafeRawBufferPointer
  ) -> Int {
    switch byte {
    case 0x3A where label != nil: link = .colon
    case 0x3D where label != nil:
      if !token.isApart, tokens.at(index &+ 1)?.isApart == false { shortenLabel(line) }
      link = .equals
    case 0x28:
      if let end = endOfLabelsUnit(index) { return end }
      if label != nil, !token.isApart, tokens.at(index &+ 1)?.kind == .word, tokens.at(index &+ 2)?.kind == .mark(0x3D)
      {
        isCall = true
      }
      if labelWords > 0, link == .blank { endLabel() }
    case 0x7C:
      if isTable, label != nil, link == .blank, token.end &- token.start == 1, tokens.at(index &+ 1)?.kind == .number {
        link = .bar
      } else {
        endLabel()
        heading = 0..<0
      }
    case 0x5D:
      // `[valid] loss 3`
      if let known = label, labelWords == 1, tokens.at(index &- 2)?.kind == .mark(0x5B) {
        heading = known
        dropLabel()
      }
      endLabel()
    case 0x2C, 0x29: endLabel()
    case 0x3B, 0x7D:
      endLabel()
      heading = 0..<0
    case 0x2D:
      if let known = label, link == .blank {
        heading = known
        dropLabel()
      }
    case 0x21, 0x3F, 0x24, 0x5C, 0x60: strayWords &+= 1
    default: break
    }
    return index &+ 1
  }

  /// `elapsed time (ms): 12`: the brackets are a part of the label. Returns where its link stands.
  private mutating func endOfLabelsUnit(_ index: Int) -> Int? {
    guard let known = label, link == .blank else { return nil }
    var at = index &+ 1
    while let token = tokens.at(at), token.kind == .word || token.kind == .mark(0x25), at &- index <= 3 { at &+= 1 }
    guard at > index &+ 1, let close = tokens.at(at), close.kind == .mark(0x29) else { return nil }
    guard let next = tokens.at(at &+ 1), next.kind == .mark(0x3A) || next.kind == .mark(0x3D) else { return nil }
    label = known.lowerBound..<max(known.lowerBound, close.end)
    return at &+ 1
  }
}
