/// What a whole line is of: of training, of validation, of a test. Its names are also those of other lines.
extension FieldReader {
  /// `Valid | Epoch 1 | Loss 0.2`, `Evaluating... Score: 3`: the label that was begun, in front of all numbers, is one.
  mutating func takeSection(_ line: UnsafeRawBufferPointer) -> Bool {
    guard let label, link == .blank, found.fields.isEmpty, section.isEmpty, labelWords <= 2, heading.isEmpty,
      Words.isSplit(firstWord(line))
    else { return false }
    section = label
    dropLabel()
    return true
  }

  /// `train (loss 0.5 acc 0.9) val (loss 0.6 acc 0.8)`
  func beginsGroup(_ index: Int, _ line: UnsafeRawBufferPointer) -> Bool {
    guard let label, labelWords == 1, link != .bar, heading.isEmpty, Words.isSplit(lowered(line, label)),
      let name = tokens.at(index &+ 1), !Words.isCounter(part(line, name.range))
    else { return false }
    return name.kind == .word && tokens.at(index &+ 2)?.kind == .number || tokens.beginsList(index &+ 1)
  }

  /// `Test epoch 3: loss 0.2`
  mutating func takeSectionOfCounter(_ line: UnsafeRawBufferPointer) {
    guard let label, labelWords > 1, found.fields.isEmpty, section.isEmpty, heading.isEmpty,
      Words.isCounter(part(line, lastWord))
    else { return }
    let first = firstWord(line)
    guard Words.isSplit(first) else { return }
    section = label.lowerBound..<label.lowerBound &+ first.count
  }
}
