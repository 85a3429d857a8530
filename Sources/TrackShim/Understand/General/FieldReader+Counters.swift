/// Counters that stand between a name and its value.
extension FieldReader {
  /// `3epoch`
  mutating func takeCounterBefore(_ token: LineToken, _ line: UnsafeRawBufferPointer) -> Bool {
    guard found.fields.isEmpty, token.unitEnd > token.end, Words.counter(part(line, token.unit)) != nil else {
      return false
    }
    found.fields.append(LineField(label: token.unit, heading: 0..<0, link: .blank, number: token, unit: 0..<0))
    return true
  }

  /// `Train: 3 [ 50/250 (20%)]`: the epoch, and how far it is.
  mutating func takeEpochOfSplit(_ token: LineToken, _ index: Int, _ line: UnsafeRawBufferPointer) -> Int? {
    guard labelWords == 1, link == .colon, token.isPlain, found.fields.isEmpty, Words.isSplit(lowered(line, lastWord)),
      let mark = tokens.at(index &+ 1), mark.kind == .mark(0x5B), mark.isApart, let batch = tokens.at(index &+ 2),
      batch.isPlain, tokens.isWhole(index &+ 3)
    else { return nil }
    found.epoch = token
    found.progress = batch
    found.isProgressOfBatches = true
    dropLabel()
    // What follows the fraction in its brackets is the same in percent.
    var at = index &+ 5
    while let token = tokens.at(at), token.kind != .mark(0x5D), at < index &+ 10 { at &+= 1 }
    return at &+ 1
  }

  /// `Cost after iteration 200: 0.69`: the number is the counter's, and what follows the colon the cost.
  mutating func takeCounterOfLabel(
    _ token: LineToken, _ index: Int, _ line: UnsafeRawBufferPointer
  ) -> Int? {
    guard let known = label, link == .blank, token.isPlain, let preposition, preposition.lowerBound > known.lowerBound,
      let mark = tokens.at(index &+ 1),
      mark.kind == .mark(0x3A) || mark.kind == .mark(0x3D) || Words.isVerbOfValue(part(line, mark.range)),
      tokens.at(index &+ 2)?.kind == .number, Words.isCounter(part(line, lastWord))
    else { return nil }
    found.fields.append(LineField(label: lastWord, heading: 0..<0, link: .blank, number: token, unit: 0..<0))
    cutLabel(known, before: preposition, line)
    return index &+ 2
  }

  /// `MSE after 10 epochs: 0.51`, `After 100 iterations: cost = 0.5`
  mutating func takeCountedOfLabel(_ token: LineToken, _ index: Int, _ line: UnsafeRawBufferPointer) -> Int? {
    guard let known = label, link == .blank, token.isPlain, let word = tokens.at(index &+ 1), word.kind == .word,
      let mark = tokens.at(index &+ 2), isAtOrAfter(line), isCounter(word, line)
    else { return nil }
    let isLinked = mark.kind == .mark(0x3A) || mark.kind == .mark(0x3D)
    guard labelWords == 1 ? isLinked || mark.kind == .mark(0x2C) : isLinked && tokens.at(index &+ 3)?.kind == .number
    else { return nil }
    found.fields.append(LineField(label: word.range, heading: 0..<0, link: .blank, number: token, unit: 0..<0))
    if labelWords == 1 {
      dropLabel()
      return index &+ 3
    }
    cutLabel(known, before: lastWord, line)
    return index &+ 2
  }

  /// `Log-likelihood (iter 10): -12.5`
  mutating func takeCounterInBrackets(_ index: Int, _ line: UnsafeRawBufferPointer) -> Int? {
    guard label != nil, link == .blank, let word = tokens.at(index &+ 1), word.kind == .word, isCounter(word, line)
    else {
      return nil
    }
    let isLinked = tokens.at(index &+ 2)?.kind == .mark(0x3D) || tokens.at(index &+ 2)?.kind == .mark(0x3A)
    let at = index &+ (isLinked ? 3 : 2)
    guard let number = tokens.at(at), number.isPlain, tokens.at(at &+ 1)?.kind == .mark(0x29),
      let mark = tokens.at(at &+ 2),
      mark.kind == .mark(0x3A) || mark.kind == .mark(0x3D), tokens.at(at &+ 3)?.kind == .number
    else { return nil }
    found.fields.append(LineField(label: word.range, heading: 0..<0, link: .blank, number: number, unit: 0..<0))
    return at &+ 2
  }

  private func isAtOrAfter(_ line: UnsafeRawBufferPointer) -> Bool {
    let word = lowered(line, lastWord)
    return word.elementsEqual(Words.at) || word.elementsEqual(Words.after)
  }

  private func isCounter(_ word: LineToken, _ line: UnsafeRawBufferPointer) -> Bool {
    Words.isCounter(part(line, word.range))
      || lowered(line, word.range).withUnsafeBytes { Words.weakCounter($0) != nil }
  }

  /// The label is what stands before a word of it.
  private mutating func cutLabel(_ known: Range<Int>, before word: Range<Int>, _ line: UnsafeRawBufferPointer) {
    var end = word.lowerBound
    // bounded: it is above the label's beginning
    while end > known.lowerBound, line[end &- 1].isBlank { end &-= 1 }
    label = known.lowerBound..<max(known.lowerBound, end)
    preposition = nil
    link = .colon
  }
}
