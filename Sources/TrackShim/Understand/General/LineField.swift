/// A number of a line with what names it. All ranges are of the line's bytes.
struct LineField {
  enum Link: Equatable { case blank, colon, equals, bar }

  /// Empty: only its unit says what it is.
  var label: Range<Int>
  /// Of several labels: `Test set` in `Test set: average loss: 0.5`.
  var heading: Range<Int>
  var link: Link
  var number: LineToken
  /// Empty: none.
  var unit: Range<Int>
  /// It stands in brackets behind its heading.
  var isListed = false
  /// The heading is a part of the name in any case.
  var isJoined = false
  /// Only if it is of what training measures: the heading is the first word of another name, `val Loss: 0.6 Acc: 0.8`.
  var isHeadedLoosely = false
  /// The name stands behind the number.
  var isReversed = false
  /// Its digits are JSON as they are printed, but for zeros in front.
  var isVerbatim = false
  /// Of the label, about.
  var words = 1
  /// `3/10`
  var hasWhole = false
}

extension LineField {
  /// What is recorded of its number, in a line where nothing is known of it yet.
  func isPrintedAsJSON(in line: UnsafeRawBufferPointer) -> Bool {
    guard number.thousands == 0 else { return false }
    var json: [UInt8] = [], scratch: [UInt8] = []
    let bytes = line.part(0, number.end)
    GroupedNumber(in: bytes, at: number.start, before: nil)?.appendJSON(from: bytes, times: nil, &scratch, to: &json)
    return !json.isEmpty && json.elementsEqual(line.part(number.start, number.end))
  }

  /// `007`, `-00.5`: JSON has no such zeros.
  static func hasZerosInFront(_ number: UnsafeRawBufferPointer) -> Bool {
    let first = number.first == 0x2D ? 1 : 0
    return first &+ 1 < number.count && number[first] == 0x30 && number[first &+ 1].isDigit
  }
}

extension LineToken {
  /// A number without unit.
  var isPlain: Bool { kind == .number && unitEnd == end }

  /// What is written right behind a number, and says of what it is.
  var unit: Range<Int> { thousands > 0 ? end..<end : end..<max(end, unitEnd) }
}
