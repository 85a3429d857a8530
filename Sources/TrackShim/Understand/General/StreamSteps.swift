/// At which step a stream is.
struct StreamSteps {
  /// The last step that was shown.
  private var last: Int64?
  /// A line with a step stronger than an epoch was seen: epochs alone say no step any more.
  private(set) var countsSteps = false
  /// The same of batches.
  private var countsBatches = false
  private(set) var hasCounter = false
  /// The only counter so far is that of a bar of progress.
  private var countsBars = false
  private var isLost = false

  /// What decides, beside the counter, what becomes of a line.
  struct Ground: Equatable {
    var countsSteps: Bool
    var countsBatches: Bool
    var hasCounter: Bool
    var countsBars: Bool
  }

  var ground: Ground {
    Ground(countsSteps: countsSteps, countsBatches: countsBatches, hasCounter: hasCounter, countsBars: countsBars)
  }

  /// Bars count where nothing else does, or as far as they go on from the steps.
  func takesBar(at step: Int64) -> Bool {
    !hasCounter || countsBars || (countsSteps && step > (last ?? .max))
  }

  mutating func set(_ counter: LineCounter) {
    countsBars = counter.isBar
    if counter.kind == .step, !counter.isBar { countsSteps = true }
    if counter.kind == .batch, counter.field != nil { countsBatches = true }
    guard isStep(counter) else { return }
    hasCounter = true
    isLost = false
    last = counter.step
  }

  /// The counter is the step of what stands beside it, and no metric.
  func isStep(_ counter: LineCounter) -> Bool {
    counter.kind == .step || !countsSteps && (counter.kind == .batch || !countsBatches)
  }

  /// Another format has read a step line.
  mutating func follow(_ step: Int64) {
    countsSteps = true
    hasCounter = true
    isLost = false
    last = step
  }

  mutating func loseTrack() { isLost = true }

  /// The step, of a line that only announces it.
  var known: Int64? { isLost ? nil : last }

  /// Gives a line without a step that of its log. False when nobody knows to which it belongs.
  func setStep(of found: inout Observations) -> Bool {
    guard hasCounter else {
      found.isUncounted = true
      return true
    }
    guard let known else { return false }
    found.step = known
    return true
  }
}
