/// What is to be made of the lines of an outline, whatever their digits, as long as nothing else has changed that decided
/// it. A program prints its report again and again: all but the first are read by where their numbers stand.
///
/// Never changed, as `KnownOutline`.
final class ReportPlan {
  /// What decides beside the line's outline.
  struct Ground: Equatable {
    var isInBlock: Bool
    var hasReported: Bool
    var isInsideSettings: Bool
    var steps: StreamSteps.Ground
  }

  struct Metric {
    var place: KnownOutline.NumberPlace
    var token: LineToken
    /// The run's number for it.
    var number: Int
    var isVerbatim: Bool
    var isSize: Bool
  }

  /// That a number counts is sure only up to so many digits.
  static let mostDigits = 15

  let ground: Ground
  /// Why the line is no report; nil: it is one.
  let refusal: Refusal?
  /// The step in it is the sample's.
  let counter: LineCounter?
  let counterPlace: KnownOutline.NumberPlace?
  /// Numbers that count, or would have.
  let counted: [KnownOutline.NumberPlace]
  let metrics: [Metric]
  /// Whether the line is in a block, or begins one.
  let isInBlock: Bool

  init(
    _ draft: Draft, ground: Ground, refusal: Refusal?, isInBlock: Bool, counted: [LineToken], _ runs: [LineOutline.Run]
  ) {
    self.ground = ground
    self.refusal = refusal
    self.isInBlock = isInBlock
    counter = draft.counter
    counterPlace = draft.counter?.number.map { .init($0, runs) }
    self.counted = counted.map { .init($0, runs) }
    metrics = draft.metrics
  }

  /// What is noted of a line while it is read.
  struct Draft {
    var counter: LineCounter?
    var metrics: [Metric] = []
    /// Nothing of it was decided by the line's digits.
    var holdsForAll = false

    mutating func begin(_ counter: LineCounter?, isSure: Bool) {
      self.counter = counter
      if !metrics.isEmpty { metrics.removeAll(keepingCapacity: true) }
      holdsForAll = isSure
    }
  }
}
