import CTrackShim

/// How long a server asks to be left alone: seconds, or the time of day at which to come back.
enum RetryAfter {
  /// Nobody's program is to wait for longer than this without another look.
  private static let longest = 3600.0

  /// Seconds from `now` (nanoseconds since 1970). nil where there is nothing that can be understood.
  static func seconds(_ text: String, now: Int64 = tsi_clock_realtime()) -> Double? {
    let text = text.trimmed
    if let seconds = Double(text) { return seconds.isFinite ? min(max(0, seconds), longest) : nil }
    guard let date = date(text) else { return nil }
    // bounded: doubles
    return min(max(0, Double(date) - Double(now) / 1e9), longest)
  }

  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

  /// `Sun, 06 Nov 1994 08:49:37 GMT`, the one form that is sent; seconds since 1970.
  static func date(_ text: String) -> Int64? {
    let words = text.split(separator: " ")
    guard words.count == 6, words[5] == "GMT", let month = months.firstIndex(of: String(words[2])),
      let day = Int64(words[1]), (1...31).contains(day), let year = Int64(words[3]), (1970...9999).contains(year)
    else { return nil }
    let time = words[4].split(separator: ":").compactMap { Int64($0) }
    guard time.count == 3, (0...23).contains(time[0]), (0...59).contains(time[1]), (0...60).contains(time[2]) else {
      return nil
    }
    let seconds = time[0] &* 3600 &+ time[1] &* 60 &+ time[2]
    return days(year, Int64(clamping: month) &+ 1, day) &* 86_400 &+ seconds
  }

  /// Days since 1970 in the Gregorian calendar, whose year is taken to begin in March.
  private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let shifted = month > 2 ? month &- 3 : month &+ 9
    let year = month > 2 ? year : year &- 1
    let era = year / 400
    let yearOfEra = year &- era &* 400
    let dayOfYear = (153 &* shifted &+ 2) / 5 &+ day &- 1
    return era &* 146_097 &+ yearOfEra &* 365 &+ yearOfEra / 4 &- yearOfEra / 100 &+ dayOfYear &- 719_468
  }
}
