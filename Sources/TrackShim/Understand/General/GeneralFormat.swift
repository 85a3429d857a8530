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

  var reader = FieldReader()
  var reading = LineReading()
  var outline = LineOutline()
  var outlines = OutlineBook()
  /// Off, every line is taken apart: what comes of it must be the same.
  var remembersOutlines = true
  /// The same of what is told from a line's words.
  var asksWhetherItTells = true
  /// Where the outline of the line is known; nil: it is not.
  private var met: Int?
  /// The next line is the one that was met.
  private var hasMet = false
  /// The outline has been read, but is not known.
  private var isUnmet = false
  private var luck = OutlineLuck()
  var labels = LabelBook()
  var settings = SettingBlock()
  var table = ColumnTable()
  var box = KeyValueBox()
  var steps = StreamSteps()
  var plain = PlainText()
  var isLoose: [Bool] = []
  var draft = ReportPlan.Draft()
  var scratch: [UInt8] = [], json: [UInt8] = []
  /// The line before told a counter alone, or was of the list below it.
  var isInBlock = false
  var hasReported = false
  var places: [Int] = []
  /// Why the last line gave nothing; nil: it did, or has no number.
  var refusal: Refusal?

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

  mutating func takeLine(
    _ line: UnsafeRawBufferPointer, _ marks: LineMarks, _ names: MetricNames, _ found: inout Observations
  ) -> Bool {
    if !hasMet { meet(line, marks) }
    hasMet = false
    guard !line.isEmpty else {
      // What belongs together stands together.
      settings.take(line)
      isInBlock = false
      return false
    }
    guard marks.hasNumber else { return end(takeText(line, names, &found), line, &found) }
    if let isOurs = takeMet(line, names, &found) { return isOurs }
    let start = LogPrefix.end(in: line)
    let message = line.part(start, line.count).withoutTrailingBlanks
    let isOurs = takeBox(message, names, &found) ?? takeNumbers(line, marks, start, message, names, &found)
    return end(isOurs, message, &found)
  }

  /// Looks whether the line is known, before others are asked for it. Rows of tables and boxes are not remembered.
  mutating func meet(_ line: UnsafeRawBufferPointer, _ marks: LineMarks) {
    hasMet = true
    met = nil
    isUnmet = false
    guard marks.hasNumber, !table.isActive || table.expectsRow != nil else { return }
    if remembersOutlines, !box.isOpen {
      met = outlines.expected(line, ofTable: table.expectsRow, &outline)
      if met != nil { return }
    }
    outline.read(line)
    if remembersOutlines, !box.isOpen, outline.isGood {
      met = outlines.place(of: outline, line, ofTable: table.expectsRow)
      luck.take(met != nil)
    }
    isUnmet = met == nil
  }

  /// Looks whether the line is known, and whether it can be a report at all: what promises more first. Returns where the
  /// message begins of one that is not known, and cannot be.
  mutating func meetOrPass(_ line: UnsafeRawBufferPointer, _ marks: LineMarks) -> Int? {
    forgetMeeting()
    guard !marks.hasEscape, !marks.hasDrawing else { return nil }
    let isFirst = luck.isWorthTrying()
    if isFirst { meet(line, marks) }
    guard met == nil else { return nil }
    let start = startOfQuiet(line, marks)
    if start == nil, !isFirst { meet(line, marks) }
    return start
  }

  /// The same, of a line of which nothing is known: true where it is one that was to be expected. A line of its outline
  /// has numbers, and neither colours nor drawings.
  mutating func meetExpected(_ line: UnsafeRawBufferPointer) -> Bool {
    hasMet = false
    guard remembersOutlines, !box.isOpen, !table.isActive || table.expectsRow != nil else { return false }
    met = outlines.expected(line, ofTable: table.expectsRow, &outline)
    return met != nil
  }

  /// The line that was just expected.
  mutating func understandExpected(
    _ line: UnsafeRawBufferPointer, names: MetricNames, into found: inout Observations
  ) -> Bool {
    refusal = nil
    if let isOurs = takeMet(line, names, &found) { return isOurs }
    hasMet = true
    met = nil
    return takeLine(line, LineMarks(line), names, &found)
  }

  /// nil: nothing is known of the line.
  private mutating func takeMet(
    _ line: UnsafeRawBufferPointer, _ names: MetricNames, _ found: inout Observations
  ) -> Bool? {
    guard let met, let known = outlines.known(met) else { return nil }
    let start = known.start.moved(outline.runs)
    let isOurs: Bool
    if let why = outlines.refusal(met) {
      // In a block any name may be a report's.
      if isInBlock, why == .namesNoResult { return nil }
      isOurs = refuse(why)
    } else if let row = outlines.row(met) {
      guard let isRow = follow(row, start, line, &found) else { return nil }
      isOurs = isRow
    } else {
      isOurs = takeKnown(met, known, line, names, &found)
    }
    return end(isOurs, line.part(start, line.count), &found)
  }

  mutating func forgetMeeting() {
    isUnmet = false
    hasMet = false
    met = nil
  }

  /// No preset had a line of the outline that was just met, in this section of theirs.
  func isWithoutPreset(in section: Int) -> Bool { met.map { outlines.isWithoutPreset($0, in: section) } == true }

  mutating func setWithoutPreset(in section: Int) {
    if let met { outlines.setWithoutPreset(met, in: section) }
  }

  mutating func end(_ isOurs: Bool, _ message: UnsafeRawBufferPointer, _ found: inout Observations) -> Bool {
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

  /// What is to be done with most lines that are nothing but text: the next row may want it for its heading. False: there
  /// is more to it. `first` is its first byte that is no blank.
  mutating func takePlainText(_ line: UnsafeRawBufferPointer, _ first: UInt8?) -> Bool {
    guard let first, settings.isDone, !box.isOpen, !KeyValueBox.canBegin(first) else { return false }
    refusal = nil
    isInBlock = false
    forgetMeeting()
    table.takeText(line.withoutTrailingBlanks)
    return true
  }

  /// Of a line with numbers that cannot be a report, a row, or anything else that is read, the place where its message
  /// begins: most that programs print beside their metrics are told so, before anybody takes them apart. nil: it may be.
  private func startOfQuiet(_ line: UnsafeRawBufferPointer, _ marks: LineMarks) -> Int? {
    guard asksWhetherItTells, marks.hasDigit, !marks.hasWordNumber, settings.isDone, !isInBlock, !box.isOpen,
      table.columns.isEmpty
    else { return nil }
    let start = LogPrefix.end(in: line)
    let message = line.part(start, line.count)
    guard let first = message.first, !KeyValueBox.canBegin(first), !TellingLine.mayBeOne(line, from: start),
      message.first(0x7C) == nil, table.texts.newer.isEmpty || !ColumnTable.looksLikeRow(message)
    else { return nil }
    return start
  }

  /// What is to be done with such a line.
  mutating func passQuiet(_ line: UnsafeRawBufferPointer, from start: Int) {
    refusal = .namesNoResult
    table.forgetTexts()
    let message = line.part(start, line.count).withoutTrailingBlanks
    // A heading may have digits in its names.
    guard LineOutline.hasNumberApart(message) else { return table.takeText(message) }
    if isUnmet, outline.isGood, outlines.wasSeen(outline) {
      outlines.learn(outline, line, .namesNoResult, start: start)
    }
  }

  /// A line without numbers.
  mutating func takeText(
    _ line: UnsafeRawBufferPointer, _ names: MetricNames, _ found: inout Observations
  ) -> Bool {
    let text = line.withoutTrailingBlanks
    if let isOurs = takeBox(text, names, &found) { return isOurs }
    table.takeText(text)
    return false
  }

  mutating func takeNumbers(
    _ line: UnsafeRawBufferPointer, _ marks: LineMarks, _ start: Int, _ message: UnsafeRawBufferPointer,
    _ names: MetricNames, _ found: inout Observations
  ) -> Bool {
    let row = BarTail.cut(message)
    let isInTable = table.isActive
    if let isOurs = takeRow(line, start, row, names, &found) { return isOurs }
    if isInTable { outline.read(line) }
    // A heading may have digits in its names.
    let isOfNumbers = outline.hasNumberApart(line, from: start, to: start &+ row.count)
    if !isOfNumbers { table.takeText(row) }
    let isWorthKeeping = outline.isGood && isOfNumbers && outlines.wasSeen(outline)
    if !isInBlock, asksWhetherItTells, !TellingLine.mayBeOne(line, from: start) {
      if isWorthKeeping { outlines.learn(outline, line, .namesNoResult, start: start) }
      return refuse(.namesNoResult)
    }
    // No report has so many words to a number.
    let isText = !marks.hasWordNumber && WordCount(line).isText(besideNumbers: outline.runs.count)
    guard !isText, reader.read(line, from: start) else {
      let why = !isText && reader.tokens.isTooLong ? Refusal.isTooLong : .isText
      if isWorthKeeping { outlines.learn(outline, line, why, start: start) }
      return refuse(why)
    }
    swap(&reader.found, &reading)
    // Its labels are not worth a place, for no line will have them again.
    if !isWorthKeeping, isOnlySentences(line) { return refuse(.isText) }
    lookUp(line, names)
    if isWorthKeeping { outlines.learn(outline, line, reading, places, start: start) }
    return takeReport(line, names, &found)
  }

  private func isOnlySentences(_ line: UnsafeRawBufferPointer) -> Bool {
    !reading.fields.isEmpty && !reading.isCall
      && reading.fields.allSatisfy {
        $0.link == .blank && $0.words > 3 && LabelWords.areSentence(line.part($0.label.lowerBound, $0.label.upperBound))
      }
  }

  var settingLines: Int { settings.numericLines }

  mutating func refuse(_ why: Refusal) -> Bool {
    refusal = why
    return false
  }

  mutating func loseTrack() { steps.loseTrack() }

  /// Another format has read a step line.
  mutating func follow(_ step: Int64) { steps.follow(step) }

  /// Gives a line without a step that of its log. False when nobody knows to which it belongs.
  func setStepOf(_ found: inout Observations) -> Bool { steps.setStep(of: &found) }
}
