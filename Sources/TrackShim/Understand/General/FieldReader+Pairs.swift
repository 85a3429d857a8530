/// `loss/acc: 0.51/0.91`, `train/val loss 0.51/0.62`: two names and two values, joined in the same way.
extension FieldReader {
  /// Takes both, and returns where to go on; nil where the label, or what follows the number, is no pair.
  mutating func takePair(_ first: LineToken, _ next: Int, _ line: UnsafeRawBufferPointer) -> Int? {
    guard let known = label, tokens.at(next)?.kind == .mark(0x2F), let second = tokens.at(next &+ 1),
      second.kind == .number, tokens.at(next &+ 2)?.kind != .mark(0x2F)
    else { return nil }
    guard let names = pair(in: known, line) else {
      // `train/val loss 0.51/0.62 | acc 0.91/0.88`
      guard let splits, isFractional(first, line), isFractional(second, line) else { return nil }
      addPair((first, second), line, labels: (known, known), headings: splits)
      return next &+ 2
    }
    let isOfSplits =
      Words.isSplit(lowered(line, names.first)) && Words.isSplit(lowered(line, names.second))
    if names.behind.isEmpty {
      let heading = names.before.isEmpty ? heading : names.before
      let isJoined = !names.before.isEmpty && !Words.isSplit(lowered(line, heading))
      addPair(
        (first, second), line, labels: (names.first, names.second), headings: (heading, heading), isJoined: isJoined)
    } else if names.before.isEmpty {
      if isOfSplits { splits = (names.first, names.second) }
      addPair(
        (first, second), line, labels: (names.behind, names.behind), headings: (names.first, names.second),
        isJoined: !isOfSplits)
    } else {
      return nil
    }
    return next &+ 2
  }

  private mutating func addPair(
    _ numbers: (LineToken, LineToken), _ line: UnsafeRawBufferPointer, labels: (Range<Int>, Range<Int>),
    headings: (Range<Int>, Range<Int>), isJoined: Bool = false
  ) {
    let own = heading, count = found.fields.count
    for (number, label, heading) in [(numbers.0, labels.0, headings.0), (numbers.1, labels.1, headings.1)] {
      self.label = label
      self.heading = heading
      add(number, line, unit: number.unit)
    }
    heading = own
    for index in found.fields.indices.dropFirst(count) { found.fields[index].isJoined = isJoined }
  }

  private struct Pair {
    var before, first, second, behind: Range<Int>
  }

  /// The one word of a label with a slash in its middle, and what stands around it.
  private func pair(in label: Range<Int>, _ line: UnsafeRawBufferPointer) -> Pair? {
    let text = part(line, label)
    guard let slash = text.firstIndex(of: 0x2F), text.lastIndex(of: 0x2F) == slash else { return nil }
    var start = slash, end = slash &+ 1
    while start > 0, !text[start &- 1].isBlank { start &-= 1 }
    while end < text.count, !text[end].isBlank { end &+= 1 }
    guard start < slash, slash &+ 1 < end else { return nil }
    // `tok/s: 81/90` is a rate.
    let second = text.part(slash &+ 1, end)
    guard text[start].isLetter, second.first?.isLetter == true, !Words.isSecond(second.map(\.lowercasedASCII)) else {
      return nil
    }
    // `loss(train/val)`
    if let bracket = text.part(start, slash).lastIndex(of: 0x28), text[end &- 1] == 0x29, bracket &+ 1 < slash &- start
    {
      return Pair(
        before: label.lowerBound..<label.lowerBound &+ start &+ bracket,
        first: label.lowerBound &+ start &+ bracket &+ 1..<label.lowerBound &+ slash,
        second: label.lowerBound &+ slash &+ 1..<label.lowerBound &+ end &- 1,
        behind: label.lowerBound &+ end..<label.lowerBound &+ end)
    }
    var before = start, behind = end
    while before > 0, text[before &- 1].isBlank { before &-= 1 }
    while behind < text.count, text[behind].isBlank { behind &+= 1 }
    let origin = label.lowerBound
    return Pair(
      before: origin..<origin &+ before, first: origin &+ start..<origin &+ slash,
      second: origin &+ slash &+ 1..<origin &+ end, behind: origin &+ behind..<max(origin &+ behind, label.upperBound))
  }

  private func isFractional(_ number: LineToken, _ line: UnsafeRawBufferPointer) -> Bool {
    part(line, number.range).contains(.point)
  }
}
