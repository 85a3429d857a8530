/// What `train_gpt2`-like trainers print: the program that TrackShim's seed wrapped, and llm.c's own.
///
/// A metric line is a whole line; only blanks and carriage returns may follow it. Evaluations have no
/// step of their own and belong to the last step line; before any, to the step that training resumed
/// from, or 0. Where lines were lost, nobody knows to which, until a line says so.
struct SeedFormat: LineFormat {
  /// Metrics that found no place in the run's names.
  private(set) var metricsRefused = 0

  /// A step line was among the lines: this is such a program.
  private(set) var isKnown = false
  /// Other programs evaluate in the same words, at steps that are not told here.
  var takesEvaluations = true

  private var count = StepCount()
  private var sample = SampleBlock()
  private var table = ConfigTable()
  private var reading = SeedReading()
  private var numbers = SeedMetricNumbers()

  /// False where no line of its own begins so.
  func mayTake(_ line: UnsafeRawBufferPointer) -> Bool {
    guard sample.isOutside, let first = line.first else { return true }
    switch first {
    case 0x73, 0x76, 0x74, 0x48, 0x7C, 0x2B, 0x52, 0x67: return true
    default: return false
    }
  }

  /// The same of a line without a number.
  func mayTakeText(_ line: UnsafeRawBufferPointer) -> Bool {
    guard sample.isOutside, let first = line.first else { return true }
    return first == 0x7C || first == 0x2B || SampleBlock.isAnnouncement(line.withoutTrailingBlanks)
  }

  mutating func understand(
    _ line: UnsafeRawBufferPointer, names: MetricNames, into found: inout Observations
  ) -> Bool {
    let line = line.withoutTrailingBlanks
    if sample.isInside, endsSample(line) { sample.end() }
    if sample.take(line) { return true }
    switch line.first {
    case 0x73: return takeStep(line, names, &found)
    case 0x76, 0x74, 0x48: return takeEvaluation(line, names, &found)
    case 0x7C, 0x2B: return table.take(line, into: &found)
    case 0x52: return takeResumption(line, &found)
    default: return false
    }
  }

  mutating func loseTrack() { count.loseTrack() }

  private mutating func takeStep(
    _ line: UnsafeRawBufferPointer, _ names: MetricNames, _ found: inout Observations
  ) -> Bool {
    reading.removeAll()
    guard let step = StepLine(line, into: &reading) else { return false }
    isKnown = true
    count.take(step)
    publish(line, at: step.step, names, &found)
    return true
  }

  private mutating func takeEvaluation(
    _ line: UnsafeRawBufferPointer, _ names: MetricNames, _ found: inout Observations
  ) -> Bool {
    reading.removeAll()
    guard takesEvaluations || isKnown else { return false }
    guard EvaluationLine.take(line, into: &reading) else { return false }
    if let step = count.ofEvaluation { publish(line, at: step, names, &found) }
    return true
  }

  private mutating func takeResumption(_ line: UnsafeRawBufferPointer, _ found: inout Observations) -> Bool {
    var scanner = ByteScanner(line)
    guard scanner.take("Resuming from step "), let step = scanner.unsignedInteger() else { return false }
    guard step <= StepCount.largest, scanner.isAtEnd || scanner.take(" (") else { return false }
    count.resume(at: step)
    found.step = step
    return true
  }

  /// A closing line that never comes must not silence the run: the step line that is due ends the
  /// block. Sampled text that happens to be just this line is far less likely.
  private mutating func endsSample(_ line: UnsafeRawBufferPointer) -> Bool {
    guard line.first == 0x73 else { return false }
    reading.removeAll()
    guard let step = StepLine(line, into: &reading) else { return false }
    return count.isDue(step)
  }

  private mutating func publish(
    _ line: UnsafeRawBufferPointer, at step: Int64, _ names: MetricNames, _ found: inout Observations
  ) {
    found.step = step
    // After the first lines it is always so.
    guard reading.isVerbatim, numbers.hasAll(of: reading, in: names) else { return publishEach(line, names, &found) }
    reading.withValues { values in
      found.add(values.count, upTo: line.count) { index in
        (numbers.known(values[index].metric), values[index].number.bytes(in: line))
      }
    }
  }

  private mutating func publishEach(
    _ line: UnsafeRawBufferPointer, _ names: MetricNames, _ found: inout Observations
  ) {
    for index in 0..<reading.count {
      guard let value = reading[index] else { continue }
      guard let name = numbers.number(of: value.metric, in: names) else {
        metricsRefused &+= 1
        continue
      }
      found.add(name, value.number, in: line)
    }
  }
}
