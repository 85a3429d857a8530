/// The mean of what a metric has been: of its finite values, summed up as W&B's client does, so that the digits agree.
struct RunningMean {
  private var sum = 0.0
  private var count = 0.0

  var isEmpty: Bool { count == 0 }

  /// NaN and the infinities are in no mean.
  // bounded: doubles do not trap
  mutating func take(_ value: Double) {
    guard value.isFinite else { return }
    sum += value
    count += 1
  }

  mutating func take(_ json: UnsafeRawBufferPointer) {
    if let value = Double(String(decoding: json, as: UTF8.self)) { take(value) }
  }

  /// Empty where there were none.
  // bounded: doubles do not trap
  var json: [UInt8] {
    var text: [UInt8] = []
    if !isEmpty { text.appendDouble(sum / count) }
    return text
  }
}
