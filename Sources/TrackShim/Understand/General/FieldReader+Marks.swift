/// What joins a label to its number, and what parts them.
extension FieldReader {
  mutating func takeMark(
    _ byte: UInt8, _ token: LineToken, _ index: Int, _ line: UnsafeRawBufferPointer
  ) -> Int {
    switch byte {
    case 0x3A where label != nil: link = .colon
    case 0x3D where label != nil:
      if !token.isApart, tokens.at(index &+ 1)?.isApart == false { shortenLabel(line) }
      link = .equals
    case 0x28 where beginsGroup(index, line), 0x7B where beginsGroup(index, line):
      endHeading()
      isInGroup = true
    case 0x29 where isInGroup, 0x7D where isInGroup:
      endLabel()
      heading = 0..<0
      isInGroup = false
    case 0x28:
      if let end = endOfEarlier(index, line) ?? takeCounterInBrackets(index, line) { return end }
      if let end = endOfLabelsBrackets(index, line) ?? endOfSplit(index, line) { return end }
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
        if !takeSection(line) { endLabel() }
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
      // `[valid] loss 3`, `[Training Set] loss 3`
      let isOfSplit = labelWords == 2 && Words.isSplit(firstWord(line))
      if let known = label, labelWords == 1 || isOfSplit,
        tokens.at(index &- 1 &- labelWords)?.kind == .mark(0x5B), !takeSection(line)
      {
        heading = known
        dropLabel()
      }
      endLabel()
    case 0x2C, 0x29: endLabel()
    // `train loss ......... 1.17`
    case 0x2E where label != nil && link == .blank && tokens.leaders(index) != nil:
      link = .colon
      return tokens.leaders(index) ?? index &+ 1
    case 0x2E where tokens.at(index &+ 1)?.kind == .mark(0x2E):
      if !takeSection(line) { endLabel() }
    case 0x2E: takeStop(index, line)
    case 0x3B, 0x7D:
      // `        loss=0.731; step=12`: statements of a program, as a traceback shows them.
      if byte == 0x3B, found.fields.last?.link == .equals, line.count > 4, line.part(0, 4).allSatisfy({ $0.isBlank }) {
        found.isCall = true
      }
      endLabel()
      heading = 0..<0
    // `valid_ppl -> 122.4`
    case 0x2D
    where label != nil && link == .blank && token.isApart && tokens.at(index &+ 1)?.kind == .mark(0x3E)
      && tokens.at(index &+ 2)?.kind == .number:
      link = .equals
      return index &+ 2
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
    // `acc > 0.97` is asked, not told.
    case 0x3E where label != nil && link == .blank && token.isApart,
      0x3C where label != nil && link == .blank && token.isApart:
      endLabel()
      found.strayWords &+= 1
    case 0x24 where label != nil && tokens.at(index &+ 1)?.kind == .number:
      // `-$721.03`: not what is printed.
      dropLabel()
      return index &+ 2
    case 0x21, 0x3F, 0x24, 0x5C, 0x60: found.strayWords &+= 1
    default: break
    }
    return index &+ 1
  }

  /// `Epoch(val) [1][100]`: of what the line is. Returns what stands behind it.
  mutating func endOfSplit(_ index: Int, _ line: UnsafeRawBufferPointer) -> Int? {
    guard link == .blank, found.fields.isEmpty, namesCounter(line), let word = tokens.at(index &+ 1),
      word.kind == .word,
      tokens.at(index &+ 2)?.kind == .mark(0x29), Words.isSplit(lowered(line, word.range))
    else { return nil }
    section = word.range
    return index &+ 3
  }

  /// `elapsed time (ms): 12`, `D(G(z)): 0.5`: the brackets are a part of the label. Returns where its link stands.
  mutating func endOfLabelsBrackets(_ index: Int, _ line: UnsafeRawBufferPointer) -> Int? {
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
    guard depth == 0, at > index &+ 2 else { return nil }
    // `entropy (bits) valid: 5.7`
    let words = at
    while tokens.at(at)?.kind == .word, at &- words < 3 { at &+= 1 }
    guard let last = tokens.at(at &- 1), let next = tokens.at(at) else { return nil }
    // `| Speed (samples/sec) 43672.9 |`
    let isApart = next.kind == .number && at == words && (tokens.at(at &+ 1).map { $0.kind == .mark(0x7C) } ?? true)
    guard next.kind == .mark(0x3A) || next.kind == .mark(0x3D) || isApart else { return nil }
    if at > words, Words.isCounter(part(line, last.range)) { return nil }
    label = known.lowerBound..<max(known.lowerBound, last.end)
    labelWords &+= at &- words
    return at
  }

  /// `(best: 0.95 at epoch 3)`: of an earlier line, and the counter is that one's. Returns what stands behind it.
  func endOfEarlier(_ index: Int, _ line: UnsafeRawBufferPointer) -> Int? {
    guard let word = tokens.at(index &+ 1), word.kind == .word, Words.kinds(of: part(line, word.range)).contains(.best),
      let end = tokens.closing(index)
    else { return nil }
    let hasCounter = (index &+ 2..<max(index &+ 2, end)).contains {
      guard let word = tokens.at($0), word.kind == .word else { return false }
      return Words.isCounter(part(line, word.range))
    }
    return hasCounter ? end &+ 1 : nil
  }

  /// `Func.`, `Mel-Spec.`
  func isAbbreviation(_ line: UnsafeRawBufferPointer) -> Bool {
    let word = part(line, lastWord)
    let start = word.lastIndex(of: 0x2D).map { $0 &+ 1 } ?? 0
    return word.count &- start < 6 && start < word.count && word[start] &- 0x41 < 26
  }

  /// A full stop behind what is no abbreviation.
  mutating func takeStop(_ index: Int, _ line: UnsafeRawBufferPointer) {
    guard label != nil, let next = tokens.at(index &+ 1), next.isApart, next.kind == .word, next.start < line.count,
      line[next.start] &- 0x41 < 26, lastWord.count > 3,
      !isAbbreviation(line)
    else { return }
    endLabel()
    heading = 0..<0
  }
}
