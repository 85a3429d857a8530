/// Reads numbers that any trainer prints: lines of named numbers, with or without a counter.
///
/// A wrong metric is worse than a missing one. So a line counts as a report only where it is nothing else: its words
/// are the labels and units of its numbers, and either a counter stands in it (`step 12`, `Epoch: 3`) or what it
/// names is what training measures (`loss`, `accuracy`).
///
/// The step is the strongest counter that the line shows. A line without one belongs to the last step seen; where
/// no line ever showed one, rows are simply counted.
struct GeneralFormat: LineFormat {
  /// Metrics that found no place in the run's names.
  private(set) var metricsRefused = 0

  private var reader = FieldReader()
  private var labels = LabelBook()
  private var settings = SettingBlock()
  private var table = ColumnTable()
  private var plain = PlainText()
  private var isLoose: [Bool] = []
  private var scratch: [UInt8] = []
  /// The line before told a counter alone, or was of the list below it.
  private var isInBlock = false
  private(set) var hasReported = false
  private var places: [Int] = []
  private var last: Int64?
  /// A line with a step stronger than an epoch was seen: epochs alone say no step any more.
  private var countsSteps = false
  private var hasCounter = false
  /// The only counter so far is that of a bar of progress.
  private var countsBars = false
  private var isLost = false

  mutating func understand(
    _ line: UnsafeRawBufferPointer, names: MetricNames, into found: inout Observations
  ) -> Bool {
    var plain = plain
    defer { self.plain = plain }
    return plain.of(line) { takeLine($0, names, &found) }
  }

  private mutating func takeLine(
    _ line: UnsafeRawBufferPointer, _ names: MetricNames, _ found: inout Observations
  ) -> Bool {
    guard !line.isEmpty else {
      // What belongs together stands together.
      settings.take(line)
      isInBlock = false
      return false
    }
    let start = LogPrefix.end(in: line)
    let message = line.part(start, line.count).withoutTrailingBlanks
    let isOurs = Self.hasNumber(line) ? takeNumbers(line, start, message, names, &found) : takeHeading(message)
    if !isOurs { isInBlock = false }
    if isOurs {
      hasReported = hasReported || !found.metrics.isEmpty
      if !found.metrics.isEmpty { settings.end(into: &found) }
      return true
    }
    settings.take(message)
    return false
  }

  private mutating func takeHeading(_ message: UnsafeRawBufferPointer) -> Bool {
    _ = table.takeRow(message)
    return table.takeHeading(message)
  }

  private mutating func takeNumbers(
    _ line: UnsafeRawBufferPointer, _ start: Int, _ message: UnsafeRawBufferPointer, _ names: MetricNames,
    _ found: inout Observations
  ) -> Bool {
    if table.takeRow(message) { return publishRow(message, names, &found) }
    // A heading may have digits in its names.
    if !Words.isOfNumbers(message), table.takeHeading(message) { return true }
    guard reader.read(line, from: start) else { return false }
    return takeReport(line, names, &found)
  }

  mutating func loseTrack() { isLost = true }

  /// Another format has read a step line.
  mutating func follow(_ step: Int64) {
    countsSteps = true
    hasCounter = true
    isLost = false
    last = step
  }

  /// A digit, or the beginning of `nan` or `inf`.
  private static func hasNumber(_ line: UnsafeRawBufferPointer) -> Bool {
    var before: UInt8 = 0
    for byte in line {
      if byte.isDigit { return true }
      let letter = byte | 0x20
      if before == 0x6E && letter == 0x61 || before == 0x69 && letter == 0x6E { return true }
      before = letter
    }
    return false
  }

  // MARK: Is it a report?

  private mutating func takeReport(
    _ line: UnsafeRawBufferPointer, _ names: MetricNames, _ found: inout Observations
  ) -> Bool {
    lookUp(line)
    let counter = strongestCounter(line)
    let evidence = weigh(except: counter?.field)
    guard !evidence.isStory, evidence.deeds == 0 || evidence.results > 0 else { return false }
    if let counter {
      if evidence.metrics == 0 { return announce(counter, evidence, &found) }
      guard isReport(evidence, at: counter) else { return false }
      setStep(counter)
    } else {
      guard isReportWithoutCounter(evidence) else { return false }
    }
    return publish(line, counter, names, &found)
  }

  private mutating func lookUp(_ line: UnsafeRawBufferPointer) {
    places.removeAll(keepingCapacity: true)
    labels.makeRoom(for: reader.fields.count)
    for field in reader.fields { places.append(labels.place(of: field, in: line)) }
  }

  private struct Counted {
    var step: Int64
    var kind: Words.Counter
    /// Its place among the fields; nil: it has no name.
    var field: Int?
    /// How far a bar is.
    var isBar = false
  }

  private func strongestCounter(_ line: UnsafeRawBufferPointer) -> Counted? {
    var best: Counted?
    for (index, field) in reader.fields.enumerated() {
      guard let kind = facts(index).counter, let step = Self.count(field, in: line) else { continue }
      if let known = best, known.kind >= kind { continue }
      best = Counted(step: step, kind: kind, field: index)
    }
    if best == nil || best?.kind == .epoch, reader.isProgressOfBatches, let bar = reader.progress,
      let step = Self.count(bar, in: line)
    {
      return Counted(step: step, kind: .batch, field: nil)
    }
    if best == nil, let batch = reader.leadingBatch, let step = Self.count(batch, in: line) {
      return Counted(step: step, kind: .batch, field: nil)
    }
    if best == nil, let leading = reader.leadingNumber, let step = Self.count(leading, in: line) {
      return Counted(step: step, kind: .step, field: nil)
    }
    if best == nil, !hasCounter || countsBars, let bar = reader.progress, let step = Self.count(bar, in: line) {
      return Counted(step: step, kind: .step, field: nil, isBar: true)
    }
    return best
  }

  private func facts(_ index: Int) -> LabelBook.Facts {
    index >= 0 && index < places.count ? labels.facts(at: places[index]) : LabelBook.Facts()
  }

  private static func count(_ field: LineField, in line: UnsafeRawBufferPointer) -> Int64? {
    field.unit.isEmpty ? count(field.number, in: line) : nil
  }

  private static func count(_ number: LineToken, in line: UnsafeRawBufferPointer) -> Int64? {
    GroupedNumber(in: line.part(0, number.end), at: number.start, before: nil)?.step(in: line)
  }

  // MARK: Evidence

  private struct Evidence {
    var metrics = 0
    /// Named as what training measures.
    var results = 0
    var splits = 0
    var settings = 0
    /// Labels that a blank joins to their number, and that are more than a name.
    var loose = 0
    /// Labels that tell what was done.
    var deeds = 0
    var isStory = false
  }

  private mutating func weigh(except counter: Int?) -> Evidence {
    var evidence = Evidence()
    isLoose.removeAll(keepingCapacity: true)
    evidence.isStory = reader.isCall
    for (index, field) in reader.fields.enumerated() {
      let facts = facts(index)
      isLoose.append(false)
      if index > 0, facts.beginsWithAt { evidence.isStory = true }
      guard index != counter else { continue }
      let isLinked = field.link != .blank
      let isOfTraining = facts.isResult || facts.isSplit
      if facts.hasDeed, !isLinked, isOfTraining { evidence.isStory = true }
      if facts.hasDeed, !isOfTraining, field.link != .equals || facts.words > 1 { evidence.deeds &+= 1 }
      let isText =
        !isLinked && !field.label.isEmpty && (facts.hasDeed || facts.hasProse || facts.hasOf || facts.words > 3)
      if isText || isLinked && (facts.words > 6 || (facts.hasProse && !isOfTraining)) {
        evidence.loose &+= 1
        isLoose[isLoose.count &- 1] = true
        continue
      }
      guard !facts.isForecast, !facts.isElapsed else { continue }
      evidence.metrics &+= 1
      if facts.isResult, !facts.isSetting { evidence.results &+= 1 }
      if facts.isSplit { evidence.splits &+= 1 }
      if facts.isSetting { evidence.settings &+= 1 }
    }
    return evidence
  }

  /// Beside a counter that has a name, labels may be any; what is left over may be a few words beside true results.
  private func isReport(_ evidence: Evidence, at counter: Counted) -> Bool {
    guard evidence.loose == 0 || (evidence.loose == 1 && evidence.results > 0) else { return false }
    if counter.field == nil, counter.kind != .batch {
      return evidence.results &+ evidence.splits > 0 && reader.strayWords == 0 && reader.strayNumbers == 0
    }
    if evidence.results == 0, let field = counter.field, field > 0 {
      return counter.kind == .step && reader.strayWords == 0 && reader.fields.allSatisfy { $0.link == .equals }
    }
    if reader.strayWords == 0 { return reader.strayNumbers <= 2 }
    return evidence.results > 0 && reader.strayWords <= 2
  }

  private func isReportWithoutCounter(_ evidence: Evidence) -> Bool {
    guard !settings.isInside || isInBlock || hasReported || reader.fields.count > 1, evidence.settings == 0,
      evidence.loose == 0, reader.strayNumbers == 0, evidence.metrics > 0
    else {
      return false
    }
    if isInBlock, reader.strayWords == 0, reader.fields.count == 1, reader.fields[0].link == .colon { return true }
    // Blanks join anything: where they do, most must be what training measures.
    let isLinked = reader.fields.allSatisfy { $0.link != .blank || $0.label.isEmpty }
    guard evidence.results > 0, isLinked || evidence.results &* 2 >= evidence.metrics else { return false }
    // `End of training | test loss 4.88 | test ppl 131.6`
    return reader.strayWords == 0 || (hasReported && evidence.results > 1 && reader.strayWords <= 3)
  }

  /// `Epoch 3/10` alone on its line: what follows belongs to it.
  private mutating func announce(_ counter: Counted, _ evidence: Evidence, _ found: inout Observations) -> Bool {
    guard counter.field != nil, reader.strayWords == 0, reader.strayNumbers == 0, reader.fields.count == 1 else {
      return false
    }
    setStep(counter)
    isInBlock = true
    if let last, !isLost { found.step = last }
    return true
  }

  private mutating func setStep(_ counter: Counted) {
    countsBars = counter.isBar
    if counter.kind == .step { countsSteps = true }
    guard counter.kind == .step || !countsSteps else { return }
    hasCounter = true
    isLost = false
    last = counter.step
  }

  // MARK: What it says

  private mutating func publish(
    _ line: UnsafeRawBufferPointer, _ counter: Counted?, _ names: MetricNames, _ found: inout Observations
  ) -> Bool {
    guard setStepOf(&found) else { return true }
    for (index, field) in reader.fields.enumerated() {
      let isTheStep = index == counter?.field && !(countsSteps && counter?.kind != .step)
      guard !isTheStep, !(index < isLoose.count && isLoose[index]), !facts(index).isForecast, !facts(index).isElapsed,
        index < places.count
      else { continue }
      add(field, places[index], line, names, &found)
    }
    return true
  }

  /// The name under which the run keeps printed steps where it must number rows itself.
  private static let step = Array("step".utf8)

  private mutating func add(
    _ field: LineField, _ place: Int, _ line: UnsafeRawBufferPointer, _ names: MetricNames,
    _ found: inout Observations
  ) {
    let facts = labels.facts(at: place)
    guard !facts.key.isEmpty, facts.key != Self.step else { return }
    guard let number = facts.number ?? names.number(of: facts.key) else {
      metricsRefused &+= 1
      return
    }
    if facts.number == nil { labels.setNumber(number, at: place) }
    guard !found.metrics.contains(where: { $0.name == number }) else { return }
    let start = found.text.count
    let bytes = line.part(0, field.number.end)
    guard let printed = GroupedNumber(in: bytes, at: field.number.start, before: nil) else { return }
    printed.appendJSON(from: bytes, times: nil, &scratch, to: &found.text)
    found.metrics.append(.init(name: number, value: start..<found.text.count))
  }

  /// One row of a table of columns.
  private mutating func publishRow(
    _ line: UnsafeRawBufferPointer, _ names: MetricNames, _ found: inout Observations
  ) -> Bool {
    var counter: (column: Int, counted: Counted)?
    for (index, column) in table.columns.enumerated() {
      guard let kind = column.counter, index < table.cells.count else { continue }
      if let known = counter, known.counted.kind >= kind { continue }
      let cell = table.cells[index]
      let token = LineToken(
        kind: .number, start: cell.lowerBound, end: cell.upperBound, unitEnd: cell.upperBound, isApart: true)
      if let step = Self.count(token, in: line) { counter = (index, Counted(step: step, kind: kind, field: index)) }
    }
    if let counter { setStep(counter.counted) }
    guard setStepOf(&found) else { return true }
    for index in table.columns.indices where index != counter?.column { addCell(index, line, names, &found) }
    return true
  }

  /// Gives a line without a step that of its log. False when nobody knows to which it belongs.
  func setStepOf(_ found: inout Observations) -> Bool {
    guard hasCounter else {
      found.isUncounted = true
      return true
    }
    guard !isLost, let last else { return false }
    found.step = last
    return true
  }

  private mutating func addCell(
    _ index: Int, _ line: UnsafeRawBufferPointer, _ names: MetricNames, _ found: inout Observations
  ) {
    guard index < table.columns.count, index < table.cells.count else { return }
    let column = table.columns[index], cell = table.cells[index]
    guard !column.isForecast, let printed = ColumnTable.number(line, cell) else { return }
    let name = LabelBook.key(column.name)
    guard !name.isEmpty, name != Self.step else { return }
    guard let number = column.number ?? names.number(of: name) else {
      metricsRefused &+= 1
      return
    }
    table.setNumber(number, of: index)
    guard !found.metrics.contains(where: { $0.name == number }) else { return }
    let start = found.text.count
    printed.appendJSON(from: line.part(cell.lowerBound, cell.upperBound), to: &found.text)
    found.metrics.append(.init(name: number, value: start..<found.text.count))
  }
}
