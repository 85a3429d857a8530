/// What the summary is to keep of the metrics with such names (`TRACKSHIM_SUMMARY`): `val_loss min last`, `*acc max`.
struct SummaryWish: Equatable {
  static let form = "NAME RULE [RULE...], as `*loss min last`; the rules are last, min, max, first and mean"

  /// The pieces of the name between its stars.
  private let pieces: [[UInt8]]
  let rules: [Template.SummaryRule]

  /// nil: it is none.
  init?(_ text: String) {
    let words = text.split { $0 == " " || $0 == "\t" }.map(String.init)
    guard let name = words.first, words.count > 1 else { return nil }
    var rules: [Template.SummaryRule] = []
    for word in words.dropFirst() {
      guard let rule = Template.SummaryRule(rawValue: word) else { return nil }
      if !rules.contains(rule) { rules.append(rule) }
    }
    pieces = Array(name.utf8).split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false).map(Array.init)
    self.rules = rules
  }

  /// Each piece where it stands first behind the one before; the last one at the end.
  func takes(_ name: [UInt8]) -> Bool {
    guard let first = pieces.first, let last = pieces.last, name.starts(with: first) else { return false }
    guard pieces.count > 1 else { return name.count == first.count }
    var rest = name.dropFirst(first.count)
    for piece in pieces.dropFirst().dropLast() {
      guard let start = Self.place(of: piece, in: rest) else { return false }
      rest = rest.dropFirst(start &- rest.startIndex &+ piece.count)
    }
    return rest.count >= last.count && rest.suffix(last.count).elementsEqual(last)
  }

  private static func place(of piece: [UInt8], in rest: ArraySlice<UInt8>) -> Int? {
    var rest = rest
    while rest.count >= piece.count {
      if rest.starts(with: piece) { return rest.startIndex }
      rest = rest.dropFirst()
    }
    return nil
  }
}
