/// Where training stands, as far as the lines have told.
struct StepCount {
  /// 2^53: W&B keeps numbers as doubles, and nothing trains longer. A larger number is no step.
  static let largest: Int64 = 1 << 53

  private var last: Int64 = 0
  private var stepsSeen = false
  private var countsFromZero = false
  private var isKnown = true

  /// llm.c on the CPU prints step N after N updates were done and before the next: what it
  /// evaluates after that line, and before the line of step N+1, was measured after N+1 updates.
  ///
  /// nil: nobody knows.
  var ofEvaluation: Int64? {
    guard isKnown else { return nil }
    return stepsSeen && countsFromZero ? last &+ 1 : last
  }

  /// Lines are missing, perhaps those of many steps.
  mutating func loseTrack() { isKnown = false }

  mutating func take(_ line: StepLine) {
    last = line.step
    countsFromZero = line.countsFromZero
    stepsSeen = true
    isKnown = true
  }

  mutating func resume(at step: Int64) {
    last = step
    stepsSeen = false
    isKnown = true
  }

  /// Whether this is the step line that must come next, or could be.
  func isDue(_ line: StepLine) -> Bool {
    guard isKnown else { return line.step > last }
    if line.countsFromZero, !stepsSeen { return line.step == last }
    return line.step == last &+ 1
  }
}
