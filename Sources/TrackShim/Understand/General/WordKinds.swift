/// What a word of a label says of it.
struct WordKinds: OptionSet, Sendable {
  let rawValue: UInt16

  static let result = WordKinds(rawValue: 1 << 0)
  static let split = WordKinds(rawValue: 1 << 1)
  /// It makes a setting of what would be a result: `loss_scale`, `max_norm`.
  static let setting = WordKinds(rawValue: 1 << 2)
  static let prose = WordKinds(rawValue: 1 << 3)
  static let deed = WordKinds(rawValue: 1 << 4)
  static let duration = WordKinds(rawValue: 1 << 5)
  static let forecast = WordKinds(rawValue: 1 << 6)
  /// It tells of an earlier line.
  static let best = WordKinds(rawValue: 1 << 7)
  /// A result that other programs name as well.
  static let everyday = WordKinds(rawValue: 1 << 8)
  static let size = WordKinds(rawValue: 1 << 9)
  /// `Table 3`
  static let reference = WordKinds(rawValue: 1 << 10)
  static let ofFiles = WordKinds(rawValue: 1 << 11)
}
