/// A run's metrics on their way into the journal: rows by step, and the summary.
///
/// A row waits in memory until a larger step comes, since W&B does not merge two rows of a step. So that it
/// is not lost with the process meanwhile, a row that has waited `patience` is written to the summary, which
/// may be repeated; recovery makes the row itself from the console log.
package struct History {
  static let patience: Int64 = 50_000_000
  /// A summary of everything, for those who look on.
  static let fullSummaryPause: Int64 = 10_000_000_000

  let names: MetricNames
  package var rows = StepRows()
  var summary = Summary()
  var items: RowItems
  private var changedAt: Int64?
  private var lastFullSummary: Int64 = 0
  private var lastTime = Moment(wall: 0, runtime: 0)
  /// Of the journal that is read again after a crash.
  var known = KnownRows()

  init(names: MetricNames) {
    self.names = names
    items = RowItems(names: names)
  }

  /// What the summary keeps of a metric.
  mutating func setRule(_ rule: Template.SummaryRule, of metric: [UInt8]) {
    set(of: metric) { $0.setRule(rule, of: $1) }
  }

  /// The same of a metric that is defined.
  mutating func setRules(_ rules: [Template.SummaryRule], of metric: [UInt8]) {
    set(of: metric) { $0.setRules(rules, of: $1) }
  }

  private mutating func set(of metric: [UInt8], _ set: (inout Summary, Int) -> Bool) {
    guard let name = names.number(of: metric) else { return }
    // What came before was under another rule.
    tellSummary()
    guard set(&summary, name), rows.has(name) else { return }
    // Of the open row, which will stand behind this in the journal: a mean is that of the rows that follow.
    rows.row.values.value(of: name)?.withUnsafeBytes { summary.set(name, $0) }
  }

  /// A value that is no metric of a step.
  mutating func set(summary name: Int, _ json: [UInt8], at time: Moment) {
    tellSummary()
    json.withUnsafeBytes { summary.set(name, $0, from: .certain) }
    lastTime = time
    if changedAt == nil { changedAt = time.runtime }
  }

  /// Takes one metric in. True when this is where `_step` departs from the printed step. Without a printed step it
  /// goes into the open row, or where that has it already into the next.
  mutating func add(
    _ name: Int, _ value: UnsafeRawBufferPointer, printedStep: Int64?, time: Moment, to journal: Journal
  ) -> Bool {
    if printedStep == nil, rows.has(name) { writeRow(to: journal) }
    let isCounted = printedStep == nil && !rows.isOpen
    let printedStep = printedStep ?? rows.countedStep
    if rows.closesRow(name: name, printedStep: printedStep) { writeRow(to: journal) }
    items.encodeNewKeys()
    let departs = rows.add(name: name, value: value, printedStep: printedStep, time: time, keys: items.keys)
    if isCounted { rows.countRow() }
    lastTime = time
    if changedAt == nil { changedAt = time.runtime }
    return departs
  }

  /// Takes a line's metrics in, as `add` does. A line is never torn apart: where the row has one of them, all of it goes
  /// into the next.
  mutating func add(_ line: Observations, printedStep: Int64?, time: Moment, to journal: Journal) -> Bool {
    line.withMetrics { metrics, text in
      guard !metrics.isEmpty else { return false }
      if rows.has(anyOf: metrics) { writeRow(to: journal) }
      items.encodeNewKeys()
      var rest = metrics, departs = false
      while !rest.isEmpty {
        if rows.isOpen, let printedStep, printedStep != rows.row.printedStep { writeRow(to: journal) }
        let isCounted = printedStep == nil && !rows.isOpen
        let printedStep = printedStep ?? rows.countedStep
        let added = rows.add(rest, in: text, printedStep: printedStep, time: time, keys: items.keys)
        if isCounted { rows.countRow() }
        departs = departs || added.departs
        guard added.taken < rest.count, added.taken > 0 else { break }
        // It has one of them twice: the second is of another row.
        writeRow(to: journal)
        rest = RowValues.Slice(rebasing: rest.dropFirst(added.taken))
      }
      lastTime = time
      if changedAt == nil { changedAt = time.runtime }
      return departs
    }
  }

  mutating func writeRow(to journal: Journal) {
    guard rows.isOpen else { return }
    items.begin()
    if rows.isRenumbering, !rows.row.isCounted { items.addPrintedStep(rows.row.printedStep) }
    journal.appendHistory(
      rows.row.values, items.list, items.end(step: rows.row.step, rows.row.time), step: rows.row.step)
    rows.close(handingTo: &summary)
  }

  /// All that was printed so far.
  mutating func tellSummary() { rows.tell(&summary) }

  /// At the end of a wake-up.
  mutating func writeWaiting(runtime: Int64, _ counts: LineCounts, isUrgent: Bool = false, to journal: Journal) {
    guard let changedAt else { return }
    tellSummary()
    if runtime &- lastFullSummary >= Self.fullSummaryPause {
      // A summary of everything does not say what is of the row.
      writeOpenRow(to: journal)
      writeSummary(runtime: runtime, counts, to: journal)
    } else if isUrgent || runtime &- changedAt >= Self.patience, rows.isOpen || !summary.changed.isEmpty {
      writeChanged(to: journal)
      summary.markWritten()
      self.changedAt = nil
    }
  }

  /// All of it.
  mutating func writeSummary(runtime: Int64, _ counts: LineCounts, to journal: Journal) {
    tellSummary()
    items.begin()
    for name in 0..<names.count {
      // bounded: empty for a name that is none
      let value = summary.json(name)
      if !value.isEmpty { value.withUnsafeBytes { items.add(name, $0) } }
    }
    if rows.rowCount > 0 {
      if rows.isRenumbering, !rows.row.isCounted { items.addPrintedStep(rows.row.printedStep) }
      items.addStep(rows.lastStep)
      items.addTimes(lastTime)
    }
    items.addRunLength(runtime)
    items.addCounts(counts)
    journal.appendSummary(items.list)
    summary.markWritten()
    lastFullSummary = runtime
    changedAt = nil
  }

  /// What the summary does not have yet.
  private mutating func writeChanged(to journal: Journal) {
    items.begin()
    for name in summary.changed where !isOfOpenRow(name) { add(name) }
    journal.appendSummary(items.list)
    writeOpenRow(to: journal)
  }

  /// What stands in the open row as well goes in a record of its own, with the row's step: of a process that dies the row
  /// is made of that.
  private mutating func writeOpenRow(to journal: Journal) {
    guard rows.isOpen else { return }
    items.begin()
    for name in summary.changed where isOfOpenRow(name) { add(name) }
    if rows.isRenumbering, !rows.row.isCounted { items.addPrintedStep(rows.row.printedStep) }
    items.addStep(rows.row.step)
    items.addTimestamp(rows.row.time)
    let list = items.list
    journal.appendSummary(list, row: summary.hasRules ? rowAsItIs() : ItemList())
  }

  /// What of the open row is not the summary's value.
  private mutating func rowAsItIs() -> ItemList {
    items.begin()
    rows.row.values.forEach { name, value in
      if !isOfOpenRow(name) { items.add(name, value) }
    }
    return items.list
  }

  private mutating func add(_ name: Int) {
    // bounded: empty for a name that is none
    summary.json(name).withUnsafeBytes { items.add(name, $0) }
  }

  /// The row has the very value that the summary has.
  private func isOfOpenRow(_ name: Int) -> Bool {
    rows.has(name) && rows.row.values.value(of: name) == summary.json(name)
  }
}
