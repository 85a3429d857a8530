import Testing

@testable import TrackShim

@Suite struct PaceTests {
  private static let second: Int64 = 1_000_000_000

  private func response(_ remaining: String = "", _ reset: String = "") -> HTTPResponse {
    HTTPResponse(status: 200, rateLimitRemaining: remaining, rateLimitReset: reset)
  }

  /// Seconds to the request after one that is sent and answered at once.
  private func pause(_ pace: inout Pace, _ remaining: String = "", _ reset: String = "") -> Double {
    pace.sent(at: 1_000 * Self.second)
    pace.answered(response(remaining, reset), at: 1_000 * Self.second)
    return Double(pace.earliest - 1_000 * Self.second) / 1e9
  }

  @Test func theFirstGoesAtOnceAndThenInEvenSteps() {
    var pace = Pace(interval: 2)
    #expect(pace.earliest == 0)
    for _ in 0..<5 { #expect(pause(&pace) == 2) }
    #expect(pace.heartbeatDue == 1_030 * Self.second)
  }

  @Test(arguments: [
    ("10", "50", 5.0), ("100", "50", 2), ("1", "60", 10), ("0", "40", 40), ("0", "4000", 60), ("0.5", "3", 3),
    ("", "50", 2), ("10", "", 2), ("x", "50", 2), ("-1", "50", 2), ("NaN", "1", 2), ("inf", "inf", 2),
    ("1e-300", "1e300", 60),
    ("1e300", "1", 2),
  ])
  func theQuotaIsSpread(remaining: String, reset: String, expected: Double) {
    var pace = Pace(interval: 2)
    #expect(pause(&pace, remaining, reset) == expected)
  }

  @Test func tooFastWidensUpToTheOfficialPaceAndRecovers() {
    var pace = Pace(interval: 2)
    var last = 2.0
    for _ in 0..<9 {
      pace.wasTooFast()
      pace.sent(at: 0)
      let now = Double(pace.earliest) / 1e9
      #expect(now == min(15, last * 2))
      last = now
    }
    for _ in 0..<20 { _ = pause(&pace) }
    #expect(pause(&pace) == 2)
  }

  @Test func aPaceThatIsSlowerByChoiceStays() {
    var pace = Pace(interval: 60)
    pace.wasTooFast()
    #expect(pause(&pace) == 60 && pause(&pace, "0", "5") == 60 && pause(&pace, "5", "50") == 60)
  }

  @Test func secondsOfAllKinds() {
    let expected: [(Double, Int64)] = [
      (-1, 0), (0.5, 500_000_000), (1e300, 1_000_000_000_000_000), (.infinity, 1_000_000_000_000_000),
    ]
    for (seconds, nanoseconds) in expected { #expect(Pace.nanoseconds(seconds) == nanoseconds) }
  }
}

@Suite struct BackoffTests {
  @Test func waitsDoubleUpToAMinute() {
    var backoff = Backoff()
    #expect((0..<8).map { _ in backoff.next(isEnding: false, jitter: 0) } == [2, 4, 8, 16, 32, 60, 60, 60])
    backoff.reset()
    #expect((0..<7).map { _ in backoff.next(isEnding: false, jitter: 1) } == [2.5, 5, 10, 20, 40, 75, 75])
  }

  @Test func theEndDoesNotWait() {
    var backoff = Backoff()
    for _ in 0..<9 { #expect(backoff.next(isEnding: true, jitter: 1) == 0.5) }
  }

  @Test func theMachinesJitterIsWithinBounds() {
    let jitter = UploadClock().jitter
    let some = (0..<50).map { _ in jitter() }
    #expect(some.allSatisfy { (0...1).contains($0) } && Set(some).count > 1)
  }
}
