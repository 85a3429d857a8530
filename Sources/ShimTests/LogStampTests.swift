import Testing

@testable import SavedLogs
@testable import TrackShim

private func stamp(_ line: String) -> LogStamp? {
  Array(line.utf8).withUnsafeBytes { LogStamp.find(in: $0) }
}

/// As ISO 8601 would have it, with `?` for what the stamp does not tell.
private func shown(_ line: String) -> String? {
  guard let stamp = stamp(line) else { return nil }
  let day = stamp.kind == .time ? "?" : "\(stamp.kind == .day ? "?" : "\(stamp.year)")-\(stamp.month)-\(stamp.day)"
  let time = "\(stamp.second / 3600):\(stamp.second / 60 % 60):\(stamp.second % 60)"
  let rest = stamp.nanosecond == 0 ? "" : ".\(stamp.nanosecond)"
  return day + " " + time + rest + (stamp.zone.map { " \($0)" } ?? "")
}

@Suite struct LogStampTests {
  @Test(arguments: [
    ("2024-01-31 12:00:05,123 INFO step 1", "2024-1-31 12:0:5.123000000"),
    ("2024-01-31T12:00:05.5Z step", "2024-1-31 12:0:5.500000000 0"),
    ("2024-01-31T12:00:05+01:00 step", "2024-1-31 12:0:5 3600"),
    ("2024/01/31 12:00:05 -0530 step", "2024-1-31 12:0:5 -19800"),
    ("[2024-01-31 12:00:05.123456789012] [info] x", "2024-1-31 12:0:5.123456789"),
    ("[2024-05-01 10:00] Iteration 200", "2024-5-1 10:0:0"),
    ("01/31/2024 12:00:05 - INFO - x", "2024-1-31 12:0:5"),
    ("31/01/2024 12:00:05 x", "2024-1-31 12:0:5"),
    ("I0131 12:00:05.123456  1234 solver.cpp:239] x", "?-1-31 12:0:5.123456000"),
    ("W20240131 12:00:05.1  1234 solver.cpp:239] x", "2024-1-31 12:0:5.100000000"),
    ("Jan 31 12:00:05 host x", "?-1-31 12:0:5"),
    ("Jan  3 12:00:05 host x", "?-1-3 12:0:5"),
    ("Wed Jan 31 12:00:05 2024 x", "2024-1-31 12:0:5"),
    ("[12:00:05] x", "? 12:0:5"),
    ("12:00:05.25 | x", "? 12:0:5.250000000"),
    ("[rank0]: 2024-01-31 12:00:05 x", "2024-1-31 12:0:5"),
    ("INFO 2024-01-31 12:00:05 x", "2024-1-31 12:0:5"),
    ("[trainer] [INFO] 2024-01-31 12:00:05,5: x", "2024-1-31 12:0:5.500000000"),
    ("\u{1B}[32m2024-01-31 12:00:05\u{1B}[0m | x", "2024-1-31 12:0:5"),
    ("2024-01-31 23:59:60 x", "2024-1-31 24:0:0"),
  ])
  func isFound(line: String, expected: String) { #expect(shown(line) == expected) }

  @Test(arguments: [
    "", "step 5: loss 0.5", "2024-01-31 x", "2024-13-31 12:00:05 x", "2024-01-32 12:00:05", "2024-01-31 24:00:05",
    "2024-01-31 12:60:05", "0024-01-31 12:00:05", "[00:01:12<00:02:00, 8it/s]", "0:01:12 x", "12:00 x", "12:00:05x",
    "the set of 2024-01-31 12:00:05 was read", "Elapsed 12:00:05 x", "Jan 31 x", "Foo 31 12:00:05",
    "100%|####| 10/10 [00:01:12<00:00:00, 8it/s]", "12:00:05:06", "[", "[[[[[[[[[[", "\u{1B}", "\u{1B}[",
  ])
  func isNone(line: String) {
    if line == "12:00:05:06" { return #expect(stamp(line)?.kind == .time) }  // as much as a time and a colon
    #expect(stamp(line) == nil)
  }

  @Test func daysAreCountedAsTheyAreTold() {
    for days in [-719_468, -1, 0, 59, 60, 11_016, 19_782, 19_783, 20_000, 84_000] as [Int64] {
      let date = GregorianDay(daysSince1970: days)
      #expect(GregorianDay.days(year: date.year, month: date.month, day: date.day) == days)
    }
  }

  /// Any bytes, and every beginning of what is a stamp.
  @Test func neverTraps() {
    var random = SplitMix(seed: 7)
    let alphabet = Array("0123456789:-/.,TZ+ []()<IWJanFeb\u{1B}\n".utf8)
    for _ in 0..<5_000 {
      let bytes = (0..<random.below(60)).map { _ in alphabet[random.below(alphabet.count)] }
      _ = bytes.withUnsafeBytes { LogStamp.find(in: $0) }
    }
    let whole = Array("I20240131 12:00:05.123456 +01:00 x".utf8)
    for size in 0...whole.count { _ = whole.prefix(size).withUnsafeBytes { LogStamp.find(in: $0) } }
  }
}
