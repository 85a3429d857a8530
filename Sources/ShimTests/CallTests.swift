import Testing

@testable import TrackShim

@Suite struct CallTests {
  private struct Log: Equatable {
    var step: Int64
    var key: [UInt8]
    var json: String
  }

  private func log(_ bytes: [UInt8]) -> Log? {
    guard case .log(let step, let key, let json) = bytes.withUnsafeBytes({ Call($0) }) else { return nil }
    return Log(step: step, key: key, json: json.asText)
  }

  private func packed(_ step: Int64, _ key: [UInt8], _ value: Double) -> [UInt8] {
    key.withUnsafeBytes { Call.withLog(step: step, key: $0, value: value) { Array($0) } }
  }

  @Test(
    arguments: [
      (0, 1.5, "1.5"), (-1, -0.0, "-0"), (.max, .nan, "NaN"), (.min, .infinity, "Infinity"),
      (7, -.infinity, "-Infinity"), (1, 3, "3"), (2, 5e-300, "5e-300"),
    ] as [(Int64, Double, String)])
  func aLogComesBack(step: Int64, value: Double, json: String) {
    for key in ["loss", "a b/ü", "k\n\u{1B}[2J\"\\"] {
      let expected = Log(step: step, key: Array(key.utf8), json: json)
      #expect(log(packed(step, Array(key.utf8), value)) == expected)
    }
  }

  @Test func anyBytesMakeAKey() {
    var random = SplitMix(seed: 41)
    for _ in 0..<2_000 {
      let key = random.bytes(1 + random.below(Call.longestKey))
      let step = Int64(bitPattern: random.next())
      #expect(log(packed(step, key, 0)) == Log(step: step, key: key, json: "0"))
    }
  }

  @Test func withoutAKeyItIsNoLog() {
    #expect(log(packed(1, [], 1)) == nil)
  }

  @Test func startIsOneByte() {
    guard case .start = [UInt8(1)].withUnsafeBytes({ Call($0) }) else {
      Issue.record("not a start")
      return
    }
  }

  /// The record may come from a ring that somebody wrote over.
  @Test func whatIsNoCallIsNone() {
    var random = SplitMix(seed: 42)
    for _ in 0..<20_000 {
      let bytes = random.bytes(random.below(40))
      let call = bytes.withUnsafeBytes { Call($0) }
      switch bytes.first {
      case 1: #expect(call != nil)
      case 2: #expect((call != nil) == (bytes.count > 17))
      default: #expect(call == nil)
      }
    }
  }

  /// There is no ring in the unit tests.
  @Test func aCallThatNobodyTakesIsRefused() {
    #expect(!Call.putStart())
    #expect(!"loss".withCString { Call.putLog(step: 1, key: $0, size: 4, value: 1) })
  }
}
