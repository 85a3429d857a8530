/// How W&B is to show a metric (`define_metric`).
public struct MetricRecord: Equatable, Sendable {
  /// Exactly one of the two: a name, or a prefix with `*`.
  public var name = ""
  public var globName = ""
  /// The metric to use as x axis.
  public var stepMetric = ""
  public var stepSync = false
  public var hidden = false
  /// Set for what a user defined, as opposed to what a client guessed.
  public var defined = false
  /// What of its values the summary keeps; empty: nothing was said.
  var summary: [Template.SummaryRule] = []
  /// What is better.
  var goal: Goal?
  /// What was said of it before counts no more; without this W&B's client adds to what was (`overwrite`).
  var replaces = false

  enum Goal: UInt64 { case minimize = 1, maximize = 2 }

  public init() {}
}

extension MetricRecord: RecordMessage {
  static let recordField = 12

  func encode(into out: inout [UInt8]) {
    out.appendField(1, name)
    out.appendField(2, globName)
    out.appendField(4, stepMetric)
    if stepSync || hidden || defined {
      out.appendMessage(6) { options in
        options.appendField(1, stepSync)
        options.appendField(2, hidden)
        options.appendField(3, defined)
      }
    }
    let fields = summaryFields
    if !fields.isEmpty { out.appendMessage(7) { for field in fields { $0.appendField(field, true) } } }
    if let goal { out.appendField(8, goal.rawValue) }
    if replaces { out.appendMessage(9) { $0.appendField(1, true) } }
  }

  mutating func take(_ field: WireField) throws(WireError) {
    switch field.number {
    case 1: field.read(&name)
    case 2: field.read(&globName)
    case 4: field.read(&stepMetric)
    case 6: try takeOptions(field)
    case 7: summary = try Template.SummaryRule.all(in: field)
    case 8: goal = field.varint.flatMap(Goal.init)
    case 9: replaces = try Self.isReplacing(field)
    default: break
    }
  }

  private static func isReplacing(_ field: WireField) throws(WireError) -> Bool {
    guard let bytes = field.bytes else { return false }
    var replaces = false
    var reader = WireReader(bytes)
    while let field = try reader.next() {
      if field.number == 1 { field.read(&replaces) }
    }
    return replaces
  }

  private mutating func takeOptions(_ field: WireField) throws(WireError) {
    guard let bytes = field.bytes else { return }
    var reader = WireReader(bytes)
    while let field = try reader.next() {
      switch field.number {
      case 1: field.read(&stepSync)
      case 2: field.read(&hidden)
      case 3: field.read(&defined)
      default: break
      }
    }
  }
}

extension MetricRecord {
  /// Their flags in the record, in order.
  var summaryFields: [Int] { summary.map(\.recordField).sorted() }
}

extension Template.SummaryRule {
  /// Its flag in the record.
  fileprivate var recordField: Int {
    switch self {
    case .min: 1
    case .max: 2
    case .mean: 3
    case .last: 5
    case .first: 8
    }
  }

  fileprivate static func all(in field: WireField) throws(WireError) -> [Self] {
    guard let bytes = field.bytes else { return [] }
    var reader = WireReader(bytes)
    var found: [Self] = []
    while let field = try reader.next() {
      for rule in allCases where rule.recordField == field.number && field.varint == 1 && !found.contains(rule) {
        found.append(rule)
      }
    }
    return found
  }
}
