/// Names and values in turn, as Julia and Python 2 print what they are given: `(:epoch, 0, :loss, 0.5)`,
/// `('epoch:', 3, 'loss', 0.5)`.
extension FieldReader {
  /// The whole line is one; else nothing is taken.
  mutating func takeTuple(_ line: UnsafeRawBufferPointer) -> Bool {
    guard tokens.at(0)?.kind == .mark(0x28) else { return false }
    var index = 1
    while let name = nameInTuple(index, line), let number = tokens.at(name.end &+ 1), number.kind == .number,
      tokens.at(name.end)?.kind == .mark(0x2C)
    {
      found.fields.append(
        LineField(label: name.label, heading: 0..<0, link: .colon, number: number, unit: number.unit))
      index = name.end &+ 3
      let isOver = tokens.at(name.end &+ 2)?.kind == .mark(0x29) && tokens.at(index) == nil
      guard !isOver else { return true }
      guard tokens.at(name.end &+ 2)?.kind == .mark(0x2C) else { break }
    }
    found.fields.removeAll(keepingCapacity: true)
    return false
  }

  /// And where the tuple goes on.
  private func nameInTuple(_ index: Int, _ line: UnsafeRawBufferPointer) -> (label: Range<Int>, end: Int)? {
    guard let token = tokens.at(index) else { return nil }
    if token.kind == .mark(0x3A), let word = tokens.at(index &+ 1), word.kind == .word, !word.isApart {
      return (word.range, index &+ 2)
    }
    guard token.kind == .quoted, token.end &- token.start > 2 else { return nil }
    var end = token.end &- 1
    // bounded: it is above the token's beginning
    while end > token.start &+ 1, line[end &- 1].isBlank || line[end &- 1] == 0x3A || line[end &- 1] == 0x3D {
      end &-= 1
    }
    return end > token.start &+ 1 ? (token.start &+ 1..<end, index &+ 1) : nil
  }
}
