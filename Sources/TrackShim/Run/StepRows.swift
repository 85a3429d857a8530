/// Merges what is printed into one row per step, as W&B wants its history: one record a step, steps
/// growing.
///
/// A row is open from its first metric until a larger step comes. Nothing is ever overwritten or dropped: a
/// step that goes back, and a metric that comes again within its step, begin a new row at the next free
/// `_step`. From then on `_step` no longer is what the program prints, so that is kept as the metric `step`.
package struct StepRows {
  struct Row {
    /// W&B's `_step`.
    var step: Int64
    var printedStep: Int64
    /// Nobody printed its step.
    var isCounted = false
    var time: Moment
    var values = RowValues()
  }

  private(set) var row: Row
  private(set) var isOpen = false
  private(set) var isRenumbering = false
  /// The last `_step` given out, -1 before any.
  private(set) var lastStep: Int64 = -1
  package private(set) var rowCount = 0

  /// For each metric, the number of the row that had it last: "is it in this row?" without a search.
  private var lastRow: [Int] = []

  init() { row = Row(step: 0, printedStep: 0, time: Moment(wall: 0, runtime: 0)) }

  /// Where a metric without a step goes: into the open row, or into the next one.
  var countedStep: Int64 { isOpen ? row.printedStep : lastStep == .max ? .max : lastStep &+ 1 }

  /// The open row has this metric.
  func has(_ name: Int) -> Bool {
    isOpen && name < lastRow.count && name >= 0 && lastRow[name] == rowCount
  }

  // bounded: `name` is below the list's count
  func has(anyOf metrics: RowValues.Slice) -> Bool {
    guard isOpen else { return false }
    let row = rowCount
    return lastRow.withUnsafeBufferPointer { lastRow in
      for metric in metrics {
        let name = metric.name
        if name >= 0, name < lastRow.count, lastRow[name] == row { return true }
      }
      return false
    }
  }

  /// True when this metric would end the open row.
  func closesRow(name: Int, printedStep: Int64) -> Bool {
    isOpen && (printedStep != row.printedStep || has(name))
  }

  /// Adds a metric; call `close` before when `closesRow` says so. Returns true when this is where
  /// `_step` first departs from what is printed.
  mutating func add(
    name: Int, value: UnsafeRawBufferPointer, printedStep: Int64, time: Moment, keys: ItemKeys = ItemKeys()
  ) -> Bool {
    var departs = false
    if !isOpen { departs = open(printedStep, time) }
    while lastRow.count <= name { lastRow.append(0) }
    guard name >= 0 else { return departs }
    lastRow[name] = rowCount
    row.values.append(name, value, of: keys)
    row.time = time
    return departs
  }

  /// The same for metrics of a line, whose values stand in `text` and are ASCII. As many are taken as come before one
  /// that the row has already.
  // bounded: no name is above the highest
  mutating func add(
    _ metrics: RowValues.Slice, in text: UnsafeRawBufferPointer, printedStep: Int64, time: Moment, keys: ItemKeys
  ) -> (taken: Int, departs: Bool) {
    let departs = isOpen ? false : open(printedStep, time)
    var highest = -1
    for metric in metrics { highest = max(highest, metric.name) }
    while lastRow.count <= highest { lastRow.append(0) }
    let row = rowCount
    let taken = lastRow.withUnsafeMutableBufferPointer { lastRow in
      var taken = 0
      while taken < metrics.count {
        let name = metrics[taken].name
        guard name >= 0, lastRow[name] != row else { break }
        lastRow[name] = row
        taken &+= 1
      }
      return taken
    }
    self.row.values.append(RowValues.Slice(rebasing: metrics.prefix(taken)), in: text, of: keys)
    self.row.time = time
    return (taken, departs)
  }

  mutating func countRow() { row.isCounted = true }

  /// The open row has been written.
  mutating func close() { isOpen = false }

  mutating func close(handingTo summary: inout Summary) {
    summary.take(closed: &row.values)
    close()
  }

  /// What the open row has got since the last time.
  mutating func tell(_ summary: inout Summary) {
    if isOpen { summary.take(open: &row.values) } else { summary.settle() }
  }

  /// The summary has heard of the open row, by another way.
  mutating func markTold() { row.values.markTold() }

  /// All of the open row, though it has heard of it.
  mutating func tellAgain(_ summary: inout Summary) {
    row.values.tellAgain()
    tell(&summary)
  }

  /// Steps up to this one are taken.
  mutating func goOn(after step: Int64) { lastStep = max(lastStep, step) }

  private mutating func open(_ printedStep: Int64, _ time: Moment) -> Bool {
    let departs = !isRenumbering && printedStep <= lastStep
    isRenumbering = isRenumbering || departs
    let next = lastStep == .max ? .max : lastStep &+ 1
    row.step = max(printedStep, next)
    row.printedStep = printedStep
    row.isCounted = false
    row.time = time
    row.values.removeAll()
    lastStep = row.step
    rowCount &+= 1
    isOpen = true
    return departs
  }
}
