/// The last value of each metric, or what a template's rule says, and which of them changed since the journal last heard
/// of it.
struct Summary {
  enum Source {
    /// Of a row that is made here.
    case row
    /// Of a row that the journal has, when it is read again after a crash.
    case journal
    /// Whatever the metric's rule.
    case certain
  }

  private var values = LastValues()
  /// The row that was closed last, as long as it is not in `values`. Most rows have the metrics of the one before, and
  /// of thousands that come in one wake-up only the last matters.
  private var latest = RowValues()
  private var isChanged: [Bool] = []
  private(set) var changed: [Int] = []
  private var rules: [Int: Template.SummaryRule] = [:]
  /// Those whose value stands below the rule's name, as W&B has it where a metric was defined: `{"min": 0.5}`.
  private var nested: Set<Int> = []
  /// Those that are kept by several rules; their values are what `SeveralValues` makes of them.
  private var several: [Int: SeveralValues] = [:]
  private var means: [Int: RunningMean] = [:]
  /// The journal that is read again has lines and the rows that were made of them: a mean takes only the rows.
  var isReplaying = false

  /// True when the metric's mean begins here.
  @discardableResult
  mutating func setRule(_ rule: Template.SummaryRule, of name: Int, isNested: Bool = false) -> Bool {
    let begins = rule == .mean && rules[name] != .mean
    if begins { means[name] = RunningMean() }
    rules[name] = rule
    several[name] = nil
    if isNested, rule != .last { nested.insert(name) } else { nested.remove(name) }
    return begins
  }

  /// The same by several rules, as W&B has it. What the metric was so far is its first value.
  @discardableResult
  mutating func setRules(_ wanted: [Template.SummaryRule], of name: Int) -> Bool {
    guard wanted.count > 1 else { return setRule(wanted.first ?? .last, of: name, isNested: true) }
    var all = SeveralValues(wanted)
    if several[name]?.rules == all.rules { return false }
    let known = value(name)
    let begins = setRule(wanted.contains(.mean) ? .mean : .last, of: name)
    if !known.isEmpty, !all.know(known) { known.withUnsafeBytes { all.take($0) { _, _ in true } } }
    several[name] = all
    if !known.isEmpty { all.json.withUnsafeBytes { keep(name, $0) } }
    return begins
  }

  /// Then its values are not always the last ones.
  var hasRules: Bool { !rules.isEmpty }

  // MARK: Rows

  /// Takes the row's values for its own, and gives memory for others.
  mutating func take(closed row: inout RowValues) {
    if !rules.isEmpty || !row.hasSameNames(as: latest) { settle() }
    swap(&row, &latest)
  }

  /// What the row has got since it was taken last.
  mutating func take(open row: inout RowValues) {
    settle()
    row.tell { set($0, $1) }
  }

  /// To be called before anything is read or changed.
  mutating func settle() {
    var row = RowValues()
    swap(&row, &latest)
    row.tell { set($0, $1) }
    swap(&row, &latest)
  }

  // MARK: Values

  /// The value in what `json` has made of it.
  func plain(_ name: Int, _ json: [UInt8]) -> [UInt8] {
    guard nested.contains(name), json.first == UInt8(ascii: "{"), let rule = rules[name] else { return json }
    var value: [UInt8] = []
    JSONValue(json)?[rule.rawValue]?.append(to: &value)
    return value.isEmpty ? json : value
  }

  /// As the journal is to have it; empty when the metric has none.
  func json(_ name: Int) -> [UInt8] {
    let value = value(name)
    guard !value.isEmpty, nested.contains(name), let rule = rules[name] else { return value }
    return Array("{\"\(rule.rawValue)\":".utf8) + value + [UInt8(ascii: "}")]
  }

  mutating func set(_ name: Int, _ value: UnsafeRawBufferPointer, from source: Source = .row) {
    guard name >= 0 else { return }
    if several[name] != nil { return addToSeveral(name, value, source) }
    if source != .certain, !rules.isEmpty, let rule = rules[name] {
      if rule == .mean { return addToMean(name, value, source) }
      guard takes(value, rule, over: values.value(name)) else { return }
    }
    keep(name, value)
  }

  private mutating func addToSeveral(_ name: Int, _ value: UnsafeRawBufferPointer, _ source: Source) {
    guard var all = several[name] else { return }
    if source != .certain {
      all.take(value) { takes(value, $0, over: $1) }
      if all.rules.contains(.mean), source == .journal || !isReplaying { count(name, value) }
    } else if !all.know(Array(value)) {
      // Somebody has said what it is.
      all.take(value) { _, _ in true }
    }
    all.set(mean: means[name]?.json ?? [])
    several[name] = all
    all.json.withUnsafeBytes { keep(name, $0) }
  }

  private mutating func addToMean(_ name: Int, _ value: UnsafeRawBufferPointer, _ source: Source) {
    guard source == .journal || !isReplaying else { return }
    count(name, value)
    let mean = means[name]?.json ?? []
    if !mean.isEmpty {
      mean.withUnsafeBytes { keep(name, $0) }
    } else if values.value(name).isEmpty {
      // NaN is no mean, but better than no value.
      keep(name, value)
    }
  }

  /// The summary has this already, the mean that is kept on does not.
  mutating func count(_ name: Int, _ value: UnsafeRawBufferPointer) { means[name]?.take(value) }

  private mutating func keep(_ name: Int, _ value: UnsafeRawBufferPointer) {
    while isChanged.count <= name { isChanged.append(false) }
    values.set(name, value)
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
  func value(_ name: Int) -> [UInt8] { values.value(name) }

  // bounded: a name was added where it was set
  mutating func markWritten() {
    for name in changed { isChanged[name] = false }
    changed.removeAll(keepingCapacity: true)
  }
}
