/// One metric over a whole run, in bounded memory.
struct MetricTrace {
  private(set) var points = 0
  private(set) var first = Double.nan
  private(set) var last = Double.nan
  /// Of all values but NaN; NaN when there is no other.
  private(set) var min = Double.nan
  private(set) var max = Double.nan
  private(set) var curve = Curve()

  mutating func add(_ value: Double, step: Double) {
    if points == 0 { first = value }
    last = value
    points += 1
    guard !value.isNaN else { return }
    min = min.isNaN ? value : Swift.min(min, value)
    max = max.isNaN ? value : Swift.max(max, value)
    if value.isFinite { curve.add(value, at: step) }
  }
}
