/// What follows a number, which decides what the number is.
extension LineTokens {
  func isWhole(_ index: Int) -> Bool {
    self.at(index)?.kind == .mark(0x2F) && self.at(index &+ 1)?.isPlain == true
  }

  /// Text behind `=` goes up to the next blank.
  func endOfValue(_ start: Int) -> Int {
    var index = start &+ 1
    while let token = self.at(index), !token.isApart, token.kind != .mark(0x2C) { index &+= 1 }
    return index
  }

  /// Behind the list that begins here, `[0.9, 0.999]`: several values are none of a metric's. One in brackets is one.
  func endOfList(_ index: Int) -> Int? {
    guard self.at(index &- 1)?.kind == .mark(0x5B), self.at(index &+ 1)?.kind == .mark(0x2C) else { return nil }
    var at = index
    while let token = self.at(at), token.kind != .mark(0x5D) { at &+= 1 }
    return at
  }

  /// `/ 100` or `of 100` behind a number.
  func wholeOfFraction(_ index: Int, _ line: UnsafeRawBufferPointer) -> Int? {
    guard let mark = self.at(index), let whole = self.at(index &+ 1), whole.kind == .number else { return nil }
    let isOf = mark.kind == .word && mark.end &- mark.start == 2 && text(line, mark.range).elementsEqual(Words.of)
    return isOf || mark.kind == .mark(0x2F) ? index &+ 1 : nil
  }

  /// `[640/60000 (1%)]` tells how far a bar is, and counts samples.
  func isPercentNext(_ index: Int) -> Bool {
    guard self.at(index)?.kind == .mark(0x28), let share = self.at(index &+ 1) else { return false }
    return share.kind == .number && (share.unitEnd > share.end || isUnitOfPercent(index &+ 2))
  }

  /// `9833/10000 (98%)`, `2590/10042 = 0.257917`
  func shareOfFraction(_ index: Int) -> LineToken? {
    guard let mark = self.at(index), let share = self.at(index &+ 1), share.kind == .number else { return nil }
    if mark.kind == .mark(0x3D) { return share }
    let isPercent = share.unitEnd > share.end || self.at(index &+ 2)?.kind == .mark(0x25)
    return mark.kind == .mark(0x28) && isPercent ? share : nil
  }

  /// `5.3e-07    5.3e-07`, `0.276 0.414 0.304`: more values of one name, up to the end of what is said of it.
  func endOfMoreValues(_ start: Int, _ line: UnsafeRawBufferPointer) -> Int {
    var index = start
    while let number = self.at(index), number.isPlain, number.isApart, text(line, number.range).contains(.point) {
      index &+= 1
    }
    guard let next = self.at(index) else { return index }
    return next.kind == .mark(0x2C) || next.kind == .mark(0x3B) || next.kind == .mark(0x7C) ? index : start
  }

  func isUnitOfPercent(_ index: Int) -> Bool { self.at(index)?.kind == .mark(0x25) }

  /// A word behind a number that is its unit, and not the next number's label. `isBare`: nothing names the number;
  /// `isLinked`: its label is linked to it, so that a word behind it that ends there is no label.
  func isUnit(
    _ word: LineToken, _ index: Int, _ line: UnsafeRawBufferPointer, isBare: Bool = false, isLinked: Bool = false
  ) -> Bool {
    let next = self.at(index &+ 1)
    guard Words.isUnit(text(line, word.range)) else {
      return isLinked && word.end &- word.start <= 6 && (next == nil || next?.kind == .mark(0x2C))
    }
    guard let next else { return true }
    if next.kind == .number, word.end &- word.start > 2, Words.isMetricsUnit(text(line, word.range)) {
      // `43.2k tok/s  1.3M seen`, `748 samples/sec 19343 tokens/sec`
      if isBare { return true }
      guard let second = self.at(index &+ 2), second.kind == .word else { return false }
      return Words.isMetricsUnit(text(line, second.range))
    }
    // `: 15438.50 words/s : L.r. 6.25e-06`
    if isBare, next.kind == .mark(0x3A), next.isApart, word.end &- word.start > 2 { return true }
    return next.kind != .number && next.kind != .mark(0x3D) && next.kind != .mark(0x3A)
  }

  /// One word, and the end of it: text behind a colon.
  func isTextValue(_ index: Int) -> Bool {
    let end = endOfValue(index)
    for at in index..<max(index, end) {
      if self.at(at)?.kind == .mark(0x28) { return false }
      // `Validation: loss=0.61,`
      if self.at(at)?.kind == .mark(0x3D), self.at(at &+ 1)?.kind == .number { return false }
    }
    guard let next = self.at(end) else { return true }
    return next.kind == .mark(0x2C) || next.kind == .mark(0x7C)
  }

  /// One word or two behind a number, which the line then goes on from: its name. Returns where.
  func endOfNameBehind(_ start: Int) -> Int? {
    var index = start, words = 0
    while let word = self.at(index), word.kind == .word, word.isApart, words < 3 {
      index &+= 1
      words &+= 1
      // `C.E. Loss`
      if let stop = self.at(index), stop.kind == .mark(0x2E), !stop.isApart, self.at(index &+ 1)?.kind == .word {
        index &+= 1
      }
    }
    guard (1...2).contains(words) else { return nil }
    guard let next = self.at(index) else { return index }
    return next.kind == .mark(0x2C) || next.kind == .mark(0x3B) || next.kind == .mark(0x7C) ? index : nil
  }

  /// The first token from `index` on that begins behind this place of the line; the count where none does.
  func first(from index: Int, at place: Int) -> Int {
    var index = index
    while let token = self.at(index), token.start < place { index &+= 1 }
    return index
  }

  /// Where a number stands behind four or more dots, perhaps with a colon at their end.
  func leaders(_ start: Int) -> Int? {
    var index = start
    while let token = self.at(index), token.kind == .mark(0x2E) { index &+= 1 }
    if index &- start > 3, self.at(index)?.kind == .mark(0x3A) { index &+= 1 }
    return index &- start > 3 && self.at(index)?.kind == .number ? index : nil
  }

  /// `1 train loss: 2.3`, `1 train loss=2.3`: words, a link, and a number.
  func hasLinkBehindWords(_ start: Int) -> Bool {
    var index = start
    while let word = self.at(index), word.kind == .word, index &- start < 4 { index &+= 1 }
    let link = self.at(index)?.kind
    return (link == .mark(0x3A) || link == .mark(0x3D)) && self.at(index &+ 1)?.kind == .number
  }

  /// A name and its value stand behind the bracket.
  func beginsList(_ index: Int) -> Bool {
    (self.at(index)?.kind == .word || self.at(index)?.kind == .quoted)
      && (self.at(index &+ 1)?.kind == .mark(0x3D) || self.at(index &+ 1)?.kind == .mark(0x3A))
  }

  /// `(7.01)`, `(+0.3z)`, `(98%)`, `* 3,200` behind a value: what it is compared with.
  func endOfRemarks(_ start: Int, _ line: UnsafeRawBufferPointer) -> Int {
    var index = start
    while let mark = self.at(index) {
      let isDeviation = mark.kind == .mark(0x2B) && !mark.isApart || mark.kind == Self.plusMinus
      if mark.kind == .mark(0x2A) || mark.kind == .mark(0x40) || isDeviation, self.at(index &+ 1)?.kind == .number {
        index &+= 2
      } else if mark.kind == .mark(0x28), isRemark(index &+ 1, line), let end = closing(index) {
        index = end &+ 1
      } else {
        break
      }
    }
    return index
  }

  private func isRemark(_ index: Int, _ line: UnsafeRawBufferPointer) -> Bool {
    guard let first = self.at(index) else { return false }
    switch first.kind {
    case .number:
      if let next = self.at(index &+ 1), next.kind == .word, isUnit(next, index &+ 1, line) {
        return !Words.isMetricsUnit(text(line, next.range))
      }
      return first.isPlain || !Words.isMetricsUnit(text(line, first.end..<max(first.end, first.unitEnd)))
    case .word: return first.end &- first.start == 1
    case .mark: return true
    default: return true
    }
  }

  /// Where the bracket that opens at `index` is closed.
  func closing(_ index: Int) -> Int? {
    var at = index, depth = 0
    while let token = self.at(at) {
      if token.kind == .mark(0x28) { depth &+= 1 }
      if token.kind == .mark(0x29) { depth &-= 1 }
      if depth == 0 { return at }
      at &+= 1
    }
    return nil
  }

  private func text(_ line: UnsafeRawBufferPointer, _ range: Range<Int>) -> UnsafeRawBufferPointer {
    line.part(range.lowerBound, range.upperBound)
  }
}
