/// How a run that continues another is put behind it: its runtime goes on where the earlier one's stopped, and no
/// step is given out twice.
///
/// A program that goes on from a checkpoint prints again what it printed before, at least the line of the step it
/// resumes from: those rows are there. One that counts from the start anew has other rows at the same steps: they are
/// given the next free ones, as the recorder does within a run. The first row that names a step tells which it is, so
/// whoever reads the journal again comes to the same.
struct StepShift: Equatable {
  private enum Repeats { case undecided, numberedOn, leftOut }

  /// The last `_step` given out; -1 before any.
  private(set) var lastStep: Int64
  /// Nanoseconds that the earlier parts of the run took.
  let runtime: Int64
  /// Rows carry the printed step as the metric `step` from here on.
  private(set) var isRenumbering = false
  private var repeats: Repeats
  private let baseStep: Int64
  /// The printed step is no `_step` at all: the server numbers the rows of a run with several writers by itself, and
  /// each writer counts its own, as W&B's client does.
  let countsRows: Bool

  init(lastStep: Int64 = -1, runtime: Int64 = 0, countsRows: Bool = false) {
    self.lastStep = lastStep
    self.countsRows = countsRows
    isRenumbering = countsRows
    self.runtime = runtime
    baseStep = lastStep
    repeats = lastStep < 0 ? .numberedOn : .undecided
  }

  /// The step of the next row; `printed` is nil where the row names none. nil: the run has that row, leave it out.
  mutating func step(for printed: Int64?) -> Int64? {
    if let printed, !countsRows {
      if repeats == .undecided { repeats = printed <= 1 && baseStep > 1 ? .numberedOn : .leftOut }
      if printed <= lastStep {
        guard repeats == .numberedOn else { return nil }
        isRenumbering = true
      }
    }
    let next = lastStep == .max ? .max : lastStep &+ 1
    lastStep = countsRows ? next : max(printed ?? next, next)
    return lastStep
  }

  /// A printed number of seconds, later by what the earlier parts took.
  func runtime(_ json: UnsafeRawBufferPointer) -> [UInt8] {
    guard runtime != 0, let seconds = Double(Array(json).asText), seconds.isFinite, abs(seconds) < 9e9 else {
      return Array(json)
    }
    var text: [UInt8] = []
    // bounded: below 9e18
    text.appendSeconds(nanoseconds: Int64(seconds * 1e9) &+ runtime)
    return text
  }
}
