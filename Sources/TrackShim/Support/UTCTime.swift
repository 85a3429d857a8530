extension [UInt8] {
  /// Appends a time in UTC as `2026-11-22T07:05:46.926308`, cut to microseconds, without a zone letter. Every
  /// Int64 is within the years 1677 to 2262.
  mutating func appendUTCTime(nanoseconds: Int64) {
    let microseconds = nanoseconds.floored(1000)
    let seconds = microseconds.floored(1_000_000)
    let days = seconds.floored(86_400)
    let second = seconds &- days &* 86_400
    let date = GregorianDay(daysSince1970: days)
    appendDigits(date.year, 4, then: "-")
    appendDigits(date.month, 2, then: "-")
    appendDigits(date.day, 2, then: "T")
    appendDigits(second / 3600, 2, then: ":")
    appendDigits(second / 60 % 60, 2, then: ":")
    appendDigits(second % 60, 2, then: ".")
    appendDigits(microseconds &- seconds &* 1_000_000, 6)
  }

  // bounded: `unit` is a power of ten
  private mutating func appendDigits(_ value: Int64, _ count: Int, then separator: Unicode.Scalar? = nil) {
    var unit: Int64 = 1
    for _ in 1..<count { unit &*= 10 }
    while unit > 0 {
      append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: value / unit % 10))
      unit /= 10
    }
    if let separator { append(UInt8(ascii: separator)) }
  }
}

extension Int64 {
  /// Division by a positive number, rounded down.
  // bounded: what it is called with
  fileprivate func floored(_ divisor: Int64) -> Int64 {
    let quotient = self / divisor
    return self < 0 && quotient &* divisor != self ? quotient &- 1 : quotient
  }
}
