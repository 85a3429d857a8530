/// What the summary keeps of a metric by more than one rule: `{"last": 0.7, "min": 0.5}`, as W&B's client has it.
struct SeveralValues {
  /// By rule, in the order of their names; empty: no value yet. Means are counted elsewhere.
  private var values: [(rule: Template.SummaryRule, json: [UInt8])]

  init(_ rules: [Template.SummaryRule]) {
    values = Template.SummaryRule.allCases.filter(rules.contains).sorted { $0.rawValue < $1.rawValue }.map { ($0, []) }
  }

  var rules: [Template.SummaryRule] { values.map(\.rule) }

  /// `takes`: whether the new value takes the place of the one that is known.
  // bounded: an index of theirs
  mutating func take(
    _ value: UnsafeRawBufferPointer, _ takes: (Template.SummaryRule, _ known: [UInt8]) -> Bool
  ) {
    for index in values.indices where values[index].rule != .mean && takes(values[index].rule, values[index].json) {
      values[index].json = Array(value)
    }
  }

  // bounded: an index of theirs
  mutating func set(mean: [UInt8]) {
    for index in values.indices where values[index].rule == .mean && !mean.isEmpty { values[index].json = mean }
  }

  /// What a summary of these rules was. False: it is none.
  // bounded: an index of theirs
  mutating func know(_ json: [UInt8]) -> Bool {
    guard json.first == UInt8(ascii: "{"), let known = JSONValue(json), known.isObject else { return false }
    for index in values.indices {
      guard let value = known[values[index].rule.rawValue] else { continue }
      values[index].json = []
      value.append(to: &values[index].json)
    }
    return true
  }

  var json: [UInt8] {
    var json: [UInt8] = []
    for (rule, value) in values where !value.isEmpty {
      json += Array((json.isEmpty ? "{\"" : ",\"").utf8) + Array(rule.rawValue.utf8) + Array("\":".utf8) + value
    }
    if !json.isEmpty { json.append(UInt8(ascii: "}")) }
    return json
  }
}
