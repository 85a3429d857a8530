/// The words of a label, one after the other where they stand.
struct LabelWords {
  private let text: UnsafeRawBufferPointer
  /// Between blanks; else also cut where the trade joins words, as in `val/top_1`.
  private let isWhole: Bool
  private var index = 0

  init(_ text: UnsafeRawBufferPointer, isWhole: Bool) {
    self.text = text
    self.isWhole = isWhole
  }

  // bounded: `index` is below the count
  mutating func next() -> UnsafeRawBufferPointer? {
    while index < text.count, isCut(text[index]) { index &+= 1 }
    guard index < text.count else { return nil }
    let start = index
    while index < text.count, !isCut(text[index]) { index &+= 1 }
    return text.part(start, index)
  }

  /// The label is a piece of a sentence: it has many words, and none of those that training measures or counts with.
  static func areSentence(_ label: UnsafeRawBufferPointer) -> Bool {
    var words = LabelWords(label, isWhole: true), parts = LabelWords(label, isWhole: false)
    var count = 0
    var last: UnsafeRawBufferPointer?
    while let word = words.next() {
      if Words.kinds(of: word).contains(.result) { return false }
      count &+= 1
      last = word
    }
    while let word = parts.next() {
      if Words.kinds(of: word).contains(.result) { return false }
    }
    guard let last, count > 3 else { return false }
    return Words.counter(last) == nil && !Words.isBehindCounter(last) && !last.contains(0x5F)
  }

  private func isCut(_ byte: UInt8) -> Bool {
    if byte.isBlank || byte == 0x28 || byte == 0x29 || byte == 0x3A { return true }
    return !isWhole && !(byte.isLetter || byte.isDigit)
  }
}
