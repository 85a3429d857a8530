/// Words: labels, headings, and text that is none of these.
extension FieldReader {
  mutating func takeWord(_ token: LineToken, _ index: Int, _ line: UnsafeRawBufferPointer) -> Int {
    if isNumberOfSomething(index, line), isNumberOfSomething(index &+ 1, line) || isNumberOfSomething(index &- 1, line)
    {
      endLabel()
      found.strayNumbers &+= 1
      return index &+ 1
    }
    // `--batch 64`: how something was called.
    if !token.isApart, tokens.at(index &- 1)?.kind == .mark(0x2D), tokens.at(index &- 2)?.kind == .mark(0x2D),
      line[token.start] &- 0x41 >= 26  // bounded: a word has letters
    {
      found.strayWords &+= 2
    }
    if let label, link == .blank, isNumeral(token, in: line), Words.isCounter(part(line, label)) {
      let digits = LineToken(
        kind: .number, start: token.start &+ 1, end: token.end, unitEnd: token.end, isApart: false)
      add(digits, line, unit: 0..<0)
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
      add(digits, line, unit: 0..<0)
      dropLabel()
      return index &+ 1
    }
    if found.fields.isEmpty, Words.isOfFiles(part(line, token.range)) { found.tellsOfFiles = true }
    if label != nil, link == .colon, labelWords == 1, Words.isOfText(part(line, lastWord)),
      let tab = line.part(token.end, min(line.count, token.end &+ Self.longestLabel)).first(0x09)
    {
      dropLabel()
      return tokens.first(from: index, at: token.end &+ tab)
    }
    if label != nil, link == .colon, tokens.isTextValue(index) {
      // `head: default,`
      dropLabel()
      return tokens.endOfValue(index)
    }
    if let known = label, link == .colon {
      // `ValueError: shape mismatch: …`: one heading says what it is about, two tell a story.
      if !heading.isEmpty, !isHeadingOfSplits(line) { found.strayWords &+= 1 }
      if Words.isException(part(line, lastWord)) { found.strayWords &+= 3 }
      if found.fields.isEmpty, labelWords == 1, Words.isSplit(firstWord(line)) { section = known }
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

  /// `loss: train 0.51 val 0.62 acc: train 0.9 val 0.8`
  func isHeadingOfSplits(_ line: UnsafeRawBufferPointer) -> Bool {
    guard labelWords == 1, Words.isResult(lowered(line, lastWord)), let last = found.fields.last else { return false }
    return last.heading == heading && Words.isSplit(lowered(line, last.label))
  }

  /// Of `E03 B0100 loss=0.5`: side by side they are counters, and as a label there would be another one in each line.
  func isNumberOfSomething(_ index: Int, _ line: UnsafeRawBufferPointer) -> Bool {
    guard let token = tokens.at(index), token.kind == .word else { return false }
    let word = part(line, token.range)
    guard let digit = word.firstIndex(of: 0x30), (1...2).contains(digit), digit &+ 1 < word.count else { return false }
    return word.part(0, digit).allSatisfy { $0.isLetter } && word.part(digit, word.count).allSatisfy { $0.isDigit }
  }

  /// `tensor(0.51, grad_fn=<MseLossBackward0>)`
  func isTensor(_ token: LineToken, _ index: Int, _ line: UnsafeRawBufferPointer) -> Bool {
    let name = "tensor"
    return part(line, token.range).elementsEqual(name.utf8) && tokens.at(index &+ 1)?.kind == .mark(0x28)
      && tokens.at(index &+ 2)?.kind == .number
  }

  mutating func takeTensor(_ index: Int, _ line: UnsafeRawBufferPointer) -> Int {
    if let number = tokens.at(index &+ 2) { add(number, line, unit: 0..<0) }
    dropLabel()
    return tokens.closing(index &+ 1).map { $0 &+ 1 } ?? index &+ 3
  }

  /// `the error is 0.03`: what is measured, an `is`, and a number.
  mutating func isVerbOfValue(_ token: LineToken, _ index: Int, _ line: UnsafeRawBufferPointer) -> Bool {
    guard let known = label, tokens.at(index &+ 1)?.kind == .number, Words.isVerbOfValue(part(line, token.range)),
      labelWords <= 5, hasResult(line, known)
    else { return false }
    let first = part(line, known).prefix { !$0.isBlank }
    if labelWords > 1, Words.isArticle(part(line, known.lowerBound..<known.lowerBound &+ first.count)) {
      label = secondWord..<max(secondWord, known.upperBound)
    }
    return true
  }

  /// `avg loss so far`
  func hasResult(_ line: UnsafeRawBufferPointer, _ label: Range<Int>) -> Bool { has(.result, in: label, line) }

  private func has(_ kind: WordKinds, in label: Range<Int>, _ line: UnsafeRawBufferPointer) -> Bool {
    var words = LabelWords(part(line, label), isWhole: true)
    while let word = words.next() {
      if Words.kinds(of: word).contains(kind) { return true }
    }
    return false
  }

  /// `EM sub_iter=0`: right before `=` stands a name of one word, unless it says of what data it is.
  mutating func shortenLabel(_ line: UnsafeRawBufferPointer) {
    guard let known = label, labelWords > 1 else { return }
    // `Step 3 Accept update with alpha=1.0`
    let isTold = found.fields.contains { Words.isCounter(part(line, $0.label)) } && has(.prose, in: known, line)
    guard Words.isCounter(part(line, lastWord)) || part(line, lastWord).contains(0x5F) || isTold else { return }
    if isTold {
      label = lastWord
      labelWords = 1
      return
    }
    let name = lowered(line, lastWord)
    let isSplit = name.split(separator: 0x5F).contains { Words.isSplit(Array($0)) }
    let before = lowered(line, known.lowerBound..<max(known.lowerBound, lastWord.lowerBound))
    guard isSplit || !before.split(separator: 0x20).contains(where: { Words.isSplit(Array($0)) }) else { return }
    heading = known.lowerBound..<max(known.lowerBound, lastWord.lowerBound)
    label = lastWord
    labelWords = 1
  }

  /// `#12`
  func isNumeral(_ token: LineToken, in line: UnsafeRawBufferPointer) -> Bool {
    let text = line.part(token.start, token.end)
    return text.first == 0x23 && text.dropFirst().allSatisfy { $0.isDigit }
  }

  mutating func takeQuoted(_ token: LineToken, _ index: Int, _ line: UnsafeRawBufferPointer) -> Int {
    if label != nil, link != .blank, tokens.at(index &+ 1)?.kind != .mark(0x3A) {
      let inside = token.start &+ 1..<max(token.start &+ 1, token.end &- 1)
      if let number = PrintedNumber(in: line, at: inside.lowerBound), number.range.upperBound == inside.upperBound {
        let value = LineToken(
          kind: .number, start: inside.lowerBound, end: inside.upperBound, unitEnd: inside.upperBound, isApart: false)
        add(value, line, unit: 0..<0)
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
}
