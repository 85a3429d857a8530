import Testing

@testable import TrackShim

@Suite struct LastValuesTests {
  /// Against a dictionary.
  @Test func eachMetricHasItsLastValue() {
    var random = SplitMix(seed: 31)
    var values = LastValues()
    var model: [Int: [UInt8]] = [:]
    for _ in 0..<5_000 {
      let name = random.below(40)
      let value = random.bytes(random.below(random.below(20) == 0 ? 600 : 20))
      value.withUnsafeBytes { values.set(name, $0) }
      model[name] = value
    }
    for name in 0..<50 { #expect(values.value(name) == model[name] ?? []) }
  }

  @Test func whatIsNoNumberOfAMetricHasNone() {
    var values = LastValues()
    ([1, 2] as [UInt8]).withUnsafeBytes { values.set(-1, $0) }
    for name in [-1, 0, 1, .max, .min] { #expect(values.value(name) == []) }
  }
}
