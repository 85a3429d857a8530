/// A run's metrics on their way into the journal: rows by step, and the summary.
///
/// A row waits in memory until a larger step comes, since W&B does not merge two rows of a step. So that it
/// is not lost with the process meanwhile, a row that has waited `patience` is written to the summary, which
/// may be repeated; recovery makes the row itself from the console log.
struct History {
  static let patience: Int64 = 50_000_000
  /// A summary of everything, for those who look on.
  static let fullSummaryPause: Int64 = 10_000_000_000

  let names: MetricNames
  private(set) var rows = StepRows()
  private(set) var summary = Summary()
  private var items = RowItems()
  private var changedAt: Int64?
  private var lastFullSummary: Int64 = 0
  private var lastTime = Moment(wall: 0, runtime: 0)

  init(names: MetricNames) { self.names = names }

  /// What the summary keeps of a metric.
  mutating func setRule(_ rule: Template.SummaryRule, of metric: [UInt8], isNested: Bool = false) {
    if let name = names.number(of: metric) { summary.setRule(rule, of: name, isNested: isNested) }
  }

  /// A value that is no metric of a step.
  mutating func set(summary name: Int, _ json: [UInt8], at time: Moment) {
    json.withUnsafeBytes { summary.set(name, $0, isCertain: true) }
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
    let departs = rows.add(name: name, value: value, printedStep: printedStep, time: time)
    if isCounted { rows.countRow() }
    summary.set(name, value)
    lastTime = time
    if changedAt == nil { changedAt = time.runtime }
    return departs
  }

  mutating func makeRoom(for metrics: [Observations.Metric], to journal: Journal) {
    if metrics.contains(where: { rows.has($0.name) }) { writeRow(to: journal) }
  }

  mutating func writeRow(to journal: Journal) {
    guard rows.isOpen else { return }
    let row = rows.row
    items.begin()
    row.text.withUnsafeBytes { text in
      for (name, value) in zip(row.names, row.values) where value.upperBound <= text.count {
        items.add(names.name(name), UnsafeRawBufferPointer(rebasing: text[value]))
      }
    }
    if rows.isRenumbering, !row.isCounted { items.addPrintedStep(row.printedStep) }
    items.addStep(row.step)
    items.addTimes(row.time)
    journal.appendHistory(items.list, step: row.step)
    rows.close()
  }

  /// At the end of a wake-up.
  mutating func writeWaiting(runtime: Int64, _ counts: LineCounts, to journal: Journal) {
    guard let changedAt else { return }
    if runtime &- lastFullSummary >= Self.fullSummaryPause {
      writeSummary(runtime: runtime, counts, to: journal)
    } else if runtime &- changedAt >= Self.patience, rows.isOpen || !summary.changed.isEmpty {
      items.begin()
      addChanged()
      journal.appendSummary(items.list)
      summary.markWritten()
      self.changedAt = nil
    }
  }

  /// All of it.
  mutating func writeSummary(runtime: Int64, _ counts: LineCounts, to journal: Journal) {
    items.begin()
    for name in 0..<names.count {
      // bounded: empty for a name that is none
      let value = summary.json(name)
      if !value.isEmpty { value.withUnsafeBytes { items.add(names.name(name), $0) } }
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

  // MARK: After a crash

  private var knownStep: Int64 = -1

  /// A row that the journal has.
  mutating func know(_ row: HistoryRecord) {
    for item in row.items {
      let json = Array(item.json.utf8)
      if item.key == "_step" {
        knownStep = max(knownStep, Int64(item.json) ?? -1)
      } else if !item.key.hasPrefix("_"), let name = names.number(of: item.key) {
        json.withUnsafeBytes { summary.set(name, $0) }
      }
    }
  }

  /// A row that was open in the console log's view and stands in the journal is not written again.
  mutating func dropRowIfKnown() {
    if rows.isOpen, rows.row.step <= knownStep { rows.close() }
    if rows.isOpen { takeOpenRowIntoSummary() }
    rows.goOn(after: knownStep)
  }

  /// The row before it stands behind its lines in the journal, and was taken for newer.
  private mutating func takeOpenRowIntoSummary() {
    let row = rows.row
    row.text.withUnsafeBytes { text in
      for (name, value) in zip(row.names, row.values) where value.upperBound <= text.count {
        summary.set(name, UnsafeRawBufferPointer(rebasing: text[value]))
      }
    }
  }

  private mutating func addChanged() {
    for name in summary.changed {
      // bounded: empty for a name that is none
      summary.json(name).withUnsafeBytes { items.add(names.name(name), $0) }
    }
    if rows.rowCount > 0 { items.addStep(rows.lastStep) }
  }
}
