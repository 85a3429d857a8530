/// What a journal has of rows, when it is read again after a crash.
struct KnownRows {
  /// `_step` of the last row.
  var step: Int64 = -1
  /// What the summary has of a row that was open, and is none yet.
  var open: OpenRow?

  struct OpenRow {
    var step: Int64
    var printedStep: Int64
    var wall: Int64 = 0
    /// JSON by the metric's number: no more than there are names.
    var values: [Int: [UInt8]] = [:]
  }
}

/// Brings rows and summary to where they were when the process died.
extension History {
  /// A row that the journal has.
  mutating func know(_ row: HistoryRecord) {
    tellSummary()
    for item in row.items {
      let json = Array(item.json.utf8)
      if item.key == "_step" {
        known.step = max(known.step, Int64(item.json) ?? -1)
      } else if !item.key.hasPrefix("_"), let name = names.number(of: item.key) {
        json.withUnsafeBytes { summary.set(name, $0, from: .journal) }
      }
    }
    if let open = known.open, open.step <= known.step { known.open = nil }
  }

  /// A summary that the journal has. With a step and without a length it is of the row that was open.
  mutating func know(_ record: SummaryRecord) {
    tellSummary()
    for item in record.items where !item.key.hasPrefix("_") {
      guard let name = names.number(of: item.key) else { continue }
      let json = summary.plain(name, Array(item.json.utf8))
      json.withUnsafeBytes { summary.set(name, $0, from: .certain) }
    }
    func number(_ key: String) -> String? { record.items.first { $0.key == key }?.json }
    guard number("_runtime") == nil, let step = number("_step").flatMap({ Int64($0) }), step > known.step else {
      return
    }
    var open = known.open?.step == step ? known.open : nil
    open = open ?? KnownRows.OpenRow(step: step, printedStep: step)
    let seconds = number("_timestamp").flatMap(Double.init) ?? 0
    if let printed = number("step").flatMap({ Int64($0) }) { open?.printedStep = printed }
    // bounded: below 9e18
    if seconds > 0, seconds < 9e9 { open?.wall = Int64(seconds * 1e9) }
    for item in record.items where !item.key.hasPrefix("_") && item.key != "step" {
      if let name = names.number(of: item.key) { open?.values[name] = Array(item.json.utf8) }
    }
    for item in record.rowItems {
      if let name = names.number(of: item.key) { open?.values[name] = Array(item.json.utf8) }
    }
    known.open = open
  }

  /// A row that was open in the console log's view and stands in the journal is not written again.
  mutating func dropRowIfKnown() {
    tellSummary()
    summary.isReplaying = false
    if rows.isOpen, rows.row.step <= known.step { rows.close() }
    // The row before it stands behind its lines in the journal, and was taken for newer.
    if rows.isOpen { rows.tellAgain(&summary) }
    rows.goOn(after: known.step)
  }

  /// What calls have logged is in no console log.
  mutating func addOpenRow(_ clock: RunClock, to journal: Journal) {
    guard let open = known.open, open.step > known.step else { return }
    known.open = nil
    let time = clock.moment(open.wall)
    if rows.isOpen, rows.row.step < open.step { writeRow(to: journal) }
    // Steps that were printed later are in the console log, and their row is still to be written.
    guard rows.isOpen, rows.row.step == open.step else { return write(open, time, to: journal) }
    items.encodeNewKeys()
    for (name, json) in open.values.sorted(by: { $0.key < $1.key }) where !rows.has(name) {
      json.withUnsafeBytes {
        _ = rows.add(name: name, value: $0, printedStep: open.printedStep, time: time, keys: items.keys)
        summary.count(name, $0)
      }
    }
    // These came out of a summary, and what came after it is newer.
    rows.markTold()
  }

  private mutating func write(_ open: KnownRows.OpenRow, _ time: Moment, to journal: Journal) {
    items.begin()
    for (name, json) in open.values.sorted(by: { $0.key < $1.key }) {
      json.withUnsafeBytes {
        items.add(name, $0)
        summary.count(name, $0)
      }
    }
    if open.printedStep != open.step { items.addPrintedStep(open.printedStep) }
    items.addStep(open.step)
    items.addTimes(time)
    journal.appendHistory(items.list, step: open.step)
    rows.goOn(after: open.step)
  }
}
