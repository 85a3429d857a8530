/// What the summary is to keep of the metrics with such names (`TRACKSHIM_SUMMARY`): `val_loss min last`, `*acc max`.
struct SummaryWish: Equatable {
  static let form = "NAME RULE [RULE...], as `*loss min last`; the rules are last, min, max, first and mean"

  private let pattern: [UInt8]
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
    pattern = Array(name.utf8)
    self.rules = rules
  }

  func takes(_ name: [UInt8]) -> Bool { Wildcard.matches(name, pattern) }
}
