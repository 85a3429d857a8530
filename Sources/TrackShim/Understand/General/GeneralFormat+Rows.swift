/// Rows of a table of columns.
extension GeneralFormat {
  /// The row stands in the line from `start` on. nil: it is none.
  mutating func takeRow(
    _ line: UnsafeRawBufferPointer, _ start: Int, _ row: UnsafeRawBufferPointer, _ names: MetricNames,
    _ found: inout Observations
  ) -> Bool? {
    let followsRow = table.expectsRow
    guard table.takeRow(row) else { return nil }
    draft.begin(
      nil, isSure: followsRow != nil && followsRow == table.expectsRow && !table.isPlaced && remembersOutlines)
    if draft.holdsForAll {
      outline.read(line)
      draft.holdsForAll = outline.isGood
    }
    publishRow(row, start, names, &found)
    if draft.holdsForAll, outlines.wasSeen(outline) { learnRow(line, start) }
    return true
  }

  private mutating func publishRow(
    _ row: UnsafeRawBufferPointer, _ start: Int, _ names: MetricNames, _ found: inout Observations
  ) {
    var counter: (column: Int, counted: LineCounter)?
    for (index, column) in table.columns.enumerated() {
      guard let kind = column.counter, index < table.cells.count else { continue }
      let token = LineToken(ofCell: table.cells[index])
      if token.end &- token.start > ReportPlan.mostDigits { draft.holdsForAll = false }
      if let known = counter, known.counted.kind >= kind { continue }
      guard let step = LineCounter.count(token, in: row) else { continue }
      counter = (index, LineCounter(step: step, number: token.moved(by: start), kind: kind, field: index))
    }
    if let counter { steps.set(counter.counted) }
    draft.counter = counter?.counted
    // A cell that is to count and does not: where rows count on is not known.
    if table.counterCell != nil, counter?.column != table.counterColumn { draft.holdsForAll = false }
    guard setStepOf(&found) else { return draft.holdsForAll = false }
    for index in table.columns.indices where index != counter?.column { addCell(index, row, start, names, &found) }
  }

  private mutating func addCell(
    _ index: Int, _ row: UnsafeRawBufferPointer, _ start: Int, _ names: MetricNames, _ found: inout Observations
  ) {
    guard index < table.columns.count, index < table.cells.count else { return }
    let column = table.columns[index], cell = table.cells[index]
    guard !column.isForecast, let printed = ColumnTable.number(row, cell) else { return }
    guard !column.key.isEmpty, column.key != Self.step else { return }
    guard let number = column.number ?? names.number(of: column.key) else {
      metricsRefused &+= 1
      draft.holdsForAll = false
      return
    }
    if column.number == nil { table.setNumber(number, of: index) }
    guard !found.has(number) else { return }
    let bytes = row.part(cell.lowerBound, cell.upperBound)
    found.add(number, printed, in: bytes)
    guard draft.holdsForAll else { return }
    let token = LineToken(ofCell: cell.lowerBound..<(cell.lowerBound &+ printed.range.count)).moved(by: start)
    let isVerbatim = printed.isVerbatim
    draft.metrics.append(
      .init(place: .init(token, outline.runs), token: token, number: number, isVerbatim: isVerbatim, isSize: false))
  }

  /// Rows of one outline have their cells in the same places among the digits.
  private mutating func learnRow(_ line: UnsafeRawBufferPointer, _ start: Int) {
    var counter: RowPlan.Counter?
    if let counted = draft.counter, let token = counted.number, let column = counted.field {
      counter = .init(kind: counted.kind, column: column, place: .init(token, outline.runs), token: token)
    }
    let plan = RowPlan(table: table.version, counter: counter, metrics: draft.metrics)
    outlines.learn(outline, line, plan, start: start)
  }

  /// nil: the counter of this row may not count.
  mutating func follow(
    _ plan: RowPlan, _ start: Int, _ line: UnsafeRawBufferPointer, _ found: inout Observations
  ) -> Bool? {
    let runs = outline.runs
    if let counter = plan.counter {
      let token = counter.place.moved(counter.token, runs)
      guard token.end &- token.start <= ReportPlan.mostDigits, let step = LineCounter.count(token, in: line) else {
        return nil
      }
      steps.set(LineCounter(step: step, kind: counter.kind, field: counter.column))
      table.goOn(to: step, at: token.start &- start, token.end &- start)
    }
    guard setStepOf(&found) else { return true }
    for metric in plan.metrics {
      let token = metric.place.moved(metric.token, runs)
      _ = add(token, isVerbatim: metric.isVerbatim, isSize: false, as: metric.number, line, &found)
    }
    return true
  }
}

extension LineToken {
  fileprivate init(ofCell cell: Range<Int>) {
    self.init(kind: .number, start: cell.lowerBound, end: cell.upperBound, unitEnd: cell.upperBound, isApart: true)
  }

  fileprivate func moved(by distance: Int) -> LineToken {
    var token = self
    token.start &+= distance
    token.end &+= distance
    token.unitEnd &+= distance
    return token
  }
}
