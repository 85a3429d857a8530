import Testing

@testable import TrackShim

@Suite struct RetryAfterTests {
  private let now: Int64 = 784_111_777_000_000_000  // Sun, 06 Nov 1994 08:49:37 GMT

  @Test(arguments: [
    ("3", 3.0), ("0.25", 0.25), (" 7 ", 7), ("-4", 0), ("999999", 3600),
    ("Sun, 06 Nov 1994 08:49:37 GMT", 0), ("Sun, 06 Nov 1994 08:49:47 GMT", 10),
    ("Sun, 06 Nov 1994 08:40:00 GMT", 0), ("Mon, 07 Nov 1994 08:49:37 GMT", 3600),
  ])
  func isUnderstood(_ text: String, _ seconds: Double) {
    #expect(RetryAfter.seconds(text, now: now) == seconds)
  }

  @Test(arguments: [
    "", "soon", "nan", "inf", "Sun, 06 Nov 1994 08:49:37", "Sun, 32 Nov 1994 08:49:37 GMT",
    "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 06 Nov 99999999999999999999 08:49:37 GMT", "a b c d e GMT",
    "Sun, 06 Nov 1994 25:00:00 GMT", "Sun, 06 Nov 1994 :: GMT",
  ])
  func isNothing(_ text: String) {
    #expect(RetryAfter.seconds(text, now: now) == nil)
  }

  /// As `date -u -d … +%s` has them.
  @Test(arguments: [
    ("01 Jan 1970", 0), ("01 Jan 2000", 946_684_800), ("31 Dec 2026", 1_798_675_200), ("29 Feb 2028", 1_835_395_200),
    ("01 Mar 2028", 1_835_481_600), ("01 Mar 2100", 4_107_542_400),
  ])
  func dates(_ day: String, _ seconds: Int64) {
    #expect(RetryAfter.date("Xxx, \(day) 00:00:00 GMT") == seconds)
  }
}
