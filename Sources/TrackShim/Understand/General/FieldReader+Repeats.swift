/// `Train loss 0.5 acc 0.9 | Val loss 0.6 acc 0.8`: a name that comes again is of what the names before it are of.
extension FieldReader {
  /// Gives names that come twice the first words of the group that they stand in, where the line has groups like that:
  /// a label of several words before them ends in the word that an earlier label ends in.
  mutating func nameRepeated(_ line: UnsafeRawBufferPointer) {
    guard found.fields.count > 1, found.fields.count <= Self.mostFields else { return }
    for index in found.fields.indices.dropFirst() {
      let field = found.fields[index]
      // `±` is printed like a name, and is none.
      guard field.heading.isEmpty, part(line, field.label).contains(where: { $0.lowercasedASCII &- 0x61 < 26 }) else {
        continue
      }
      let lead = isRepeated(index, line) ? lead(of: index, line) : leadOfSplit(before: index, line)
      guard let lead else { continue }
      found.fields[index].heading = lead
      found.fields[index].isJoined = true
    }
  }

  /// `val Loss: 0.6 Acc: 0.8`, where other lines are of training: what the first name says of its line holds for the
  /// others, if they say nothing else.
  mutating func headByFirst(_ line: UnsafeRawBufferPointer) {
    guard section.isEmpty, found.fields.allSatisfy({ $0.heading.isEmpty }) else { return }
    var first: Range<Int>?
    for field in found.fields {
      if let word = leadingSplit(field.label, line) {
        if let known = first, lowered(line, known) != lowered(line, word) { return }
        first = first ?? word
      } else if first == nil, !Words.isCounter(part(line, lastWord(of: field.label, line))) {
        return
      }
    }
    guard let first else { return }
    for (index, field) in found.fields.enumerated() {
      guard hasResult(line, field.label), leadingSplit(field.label, line) == nil else { continue }
      found.fields[index].heading = first
      found.fields[index].isHeadedLoosely = true
    }
  }

  /// The `val` of `val/loss`. A label begins with a word.
  private func leadingSplit(_ label: Range<Int>, _ line: UnsafeRawBufferPointer) -> Range<Int>? {
    var words = LabelWords(part(line, label), isWhole: false)
    guard let word = words.next(), Words.kinds(of: word).contains(.split) else { return nil }
    return label.lowerBound..<label.lowerBound &+ word.count
  }

  private func lastWord(of label: Range<Int>, _ line: UnsafeRawBufferPointer) -> Range<Int> {
    parts(of: label, line)?.last ?? label
  }

  /// Names are compared with one another.
  private static let mostFields = 32

  private func isRepeated(_ index: Int, _ line: UnsafeRawBufferPointer) -> Bool {
    let name = part(line, found.fields[index].label)  // bounded: an index of theirs
    return found.fields.prefix(index).contains { $0.heading.isEmpty && part(line, $0.label).elementsEqual(name) }
  }

  /// `Loss train 0.5 test 0.6`: the second one is a loss as well.
  private func leadOfSplit(before index: Int, _ line: UnsafeRawBufferPointer) -> Range<Int>? {
    guard index > 0, index < found.fields.count, Words.isSplit(lowered(line, found.fields[index].label)) else {
      return nil
    }
    let before = found.fields[index &- 1]
    if before.isJoined { return before.heading }
    guard before.heading.isEmpty, let (lead, last) = parts(of: before.label, line), Words.isSplit(lowered(line, last)),
      hasResult(line, lead)
    else { return nil }
    return lead
  }

  /// What stands before the last word of the nearest label that has a twin before it.
  private func lead(of index: Int, _ line: UnsafeRawBufferPointer) -> Range<Int>? {
    let name = part(line, found.fields[index].label)  // bounded: an index of theirs
    for known in found.fields.prefix(index).indices.reversed() {
      let field = found.fields[known]
      // The group cannot begin before the name's twin.
      if part(line, field.label).elementsEqual(name) { return nil }
      guard field.heading.isEmpty, let (lead, last) = parts(of: field.label, line) else { continue }
      let hasTwin = found.fields.prefix(known).contains { other in
        guard let (otherLead, otherLast) = parts(of: other.label, line) else { return false }
        return part(line, otherLast).elementsEqual(part(line, last))
          && !part(line, otherLead).elementsEqual(part(line, lead))
      }
      if hasTwin { return lead }
    }
    return nil
  }

  /// `Val` and `loss` of `Val loss`.
  private func parts(of label: Range<Int>, _ line: UnsafeRawBufferPointer) -> (lead: Range<Int>, last: Range<Int>)? {
    let text = part(line, label)
    guard let blank = text.lastIndex(where: { $0.isBlank || $0 == 0x5F }), blank > 0 else { return nil }
    var end = blank
    while end > 0, text[end &- 1].isBlank { end &-= 1 }
    let start = label.lowerBound
    guard end > 0, blank &+ 1 < text.count else { return nil }
    return (start..<start &+ end, start &+ blank &+ 1..<start &+ text.count)
  }
}
