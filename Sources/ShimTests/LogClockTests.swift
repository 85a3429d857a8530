import Testing

@testable import SavedLogs
@testable import TrackShim

private let second: Int64 = 1_000_000_000
/// 2024-03-01 06:00:00 UTC.
private let modified: Int64 = 1_709_272_800 * second

/// Seconds before `modified`, of each line; the first is that of the run's start.
private func ages(_ lines: [String], zone: Int64 = 0) -> [Int64] {
  var survey = StampSurvey()
  for line in lines { Array(line.utf8).withUnsafeBytes { survey.take($0) } }
  var clock = LogClock(survey, modified: modified) { _ in zone }
  let times = lines.map { line in Array(line.utf8).withUnsafeBytes { clock.time(of: $0) } }
  return ([clock.start] + times).map { (modified - $0) / second }
}

@Suite struct LogClockTests {
  @Test func aLogWithoutTimesHasItsFiles() { #expect(ages(["step 1", "step 2"]) == [0, 0, 0]) }

  @Test func linesWithoutOneHaveThatOfTheLineBefore() {
    #expect(
      ages(["begin", "2024-03-01 05:00:00 x", "more", "2024-03-01 05:00:10 x"]) == [3600, 3600, 3600, 3600, 3590])
  }

  @Test func timesDoNotGoBack() {
    #expect(ages(["2024-03-01 05:00:10 a", "2024-03-01 05:00:00 b"]) == [3590, 3590, 3590])
  }

  @Test func zones() {
    #expect(ages(["2024-03-01T05:00:00Z x", "2024-03-01T07:00:00+01:30 x"], zone: 3600) == [3600, 3600, 1800])
    #expect(ages(["2024-03-01 06:00:00 x"], zone: 3600) == [3600, 3600])
  }

  @Test func daysAreCountedBackFromTheFile() {
    let day: Int64 = 86_400
    #expect(ages(["[05:00:00] x", "[05:59:00] x"]) == [3600, 3600, 60])
    // Over two midnights.
    #expect(
      ages(["[23:00:00] x", "[01:00:00] x", "[23:00:00] x", "[01:00:00] x", "[00:59:59] late"])
        == [
          18_000 + 14_400 + day - 7200 - 0, 18_000 + 14_400 + day - 7200, 18_000 + day, 18_000 + 7200, 18_000, 18_000,
        ])
    // The file was written at six: a line of seven is yesterday's.
    #expect(ages(["[07:00:00] x"]) == [day - 3600, day - 3600])
  }

  @Test func yearsAreCountedBackFromTheFile() {
    let day: Int64 = 86_400
    #expect(ages(["I0301 05:00:00.5  1 a.cc:1] x"]) == [3599, 3599])
    // New Year lies between; 2024 has a 29th of February.
    #expect(ages(["Dec 31 06:00:00 x", "Feb 29 06:00:00 x"]) == [61 * day, 61 * day, day])
    #expect(ages(["Mar 3 06:00:00 x"]) == [364 * day, 364 * day])
  }

  @Test func theStampsThatMostLinesHaveCount() {
    #expect(ages(["2020-01-01 00:00:00 x", "[05:00:00] x", "[05:00:10] x"]) == [3600, 3600, 3600, 3590])
    #expect(ages(["[05:00:00] x", "2024-03-01 05:30:00 x"]) == [1800, 1800, 1800])
  }
}

@Suite struct RawLinesTests {
  @Test(arguments: [1, 2, 7, 1000]) func linesWhateverThePieces(size: Int) {
    let text = Array("one\n\ntwo\r\nthree".utf8)
    var lines = RawLines()
    var found: [String] = []
    let take = { (line: UnsafeRawBufferPointer, isBeginning: Bool) in
      #expect(isBeginning)
      found.append(String(decoding: line, as: UTF8.self))
    }
    for start in stride(from: 0, to: text.count, by: size) {
      text[start..<min(text.count, start + size)].withUnsafeBytes { lines.feed($0, take) }
    }
    lines.finish(take)
    #expect(found == ["one\n", "\n", "two\r\n", "three"])
  }

  @Test func aLongLineComesInParts() {
    let text = [UInt8](repeating: 0x61, count: 3 * RawLines.longest + 5) + Array("\nnext\n".utf8)
    var lines = RawLines()
    var beginnings = 0, bytes = 0, most = 0
    let take = { (line: UnsafeRawBufferPointer, isBeginning: Bool) in
      if isBeginning { beginnings += 1 }
      bytes += line.count
      most = max(most, line.count)
    }
    for start in stride(from: 0, to: text.count, by: 1000) {
      text[start..<min(text.count, start + 1000)].withUnsafeBytes { lines.feed($0, take) }
    }
    lines.finish(take)
    #expect(beginnings == 2 && bytes == text.count && most < RawLines.longest + 1000)
  }
}
