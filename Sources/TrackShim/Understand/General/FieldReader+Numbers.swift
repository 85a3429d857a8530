/// Numbers, and what around them says what they are.
extension FieldReader {
  mutating func takeNumber(_ token: LineToken, _ index: Int, _ line: UnsafeRawBufferPointer) -> Int {
    if isWordOfLabel(token, index, line) { return takeWord(token, index, line) }
    if let end = takeIndexInName(token, index, line) ?? takeNumberInName(token, index, line) { return end }
    if let end = endOfDate(token, index, line) ?? endOfDuration(token, index, line) {
      dropLabel()
      return end
    }
    // `Trainer.cpp:182`
    if link == .colon, labelWords == 1, LogPrefix.isPlace(part(line, lastWord)) {
      dropLabel()
      return index &+ 1
    }
    if label == nil, takeCounterBefore(token, line) { return index &+ 1 }
    if let end = takeEpochOfSplit(token, index, line) { return end }
    if let next = takeCounterOfLabel(token, index, line) ?? takeCountedOfLabel(token, index, line) { return next }
    if labelWords == 1, link == .blank, token.isPlain, let mark = tokens.at(index &+ 1),
      mark.kind == .mark(0x3A)
        || mark.kind == .mark(0x2C) && index == 1 && part(line, token.range).allSatisfy({ $0.isDigit }), !mark.isApart,
      Words.isSplit(lowered(line, lastWord))
    {
      // `eval 100: …`, `Train 0, loss: …`
      if mark.kind == .mark(0x2C) {
        found.epoch = token
        if let label { section = label }
      }
      dropLabel()
      return index &+ 2
    }
    if let label, link != .blank, let end = tokens.endOfList(index) {
      // Of several values the first counts, where they are measured.
      if hasResult(line, label) { add(token, line, unit: 0..<0) }
      dropLabel()
      return end
    }
    let isOfCounter = namesCounter(line)
    var next = index &+ 1
    if !isOfCounter, let end = takePair(token, next, line) {
      dropLabel()
      return end
    }
    var isFraction = false
    if let whole = tokens.wholeOfFraction(next, line) {
      isFraction = true
      next = whole &+ 1
    }
    var unit = token.unit
    if !isFraction, isPerSecond(next, line) {
      // `tok/s 8100/s`; without a name nobody knows what.
      next &+= 2
      if label == nil { return tokens.endOfRemarks(next, line) }
    }
    if unit.isEmpty, !isFraction || label != nil && !isOfCounter, let word = tokens.at(next), word.kind == .word,
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
        add(share, line, unit: share.unit)
        if tokens.at(next)?.kind == .mark(0x3D) { next &+= 2 }
      } else {
        add(token, line, unit: unit, hasWhole: isFraction)
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
    // `at 0.1s`: when, not how much.
    if labelWords == 1, link == .blank, !unit.isEmpty, Words.isPreposition(part(line, lastWord)),
      Words.isTime(lowered(line, unit)), found.fields.last?.label.lowerBound == lastWord.lowerBound
    {
      found.fields.removeLast()
    }
    let isNamed = label != nil
    if isNamed, link == .colon || link == .equals, !isOfCounter { next = tokens.endOfMoreValues(next, line) }
    dropLabel()
    // `reward: 3.2 [-1.0, 5.0]`: between what.
    if isNamed, !isOfCounter, tokens.at(next)?.kind == .mark(0x5B), tokens.at(next)?.isApart == true,
      tokens.at(next &+ 1)?.kind == .number, let end = tokens.endOfList(next &+ 1)
    {
      return end &+ 1
    }
    return tokens.endOfRemarks(next, line)
  }

  /// `EvalErr[0]PerSample = 0.2`: a part of the name.
  mutating func takeIndexInName(_ token: LineToken, _ index: Int, _ line: UnsafeRawBufferPointer) -> Int? {
    guard let known = label, link == .blank, token.isPlain, !token.isApart, let open = tokens.at(index &- 1),
      open.kind == .mark(0x5B), !open.isApart, tokens.at(index &+ 1)?.kind == .mark(0x5D),
      let rest = tokens.at(index &+ 2), rest.kind == .word, !rest.isApart, !namesCounter(line)
    else { return nil }
    label = known.lowerBound..<max(known.lowerBound, rest.end)
    lastWord = lastWord.lowerBound..<max(lastWord.lowerBound, rest.end)
    return index &+ 3
  }

  /// `Style 1 loss: 30021.3` by itself in a line: one of a few that are numbered.
  mutating func takeNumberInName(_ token: LineToken, _ index: Int, _ line: UnsafeRawBufferPointer) -> Int? {
    guard index == 1, labelWords == 1, link == .blank, token.isPlain, token.end &- token.start <= 2, let known = label,
      !Words.isCounter(part(line, lastWord)), Words.weakCounter(part(line, lastWord)) == nil,
      Words.kinds(of: lowered(line, lastWord)).isDisjoint(with: [.split, .setting, .prose, .best])
    else { return nil }
    var at = 2
    while tokens.at(at)?.kind == .word, at < 5 { at &+= 1 }
    guard let last = tokens.at(at &- 1), last.kind == .word, Words.isResult(lowered(line, last.range)),
      let mark = tokens.at(at), mark.kind == .mark(0x3A) || mark.kind == .mark(0x3D),
      tokens.at(at &+ 1)?.kind == .number, tokens.at(at &+ 2) == nil
    else { return nil }
    label = known.lowerBound..<max(known.lowerBound, last.end)
    labelWords = at
    lastWord = last.range
    return at
  }

  /// `/s` right behind a number.
  func isPerSecond(_ index: Int, _ line: UnsafeRawBufferPointer) -> Bool {
    guard let mark = tokens.at(index), mark.kind == .mark(0x2F), !mark.isApart, let word = tokens.at(index &+ 1)
    else { return false }
    return word.kind == .word && !word.isApart && Words.isSecond(lowered(line, word.range))
  }

  /// `1 hour 2 minutes and 3.2 seconds`, `3 min 4 s`: as a clock's time that tells how long something took.
  func endOfDuration(_ token: LineToken, _ index: Int, _ line: UnsafeRawBufferPointer) -> Int? {
    var at = index, parts = 0
    while let number = tokens.at(at), number.kind == .number {
      var unit = number.unit
      var next = at &+ 1
      if unit.isEmpty, let word = tokens.at(next), word.kind == .word {
        unit = word.range
        next &+= 1
      }
      guard Words.isPartOfDuration(part(line, unit)) else { break }
      parts &+= 1
      at = next
      if let and = tokens.at(next), and.kind == .word, part(line, and.range).elementsEqual(Words.and) { next &+= 1 }
      if tokens.at(next)?.kind == .number { at = next }
    }
    // `max 3 min 4 s`
    guard parts > 1, label == nil || part(line, lastWord).first.map { $0 | 0x20 } != 0x6D else { return nil }
    return at
  }

  /// `Jul 15 18:08:40 2017`
  func endOfDate(_ token: LineToken, _ index: Int, _ line: UnsafeRawBufferPointer) -> Int? {
    guard label != nil, link == .blank, token.isPlain, tokens.at(index &+ 1)?.kind == .clock,
      Words.isMonth(part(line, lastWord))
    else { return nil }
    guard let year = tokens.at(index &+ 2), year.kind == .number, year.isPlain, year.end &- year.start == 4 else {
      return index &+ 2
    }
    return index &+ 3
  }

  func isInBrackets(_ index: Int, _ next: Int) -> Bool {
    guard tokens.at(index &- 1)?.kind == .mark(0x5B), tokens.at(next)?.kind == .mark(0x5D) else { return false }
    return label != nil || tokens.at(index &- 2)?.kind == .mark(0x5D)
  }

  func namesCounter(_ line: UnsafeRawBufferPointer) -> Bool {
    guard let label else { return false }
    return !label.isEmpty && Words.isCounter(part(line, lastWord))
  }

  /// What the label names follows.
  mutating func endHeading() {
    if let label { heading = label }
    dropLabel()
  }

  /// The `nan` of `number of nan iterations: 0`.
  func isWordOfLabel(_ token: LineToken, _ index: Int, _ line: UnsafeRawBufferPointer) -> Bool {
    guard label != nil, link == .blank, token.start < line.count else { return false }
    // `Accuracy of the network on the 10000 test images: 54 %`
    guard
      line[token.start].isLetter || (labelWords > 2 && token.isPlain && Words.isResult(firstWord(line)))
        // `Mean test loss of 8 batches: 0.57`
        || token.isPlain && part(line, lastWord).elementsEqual(Words.of) && hasResult(line, label ?? 0..<0)
        || token.isPlain && lowered(line, lastWord) == Words.top
    else { return false }
    var at = index &+ 1
    while tokens.at(at)?.kind == .word { at &+= 1 }
    guard at > index &+ 1, let end = tokens.at(at) else { return false }
    return end.kind == .mark(0x3A) || end.kind == .mark(0x3D)
  }

  func firstWord(_ line: UnsafeRawBufferPointer) -> [UInt8] {
    label.map { part(line, $0).prefix { !$0.isBlank }.map(\.lowercasedASCII) } ?? []
  }
}
