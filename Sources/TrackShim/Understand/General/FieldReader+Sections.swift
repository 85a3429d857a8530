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
