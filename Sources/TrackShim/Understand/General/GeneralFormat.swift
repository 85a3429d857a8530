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
  var metricsRefused = 0

  private var reader = FieldReader()
  private var reading = LineReading()
  private var outline = LineOutline()
  private var outlines = OutlineBook()
  /// Off, every line is taken apart: what comes of it must be the same.
  var remembersOutlines = true
  private var labels = LabelBook()
  var settings = SettingBlock()
  private var table = ColumnTable()
  var box = KeyValueBox()
  var steps = StreamSteps()
  private var plain = PlainText()
  private var isLoose: [Bool] = []
  var scratch: [UInt8] = []
  /// The line before told a counter alone, or was of the list below it.
  private var isInBlock = false
  private(set) var hasReported = false
  private var places: [Int] = []
  /// Why the last line gave nothing; nil: it did, or has no number.
  private(set) var refusal: Refusal?

  mutating func understand(
    _ line: UnsafeRawBufferPointer, names: MetricNames, into found: inout Observations
  ) -> Bool {
    understand(line, LineMarks(line), names: names, into: &found)
  }

  /// `marks`: those of the line.
  mutating func understand(
    _ line: UnsafeRawBufferPointer, _ marks: LineMarks, names: MetricNames, into found: inout Observations
  ) -> Bool {
    refusal = nil
    guard marks.hasEscape || marks.hasDrawing else { return takeLine(line, marks, names, &found) }
    var plain = plain
    defer { self.plain = plain }
    return plain.of(line) { takeLine($0, LineMarks($0), names, &found) }
  }

  private mutating func takeLine(
    _ line: UnsafeRawBufferPointer, _ marks: LineMarks, _ names: MetricNames, _ found: inout Observations
  ) -> Bool {
    guard !line.isEmpty else {
      // What belongs together stands together.
      settings.take(line)
      isInBlock = false
      return false
    }
    guard marks.hasNumber else { return end(takeText(line, names, &found), line, &found) }
    outline.read(line)
    if remembersOutlines, !table.isActive, !box.isOpen, outline.isGood,
      let start = outlines.recall(outline, line, into: &reading, &places)
    {
      return end(takeReport(line, names, &found), line.part(start, line.count), &found)
    }
    let start = LogPrefix.end(in: line)
    let message = line.part(start, line.count).withoutTrailingBlanks
    let isOurs = takeBox(message, names, &found) ?? takeNumbers(line, marks, start, message, names, &found)
    return end(isOurs, message, &found)
  }

  private mutating func end(_ isOurs: Bool, _ message: UnsafeRawBufferPointer, _ found: inout Observations) -> Bool {
    guard !isOurs else {
      hasReported = hasReported || !found.metrics.isEmpty
      if !found.metrics.isEmpty { settings.end(into: &found) }
      return true
    }
    isInBlock = false
    if settings.isOver { return false }
    settings.take(message.withoutTrailingBlanks)
    if settings.isInside { refusal = .isSetting }
    return false
  }

  /// A line without numbers.
  private mutating func takeText(
    _ line: UnsafeRawBufferPointer, _ names: MetricNames, _ found: inout Observations
  ) -> Bool {
    let text = line.withoutTrailingBlanks
    if let isOurs = takeBox(text, names, &found) { return isOurs }
    table.takeText(text)
    return false
  }

  private mutating func takeNumbers(
    _ line: UnsafeRawBufferPointer, _ marks: LineMarks, _ start: Int, _ message: UnsafeRawBufferPointer,
    _ names: MetricNames, _ found: inout Observations
  ) -> Bool {
    let row = BarTail.cut(message)
    if table.takeRow(row) { return publishRow(row, names, &found) }
    // A heading may have digits in its names.
    let isOfNumbers = Words.isOfNumbers(row)
    if !isOfNumbers { table.takeText(row) }
    // No report has so many words to a number.
    if !marks.hasWordNumber, !outline.hasText, outline.words > outline.runs.count &* 7 &+ 4 { return refuse(.isText) }
    guard reader.read(line, from: start) else { return refuse(reader.tokens.isTooLong ? .isTooLong : .isText) }
    swap(&reader.found, &reading)
    lookUp(line)
    if outline.isGood, isOfNumbers { outlines.learn(outline, line, reading, places, start: start) }
    return takeReport(line, names, &found)
  }

  var settingLines: Int { settings.numericLines }

  private mutating func refuse(_ why: Refusal) -> Bool {
    refusal = why
    return false
  }

  mutating func loseTrack() { steps.loseTrack() }

  /// Another format has read a step line.
  mutating func follow(_ step: Int64) { steps.follow(step) }

  /// Gives a line without a step that of its log. False when nobody knows to which it belongs.
  func setStepOf(_ found: inout Observations) -> Bool { steps.setStep(of: &found) }

  // MARK: Is it a report?

  private mutating func takeReport(
    _ line: UnsafeRawBufferPointer, _ names: MetricNames, _ found: inout Observations
  ) -> Bool {
    let counter = LineCounter.strongest(reading, in: line, steps: steps, isInBlock: isInBlock) {
      facts($0)
    }
    let evidence = weigh(except: counter?.field)
    if reading.isCall { return refuse(.isCode) }
    // A bar that shows nothing but its speed.
    if reading.progress != nil, reading.fields.allSatisfy({ $0.label.isEmpty }) { return refuse(.namesNoResult) }
    guard !reading.tellsOfFiles || isDictionary(evidence), reading.fields.isEmpty || !facts(0).isReference else {
      return refuse(.isText)
    }
    // `45 files`, beside nothing that is measured.
    guard evidence.reversed == 0 || (evidence.results > 0 && (counter != nil || steps.hasCounter)) else {
      return refuse(.isText)
    }
    guard !evidence.isStory, evidence.deeds == 0 || evidence.results > 0 else { return refuse(.tellsWhatWasDone) }
    if let counter {
      guard evidence.metrics > 0 else { return announce(counter, &found) || refuse(reading.why) }
      guard isReport(evidence, at: counter) else { return refuse(reading.why) }
      steps.set(counter)
      isInBlock = isInBlock || hasOnlyCounters
    } else {
      guard isReportWithoutCounter(evidence, line) else {
        return refuse(evidence.settings > 0 ? .isSetting : reading.why)
      }
    }
    return publish(line, counter, names, &found)
  }

  private mutating func lookUp(_ line: UnsafeRawBufferPointer) {
    places.removeAll(keepingCapacity: true)
    let generation = labels.generation
    labels.makeRoom(for: reading.fields.count)
    if labels.generation != generation { outlines.clear() }
    for field in reading.fields { places.append(labels.place(of: field, in: line)) }
  }

  private func facts(_ index: Int) -> LabelBook.Facts {
    index >= 0 && index < places.count ? labels.facts(at: places[index]) : LabelBook.Facts()
  }

  private mutating func weigh(except counter: Int?) -> Evidence {
    var evidence = Evidence()
    isLoose.removeAll(keepingCapacity: true)
    for (index, field) in reading.fields.enumerated() {
      let facts = facts(index)
      // `loss 0.7 at step 12` tells of it; `Best loss 0.7 at step 12`, `at 12 ms` tell of something else.
      if index > 0, facts.beginsWithAfter { evidence.isStory = true }
      if index > 0, facts.beginsWithAt, index != counter || hasBest { evidence.isStory = true }
      isLoose.append(index != counter && evidence.take(field, facts))
    }
    return evidence
  }

  private var hasBest: Bool { reading.fields.indices.contains { facts($0).hasBest } }

  /// Beside a counter that has a name, labels may be any; what is left over may be a few words beside true results.
  private func isReport(_ evidence: Evidence, at counter: LineCounter) -> Bool {
    guard evidence.results > 0 || !counter.needsResult else { return false }
    guard evidence.loose == 0 || (evidence.loose == 1 && evidence.results > 0) else { return false }
    if counter.field == nil, counter.kind != .batch {
      let measured = evidence.results &+ evidence.splits &+ (counter.isBar ? 0 : evidence.rates)
      return (measured > 0 || isList(counter)) && reading.strayWords == 0 && reading.strayNumbers == 0
    }
    // `Subtest: epoch 3 keeps lr 0.1`: what is not measured may be anything.
    if evidence.results == 0, let field = counter.field, field < reading.fields.count,
      !reading.fields[field].heading.isEmpty, !reading.fields.allSatisfy({ $0.link != .blank })
    {
      return false
    }
    if evidence.results == 0, let field = counter.firstField, field > 0 {
      return counter.kind == .step && reading.strayWords == 0 && reading.fields.allSatisfy { $0.link == .equals }
    }
    if reading.strayWords == 0 { return reading.strayNumbers <= 2 }
    return evidence.results > 0 && reading.strayWords <= max(2, min(evidence.results &+ 1, 4))
  }

  private func isReportWithoutCounter(_ evidence: Evidence, _ line: UnsafeRawBufferPointer) -> Bool {
    guard !settings.isInside || isInBlock || hasReported || reading.fields.count > 1, evidence.settings == 0,
      evidence.loose == 0, reading.strayNumbers == 0, evidence.metrics > 0
    else {
      return false
    }
    if isInBlock, reading.strayWords == 0, reading.fields.allSatisfy({ $0.link == .colon || $0.link == .equals }) {
      return true
    }
    // Blanks join anything: where they do, most must be what training measures.
    let isLinked = reading.fields.allSatisfy { $0.link != .blank || $0.label.isEmpty }
    // `train -0.99, valid -0.98`
    if steps.hasCounter, evidence.splits > 1, evidence.splits == evidence.metrics, reading.strayWords == 0,
      hasFractions(line)
    {
      return true
    }
    if hasReported, evidence.rates == evidence.metrics, isLinked, reading.strayWords == 0 { return true }
    // `error 404`, `Score: 12`: the first that is heard of a run is no whole number.
    guard hasReported || steps.hasCounter || hasMeasured(line) && reading.unnamedValues == 0 else { return false }
    guard evidence.results > 0, isLinked || evidence.results &* 2 >= evidence.metrics else { return false }
    // `End of training | test loss 4.88 | test ppl 131.6`
    return reading.strayWords <= (isInBlock ? 1 : 0) || (hasReported && evidence.results > 1 && reading.strayWords <= 3)
  }

  private func hasFractions(_ line: UnsafeRawBufferPointer) -> Bool {
    reading.fields.allSatisfy { line.part($0.number.start, $0.number.end).contains(.point) }
  }

  /// A result is there that is not counted.
  private func hasMeasured(_ line: UnsafeRawBufferPointer) -> Bool {
    reading.fields.enumerated().contains { index, field in
      facts(index).isResult
        && (!facts(index).isEverydayWord || field.unit.count == 1
          || !line.part(field.number.start, field.number.end).allSatisfy { $0.isDigit })
    }
  }

  /// `Saving dict for global step 500: accuracy = 0.95, loss = 0.2`
  private func isDictionary(_ evidence: Evidence) -> Bool {
    evidence.results > 1 && reading.fields.filter { $0.link == .equals }.count >= evidence.metrics
  }

  /// Four linked values and more are no chance.
  private func isList(_ counter: LineCounter) -> Bool {
    !counter.isBar && reading.fields.count > 3
      && reading.fields.allSatisfy { $0.link == .colon || $0.link == .equals }
  }

  private var hasOnlyCounters: Bool { reading.fields.indices.allSatisfy { facts($0).counter != nil } }

  /// `Epoch 3/10` alone on its line: what follows belongs to it.
  private mutating func announce(_ counter: LineCounter, _ found: inout Observations) -> Bool {
    guard let index = counter.field, index < reading.fields.count, reading.strayNumbers == 0, hasOnlyCounters else {
      return false
    }
    // `optimization finished, #iter = 302`
    // Among settings it is one.
    let isSetting = reading.fields[index].link != .blank && settings.isInside && !hasReported
    guard !isSetting else { return false }
    // `batch = 64` may be a setting.
    guard counter.kind != .batch || reading.fields[index].hasWhole else { return false }
    let isLinked = counter.kind == .step && reading.fields[index].link != .blank
    guard reading.strayWords == 0 || isLinked && reading.strayWords <= 2 else { return false }
    steps.set(counter)
    isInBlock = true
    found.step = steps.known
    return true
  }

  // MARK: What it says

  private mutating func publish(
    _ line: UnsafeRawBufferPointer, _ counter: LineCounter?, _ names: MetricNames, _ found: inout Observations
  ) -> Bool {
    guard setStepOf(&found) else {
      refusal = .stepIsLost
      return true
    }
    for (index, field) in reading.fields.enumerated() {
      let isTheStep = counter.map { $0.field == index && steps.isStep($0) } == true
      guard !isTheStep, !(index < isLoose.count && isLoose[index]), !facts(index).isForecast, !facts(index).isElapsed,
        index < places.count
      else { continue }
      add(field, places[index], line, names, &found)
    }
    return true
  }

  /// The name under which the run keeps printed steps where it must number rows itself.
  static let step = Array("step".utf8)

  private mutating func add(
    _ field: LineField, _ place: Int, _ line: UnsafeRawBufferPointer, _ names: MetricNames,
    _ found: inout Observations
  ) {
    let facts = labels.facts(at: place)
    guard let number = facts.number ?? number(ofLabel: place, names) else {
      return
    }
    guard !found.metrics.contains(where: { $0.name == number }) else { return }
    let start = found.text.count
    let digits = line.part(field.number.start, field.number.end)
    if field.isVerbatim, !LineField.hasZerosInFront(digits) {
      found.text.append(contentsOf: digits)
      found.metrics.append(.init(name: number, value: start..<found.text.count))
      return
    }
    let bytes = line.part(0, field.number.end)
    guard let printed = GroupedNumber(in: bytes, at: field.number.start, before: nil) else { return }
    printed.appendJSON(from: bytes, times: nil, &scratch, to: &found.text)
    if field.number.thousands > 0, !facts.isSize {
      DecimalShift.apply(field.number.thousands, to: &found.text, from: start)
    }
    found.metrics.append(.init(name: number, value: start..<found.text.count))
  }

  private mutating func number(ofLabel place: Int, _ names: MetricNames) -> Int? {
    let key = labels.key(at: place)
    guard !key.isEmpty, key != Self.step else { return nil }
    guard let number = names.number(of: key) else {
      metricsRefused &+= 1
      return nil
    }
    labels.setNumber(number, at: place)
    return number
  }

  /// One row of a table of columns.
  private mutating func publishRow(
    _ line: UnsafeRawBufferPointer, _ names: MetricNames, _ found: inout Observations
  ) -> Bool {
    var counter: (column: Int, counted: LineCounter)?
    for (index, column) in table.columns.enumerated() {
      guard let kind = column.counter, index < table.cells.count else { continue }
      if let known = counter, known.counted.kind >= kind { continue }
      let cell = table.cells[index]
      let token = LineToken(
        kind: .number, start: cell.lowerBound, end: cell.upperBound, unitEnd: cell.upperBound, isApart: true)
      guard let step = LineCounter.count(token, in: line) else { continue }
      counter = (index, LineCounter(step: step, kind: kind, field: index))
    }
    if let counter { steps.set(counter.counted) }
    guard setStepOf(&found) else { return true }
    for index in table.columns.indices where index != counter?.column { addCell(index, line, names, &found) }
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
