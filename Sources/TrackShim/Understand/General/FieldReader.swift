/// Takes a line apart into labelled numbers, and tells how much of it was something else.
///
/// A line that reports is nothing but labels, numbers, units and punctuation. Whatever is left over speaks
/// against it, so this counts what it leaves.
struct FieldReader {
  /// With its heading. What is longer is no name; names are kept.
  private static let longestLabel = 160

  /// Of the last line.
  var found = LineReading()
  private(set) var tokens = LineTokens()

  private var label: Range<Int>?
  private var labelWords = 0
  private var lastWord = 0..<0
  /// Where the label's second word begins.
  private var secondWord = 0
  /// `after` in `Cost after iteration 200: 0.69`.
  private var preposition: Range<Int>?
  private var link = LineField.Link.blank
  private var heading = 0..<0
  private var isTable = false
  private var isInList = false

  /// False when the line is nothing to read fields in.
  mutating func read(_ line: UnsafeRawBufferPointer, from start: Int) -> Bool {
    found.clear()
    lastWord = 0..<0
    heading = 0..<0
    isInList = false
    dropLabel()
    tokens.read(line, from: start)
    guard !tokens.isTooLong, let first = tokens.at(0) else { return false }
    isTable = first.kind == .mark(0x7C) && first.end &- first.start == 1
    found.leading = LeadingCounter(tokens)
    var index = found.leading.end
    while let token = tokens.at(index) {
      index = take(token, index, line)
      // No report has so many words, whatever follows.
      if found.strayWords > 4 || labelWords > 10 { return false }
    }
    endLabel()
    return true
  }

  private mutating func dropLabel() {
    label = nil
    labelWords = 0
    preposition = nil
    link = .blank
  }

  /// The label found no number.
  private mutating func endLabel() {
    found.strayWords &+= labelWords
    dropLabel()
  }

  /// Returns where to go on.
  private mutating func take(_ token: LineToken, _ index: Int, _ line: UnsafeRawBufferPointer) -> Int {
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

  // MARK: Words

  private mutating func takeWord(_ token: LineToken, _ index: Int, _ line: UnsafeRawBufferPointer) -> Int {
    // `--batch 64`: how something was called.
    if !token.isApart, tokens.at(index &- 1)?.kind == .mark(0x2D), tokens.at(index &- 2)?.kind == .mark(0x2D) {
      found.strayWords &+= 2
    }
    if let label, link == .blank, isNumeral(token, in: line), Words.isCounter(part(line, label)) {
      let digits = LineToken(
        kind: .number, start: token.start &+ 1, end: token.end, unitEnd: token.end, isApart: false)
      add(digits, unit: 0..<0)
      dropLabel()
      return index &+ 1
    }
    if label != nil, isTensor(token, index, line) { return takeTensor(index, line) }
    if label != nil, link == .equals, !token.isApart {
      dropLabel()
      return tokens.endOfValue(index)
    }
    if label == nil, let start = Words.digitsOfCounter(part(line, token.range)) {
      // bounded: the word has digits from `start` on
      let digits = LineToken(
        kind: .number, start: token.start &+ start, end: token.end, unitEnd: token.end, isApart: false)
      label = token.start..<token.start &+ start
      add(digits, unit: 0..<0)
      dropLabel()
      return index &+ 1
    }
    if found.fields.isEmpty, Words.isOfFiles(lowered(line, token.range)) { found.tellsOfFiles = true }
    if label != nil, link == .colon, tokens.isTextValue(index) {
      // `head: default,`
      dropLabel()
      return tokens.endOfValue(index)
    }
    if let known = label, link == .colon {
      // `ValueError: shape mismatch: …`: one heading says what it is about, two tell a story.
      if !heading.isEmpty { found.strayWords &+= 1 }
      if Words.isException(part(line, lastWord)) { found.strayWords &+= 3 }
      heading = known
      dropLabel()
    }
    if label != nil, link == .blank, isVerbOfValue(token, index, line) {
      link = .equals
      return index &+ 1
    }
    if let known = label {
      if labelWords == 1 { secondWord = token.start }
      if Words.isPreposition(part(line, token.range)) { preposition = token.range }
      label = known.lowerBound..<max(known.lowerBound, token.end)
    } else {
      label = token.range
    }
    labelWords &+= 1
    lastWord = token.range
    return index &+ 1
  }

  /// `tensor(0.51, grad_fn=<MseLossBackward0>)`
  private func isTensor(_ token: LineToken, _ index: Int, _ line: UnsafeRawBufferPointer) -> Bool {
    let name = "tensor"
    return part(line, token.range).elementsEqual(name.utf8) && tokens.at(index &+ 1)?.kind == .mark(0x28)
      && tokens.at(index &+ 2)?.kind == .number
  }

  private mutating func takeTensor(_ index: Int, _ line: UnsafeRawBufferPointer) -> Int {
    if let number = tokens.at(index &+ 2) { add(number, unit: 0..<0) }
    dropLabel()
    return tokens.closing(index &+ 1).map { $0 &+ 1 } ?? index &+ 3
  }

  /// `the error is 0.03`: what is measured, an `is`, and a number.
  private mutating func isVerbOfValue(_ token: LineToken, _ index: Int, _ line: UnsafeRawBufferPointer) -> Bool {
    guard let known = label, tokens.at(index &+ 1)?.kind == .number, Words.isVerbOfValue(part(line, token.range)),
      Words.isResult(lowered(line, lastWord)), labelWords <= 4
    else { return false }
    let first = part(line, known).prefix { !$0.isBlank }
    if labelWords > 1, Words.isArticle(part(line, known.lowerBound..<known.lowerBound &+ first.count)) {
      label = secondWord..<max(secondWord, known.upperBound)
    }
    return true
  }

  /// `Cost after iteration 200: 0.69`: the number is the counter's, and what follows the colon the cost.
  private mutating func takeCounterOfLabel(
    _ token: LineToken, _ index: Int, _ line: UnsafeRawBufferPointer
  ) -> Int? {
    guard let known = label, link == .blank, token.isPlain, let preposition, preposition.lowerBound > known.lowerBound,
      let mark = tokens.at(index &+ 1),
      mark.kind == .mark(0x3A) || mark.kind == .mark(0x3D) || Words.isVerbOfValue(part(line, mark.range)),
      tokens.at(index &+ 2)?.kind == .number, Words.isCounter(part(line, lastWord))
    else { return nil }
    found.fields.append(LineField(label: lastWord, heading: 0..<0, link: .blank, number: token, unit: 0..<0))
    var end = preposition.lowerBound
    // bounded: it is above the label's beginning
    while end > known.lowerBound, line[end &- 1].isBlank { end &-= 1 }
    label = known.lowerBound..<max(known.lowerBound, end)
    self.preposition = nil
    link = .colon
    return index &+ 2
  }

  /// `EM sub_iter=0`: right before `=` stands a name of one word, unless it says of what data it is.
  private mutating func shortenLabel(_ line: UnsafeRawBufferPointer) {
    guard let known = label, labelWords > 1 else { return }
    let name = lowered(line, lastWord)
    guard Words.counter(name) != nil || name.contains(0x5F) else { return }
    let isSplit = name.split(separator: 0x5F).contains { Words.isSplit(Array($0)) }
    let before = lowered(line, known.lowerBound..<max(known.lowerBound, lastWord.lowerBound))
    guard isSplit || !before.split(separator: 0x20).contains(where: { Words.isSplit(Array($0)) }) else { return }
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
    if label != nil, link != .blank, tokens.at(index &+ 1)?.kind != .mark(0x3A) {
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
    if let next = takeCounterOfLabel(token, index, line) { return next }
    if labelWords == 1, link == .blank, token.isPlain, let mark = tokens.at(index &+ 1), mark.kind == .mark(0x3A),
      !mark.isApart, Words.isSplit(lowered(line, lastWord))
    {
      // `eval 100: …`
      dropLabel()
      return index &+ 2
    }
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
    var unit = token.unit
    if unit.isEmpty, !isFraction, let word = tokens.at(next), word.kind == .word,
      tokens.isUnit(word, next, line, isBare: label == nil, isLinked: label != nil && link != .blank)
    {
      unit = word.range
      next &+= 1
    } else if unit.isEmpty, tokens.isUnitOfPercent(next) {
      unit = tokens.at(next)?.range ?? unit
      next &+= 1
    }
    if unit.count == 1, line.part(unit.lowerBound, unit.upperBound).first == 0x25, tokens.at(next)?.kind == .mark(0x7C),
      tokens.at(next)?.isApart == false
    {
      // `Steps:  33%|███ | 33/100`
      dropLabel()
      return next &+ 1
    }
    if isFraction, isInBrackets(index, next), !namesCounter(line) {
      // `Test: [ 1/79]`, `Epoch: [0][ 10/5005]`
      found.progress = found.progress ?? token
      found.isProgressOfBatches = true
      endHeading()
    } else if label != nil, token.thousands > 0, let word = tokens.at(next), word.kind == .word,
      Words.isCounted(part(line, word.range))
    {
      // `seen 1.2k batches`
      next &+= 1
    } else if label != nil {
      if link == .blank, lastWord.count > 3, labelWords > 1, part(line, lastWord).contains(0x5F) { shortenLabel(line) }
      if isFraction, !namesCounter(line), let share = tokens.shareOfFraction(next) {
        add(share, unit: share.unit)
        if tokens.at(next)?.kind == .mark(0x3D) { next &+= 2 }
      } else {
        add(token, unit: unit, hasWhole: isFraction)
      }
    } else if !isFraction, let end = tokens.endOfNameBehind(next) {
      // `987.06 loss,`
      if let first = tokens.at(next), let last = tokens.at(end &- 1) {
        found.fields.append(
          LineField(
            label: first.start..<max(first.start, last.end), heading: 0..<0, link: .blank, number: token, unit: unit,
            isReversed: true))
      }
      next = end
    } else if !unit.isEmpty, Words.isMetricsUnit(part(line, unit)) {
      found.fields.append(LineField(label: 0..<0, heading: 0..<0, link: .blank, number: token, unit: unit))
    } else if isFraction {
      if found.progress == nil, !tokens.isPercentNext(next) { found.progress = token }
      if let word = tokens.at(next), word.kind == .word, Words.isCounted(part(line, word.range)) {
        found.isProgressOfBatches = true
        next &+= 1
      }
    } else if unit.isEmpty {
      found.strayNumbers &+= 1
    } else if unit.count == 1, part(line, unit).first == 0x25 {
      found.unnamedValues &+= 1
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
    guard label != nil, link == .blank, token.start < line.count else { return false }
    // `Accuracy of the network on the 10000 test images: 54 %`
    guard line[token.start].isLetter || (labelWords > 2 && token.isPlain && Words.isResult(firstWord(line))) else {
      return false
    }
    var at = index &+ 1
    while tokens.at(at)?.kind == .word { at &+= 1 }
    guard at > index &+ 1, let end = tokens.at(at) else { return false }
    return end.kind == .mark(0x3A) || end.kind == .mark(0x3D)
  }

  private func firstWord(_ line: UnsafeRawBufferPointer) -> [UInt8] {
    label.map { part(line, $0).prefix { !$0.isBlank }.map(\.lowercasedASCII) } ?? []
  }

  private mutating func add(_ number: LineToken, unit: Range<Int>, hasWhole: Bool = false) {
    guard let label else { return }
    guard label.count &+ heading.count <= Self.longestLabel else {
      found.strayWords &+= 1
      return
    }
    found.fields.append(
      LineField(
        label: label, heading: heading, link: link, number: number, unit: unit, isListed: isInList,
        hasWhole: hasWhole))
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
      if let end = endOfLabelsBrackets(index, token) { return end }
      if label != nil, !token.isApart, tokens.at(index &+ 1)?.kind == .word, tokens.at(index &+ 2)?.kind == .mark(0x3D)
      {
        found.isCall = true
      }
      if labelWords > 0, link == .blank { endLabel() }
    case 0x7C:
      let isLast = tokens.at(index &+ 1)?.kind == .number && tokens.at(index &+ 2) == nil && !found.fields.isEmpty
      if isTable || isLast, label != nil, link == .blank, token.end &- token.start == 1,
        tokens.at(index &+ 1)?.kind == .number
      {
        link = .bar
      } else {
        endLabel()
        heading = 0..<0
      }
    case 0x5B where label != nil && link == .blank && !token.isApart && tokens.beginsList(index &+ 1):
      // `tot_loss[loss=7.3, simple_loss=7.0]`
      endHeading()
      isInList = true
    case 0x5D where isInList:
      endLabel()
      heading = 0..<0
      isInList = false
    case 0x5D:
      // `[valid] loss 3`
      if let known = label, labelWords == 1, tokens.at(index &- 2)?.kind == .mark(0x5B) {
        heading = known
        dropLabel()
      }
      endLabel()
    case 0x2C, 0x29: endLabel()
    // `train loss ......... 1.17`
    case 0x2E where label != nil && link == .blank && tokens.leaders(index) != nil:
      link = .colon
      return tokens.leaders(index) ?? index &+ 1
    case 0x2E: tokens.at(index &+ 1)?.kind == .mark(0x2E) ? endLabel() : takeStop(index, line)
    case 0x3B, 0x7D:
      endLabel()
      heading = 0..<0
    case 0x2D:
      if let known = label, link == .blank {
        heading = known
        dropLabel()
      }
    // `loss 0.51 -> 0.47`: a change is no value.
    case 0x3E
    where !token.isApart && tokens.at(index &- 1)?.kind == .mark(0x2D)
      && tokens.at(index &+ 1)?.kind == .number:
      found.strayWords &+= 3
    case 0x24 where label != nil && tokens.at(index &+ 1)?.kind == .number:
      // `-$721.03`: not what is printed.
      dropLabel()
      return index &+ 2
    case 0x21, 0x3F, 0x24, 0x5C, 0x60: found.strayWords &+= 1
    default: break
    }
    return index &+ 1
  }

  /// `elapsed time (ms): 12`, `D(G(z)): 0.5`: the brackets are a part of the label. Returns where its link stands.
  private mutating func endOfLabelsBrackets(_ index: Int, _ open: LineToken) -> Int? {
    guard let known = label, link == .blank else { return nil }
    var at = index &+ 1, depth = 1
    while depth > 0, let token = tokens.at(at), at &- index <= 8 {
      switch token.kind {
      case .word, .mark(0x25), .mark(0x2C): break
      case .mark(0x28): depth &+= 1
      case .mark(0x29): depth &-= 1
      default: return nil
      }
      at &+= 1
    }
    guard depth == 0, at > index &+ 2, let close = tokens.at(at &- 1), let next = tokens.at(at) else { return nil }
    guard next.kind == .mark(0x3A) || next.kind == .mark(0x3D) else { return nil }
    label = known.lowerBound..<max(known.lowerBound, close.end)
    return at
  }

  /// `Func.`, `Mel-Spec.`
  private func isAbbreviation(_ line: UnsafeRawBufferPointer) -> Bool {
    let word = part(line, lastWord)
    let start = word.lastIndex(of: 0x2D).map { $0 &+ 1 } ?? 0
    return word.count &- start < 6 && start < word.count && word[start] &- 0x41 < 26
  }

  /// A full stop behind what is no abbreviation.
  private mutating func takeStop(_ index: Int, _ line: UnsafeRawBufferPointer) {
    guard label != nil, let next = tokens.at(index &+ 1), next.isApart, next.kind == .word, next.start < line.count,
      line[next.start] &- 0x41 < 26, lastWord.count > 3,
      !isAbbreviation(line)
    else { return }
    endLabel()
    heading = 0..<0
  }
}
