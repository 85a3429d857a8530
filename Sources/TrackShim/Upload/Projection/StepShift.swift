/// How a run that continues another is put behind it: its runtime goes on where the earlier one's stopped, and
/// steps that the server has already are given the next free ones, as the recorder does within a run.
struct StepShift: Equatable {
  /// The last `_step` given out; -1 before any.
  private(set) var lastStep: Int64
  /// Nanoseconds that the earlier parts of the run took.
  let runtime: Int64
  /// Rows carry the printed step as the metric `step` from here on.
  private(set) var isRenumbering = false

  init(lastStep: Int64 = -1, runtime: Int64 = 0) {
    self.lastStep = lastStep
    self.runtime = runtime
  }

  /// The step of the next row. nil: the row names none.
  mutating func step(for printed: Int64?) -> Int64 {
    let next = lastStep == .max ? .max : lastStep &+ 1
    if let printed, printed < next { isRenumbering = true }
    lastStep = max(printed ?? next, next)
    return lastStep
  }

  /// A printed number of seconds, later by what the earlier parts took.
  func runtime(_ json: UnsafeRawBufferPointer) -> [UInt8] {
    guard runtime != 0, let seconds = Double(Array(json).asText), seconds.isFinite, abs(seconds) < 9e9 else {
      return Array(json)
    }
    var text: [UInt8] = []
    text.appendSeconds(nanoseconds: Int64(seconds * 1e9) &+ runtime)
    return text
  }
}
