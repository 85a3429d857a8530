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
  /// The name stands behind the number.
  var isReversed = false
  /// `3/10`
  var hasWhole = false
}

extension LineToken {
  /// A number without unit.
  var isPlain: Bool { kind == .number && unitEnd == end }

  /// What is written right behind a number, and says of what it is.
  var unit: Range<Int> { thousands > 0 ? end..<end : end..<max(end, unitEnd) }
}
