/// The last value of each metric, or what a template's rule says, and which of them changed since the journal last heard
/// of it.
struct Summary {
  private var values: [[UInt8]] = []
  private var isChanged: [Bool] = []
  private(set) var changed: [Int] = []
  private var rules: [Int: Template.SummaryRule] = [:]

  mutating func setRule(_ rule: Template.SummaryRule, of name: Int) { rules[name] = rule }

  // bounded: both arrays are made to reach beyond `name`
  mutating func set(_ name: Int, _ value: UnsafeRawBufferPointer) {
    guard name >= 0 else { return }
    while values.count <= name {
      values.append([])
      isChanged.append(false)
    }
    if !rules.isEmpty, let rule = rules[name], !takes(value, rule, over: values[name]) { return }
    values[name].removeAll(keepingCapacity: true)
    values[name].append(contentsOf: value)
    if !isChanged[name] {
      isChanged[name] = true
      changed.append(name)
    }
  }

  /// NaN is neither the least nor the greatest of anything, but better than no value.
  private func takes(_ value: UnsafeRawBufferPointer, _ rule: Template.SummaryRule, over known: [UInt8]) -> Bool {
    guard !known.isEmpty, rule != .last else { return true }
    guard rule != .first, let new = Self.number(value) else { return false }
    guard let old = known.withUnsafeBytes({ Self.number($0) }) else { return true }
    return rule == .min ? new < old : new > old
  }

  /// nil: no number to compare with.
  private static func number(_ json: UnsafeRawBufferPointer) -> Double? {
    guard let number = Double(String(decoding: json, as: UTF8.self)), !number.isNaN else { return nil }
    return number
  }

  /// The JSON text; empty when the metric has none.
  subscript(name: Int) -> [UInt8] { name >= 0 && name < values.count ? values[name] : [] }

  // bounded: a name was added where it was set
  mutating func markWritten() {
    for name in changed { isChanged[name] = false }
    changed.removeAll(keepingCapacity: true)
  }
}
