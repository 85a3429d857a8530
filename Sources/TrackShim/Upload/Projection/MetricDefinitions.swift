/// What was said of metrics (`define_metric`), as W&B keeps it in the config under `_wandb.m`: a list in which a metric
/// names another one, its x axis, by its place.
struct MetricDefinitions {
  /// A program that defines ever new metrics must not make the config grow for ever.
  private static let limit = 10_000

  private var records: [MetricRecord] = []
  private var places: [String: Int] = [:]

  mutating func take(_ record: MetricRecord) {
    if !record.stepMetric.isEmpty { _ = place(of: record.stepMetric) }
    let name = record.globName.isEmpty ? record.name : record.globName
    guard !name.isEmpty, let place = place(of: name), place < records.count else { return }
    records[place] = record
  }

  /// A metric that is only named as an axis is one of the list, too.
  private mutating func place(of name: String) -> Int? {
    if let known = places[name] { return known < records.count ? known : nil }
    guard records.count < Self.limit else { return nil }
    var record = MetricRecord()
    record.name = name
    places[name] = records.count
    records.append(record)
    return records.count &- 1
  }

  var json: JSONValue { .array(records.map(json)) }

  /// Fields of the record by their numbers.
  private func json(_ record: MetricRecord) -> JSONValue {
    var members: [(String, JSONValue)] = []
    if record.globName.isEmpty { members.append(("1", .string(record.name))) }
    if !record.globName.isEmpty { members.append(("2", .string(record.globName))) }
    if let axis = places[record.stepMetric], !record.stepMetric.isEmpty {
      members.append(("5", .number(String(axis &+ 1))))
    }
    let options = [(1, record.stepSync), (2, record.hidden), (3, record.defined && record.globName.isEmpty)]
    members.append(("6", .array(options.filter(\.1).map { .number(String($0.0)) })))
    members.append(("7", .array(record.summaryFields.map { .number(String($0)) })))
    if let goal = record.goal { members.append(("8", .number(String(goal.rawValue)))) }
    return .make(members)
  }
}

extension MetricRecord {
  /// All metrics are drawn over the step that was printed, where it is no `_step`:
  /// `define_metric("*", step_metric="step")`.
  static var byPrintedStep: MetricRecord {
    var record = MetricRecord()
    record.globName = "*"
    record.stepMetric = SharedWriter.step
    record.stepSync = true
    return record
  }
}
