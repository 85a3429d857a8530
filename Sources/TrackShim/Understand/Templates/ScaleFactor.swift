/// What a printed number is multiplied with, as in `scale step_time_ms 0.001`.
///
/// A factor like 0.001 has no exact double: 12.3 times it is 0.012300000000000002, and 12.3 divided by 1000 is 0.0123.
/// So where the factor is one over a whole number, that number divides.
package struct ScaleFactor: Equatable {
  private let multiplier: Double
  private let divisor: Double

  /// `nil` for what is no number, not finite or zero.
  // bounded: doubles
  init?(_ text: [UInt8]) {
    let isNumber = text.withUnsafeBytes { PrintedNumber(in: $0, at: 0)?.range.upperBound == $0.count }
    guard isNumber, let value = Double(text.asText), value.isFinite, value != 0 else { return nil }
    let inverse = (1.0 / value).rounded()
    let isInverse = inverse.magnitude >= 2 && inverse.magnitude < 1e15 && 1.0 / inverse == value
    multiplier = isInverse ? 1 : value
    divisor = isInverse ? inverse : 1
  }

  // bounded: doubles
  func scaled(_ value: Double) -> Double { value * multiplier / divisor }
}
