/// What counts in a line, and how far it has come.
struct LineCounter {
  var step: Int64
  /// Where it is printed.
  var number: LineToken?
  var kind: Words.Counter
  /// Its place among the fields; nil: it has no name.
  var field: Int?
  /// The first of all the line's counters.
  var firstField: Int?
  /// How far a bar is.
  var isBar = false
  /// Only beside what training measures it is one: its name may mean other things.
  var needsResult = false

  /// The strongest of a line's counters: of a kind the first one.
  static func strongest(
    _ reading: LineReading, in line: UnsafeRawBufferPointer, steps: StreamSteps, isInBlock: Bool,
    facts: (Int) -> LabelBook.Facts
  ) -> LineCounter? {
    var best: LineCounter?
    var first: Int?
    var hasResult = false, isGlobal = false
    for (index, field) in reading.fields.enumerated() {
      let facts = facts(index)
      hasResult = hasResult || facts.isResult && !facts.isSetting
      guard let kind = facts.counter, let step = count(field, in: line) else { continue }
      first = first ?? index
      if let known = best, known.kind > kind || known.kind == kind && (isGlobal || !facts.isGlobal) { continue }
      isGlobal = facts.isGlobal
      best = LineCounter(step: step, number: field.number, kind: kind, field: index, firstField: first)
    }
    if best?.kind != .step, first != nil || hasResult, var weak = weak(reading, line, isInBlock: isInBlock, facts) {
      if best == nil || weak.field == best?.field.map({ $0 &+ 1 }) {
        weak.firstField = first ?? weak.field
        return weak
      }
    }
    if best == nil || best?.kind == .epoch, reading.isProgressOfBatches, let step = count(reading.progress, in: line) {
      return LineCounter(step: step, number: reading.progress, kind: .batch)
    }
    if let best { return best }
    if let step = count(reading.epoch, in: line) {
      return LineCounter(step: step, number: reading.epoch, kind: .epoch, needsResult: true)
    }
    if let step = count(reading.leading.batch, in: line) {
      let number = reading.leading.batch
      return LineCounter(step: step, number: number, kind: .batch, needsResult: reading.leading.isBatchBare)
    }
    if let step = count(reading.leading.number, in: line) {
      return LineCounter(step: step, number: reading.leading.number, kind: .step)
    }
    if let step = count(reading.progress, in: line), steps.takesBar(at: step) {
      return LineCounter(step: step, kind: .step, isBar: true)
    }
    return nil
  }

  /// `iters: 100` counts beside another counter; `i = 3`, `epochs: 3` beside a result.
  private static func weak(
    _ reading: LineReading, _ line: UnsafeRawBufferPointer, isInBlock: Bool, _ facts: (Int) -> LabelBook.Facts
  ) -> LineCounter? {
    for (index, field) in reading.fields.enumerated() {
      guard let kind = facts(index).weakCounter, let step = count(field, in: line) else { continue }
      // A letter may be anything, but where it leads.
      guard field.label.count > 2 || (index == 0 && !isInBlock) else { continue }
      return LineCounter(step: step, number: field.number, kind: kind, field: index, needsResult: index == 0)
    }
    return nil
  }

  private static func count(_ field: LineField, in line: UnsafeRawBufferPointer) -> Int64? {
    field.unit.isEmpty ? count(field.number, in: line) : nil
  }

  static func count(_ number: LineToken?, in line: UnsafeRawBufferPointer) -> Int64? {
    guard let number else { return nil }
    if number.thousands > 0 { return shifted(number, in: line) }
    return GroupedNumber(in: line.part(0, number.end), at: number.start, before: nil)?.step(in: line)
  }

  /// `12.5k`
  private static func shifted(_ number: LineToken, in line: UnsafeRawBufferPointer) -> Int64? {
    var text = Array(line.part(number.start, number.end))
    guard text.count < 12, text.contains(.point) || text.allSatisfy({ $0.isDigit }) else { return nil }
    DecimalShift.apply(number.thousands, to: &text, from: 0)
    return text.withUnsafeBytes { GroupedNumber(in: $0, at: 0, before: nil)?.step(in: $0) }
  }
}
