import TrackShim

/// When a line was printed, as its logger wrote it in front.
///
///     2024-01-31 12:00:00,123  2024-01-31T12:00:00.123+01:00  01/31/2024 12:00:00
///     I0131 12:00:00.123456  Jan 31 12:00:00  Wed Jan 31 12:00:00 2024  [12:00:00]
struct LogStamp: Equatable {
  /// What it tells; with the others one has to find out the year or the day.
  enum Kind: Int, CaseIterable { case time, day, date }

  var kind: Kind
  var year: Int64 = 0
  var month: Int64 = 0
  var day: Int64 = 0
  /// Of the day.
  var second: Int64 = 0
  var nanosecond: Int64 = 0
  /// Seconds east of Greenwich; nil: local time.
  var zone: Int64?

  /// A stamp stands within so many bytes.
  static let reach = 96

  /// At the line's beginning, or behind what loggers and launchers write before it: a level, a rank, a bracket.
  static func find(in line: UnsafeRawBufferPointer) -> LogStamp? {
    let line = line.part(0, min(line.count, reach))
    var index = 0
    for _ in 0..<6 {
      index = skipped(line, index)
      var scanner = StampScanner(line, at: index)
      if let stamp = scanner.stamp() { return stamp }
      guard let end = endOfPrefix(line, index) else { return nil }
      index = end
    }
    return nil
  }

  /// Past blanks, colours and opening brackets.
  private static func skipped(_ line: UnsafeRawBufferPointer, _ start: Int) -> Int {
    var index = start
    while index < line.count {
      let byte = line[index]
      if byte == Control.escape {
        while index < line.count, !line[index].isASCIILetter { index &+= 1 }
        index &+= 1
      } else if byte.isBlank || byte == 0x5B || byte == 0x28 || byte == 0x3C || byte == 0x7C {
        index &+= 1
      } else {
        return index
      }
    }
    return index
  }

  /// Behind a word that may stand before a stamp: not one of a sentence.
  private static func endOfPrefix(_ line: UnsafeRawBufferPointer, _ start: Int) -> Int? {
    var end = start
    while end < line.count, !line[end].isBlank { end &+= 1 }
    let word = line.part(start, end)
    guard let last = word.last, word.contains(where: { $0.isASCIILetter || $0.isDigit }) else { return nil }
    let isShouted = !word.contains { $0 &- 0x61 < 26 } && word.contains { $0.isASCIILetter }
    let isClosed = last == 0x5D || last == 0x29 || last == 0x3E || last == 0x3A
    return isShouted || isClosed ? end : nil
  }

  // MARK: When that was

  /// Of the date as its own place counts, in days since 1970.
  var dayNumber: Int64 { GregorianDay.days(year: year, month: month, day: day) }
}

extension GregorianDay {
  /// Days since 1970; years as somebody may print them.
  // bounded: years of at most four digits
  static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
    let shifted = month <= 2 ? year &- 1 : year
    let era = (shifted >= 0 ? shifted : shifted &- 399) / 400
    let yearOfEra = shifted &- era &* 400
    let dayOfYear = (153 &* (month &+ (month > 2 ? -3 : 9)) &+ 2) / 5 &+ day &- 1
    return era &* 146_097 &+ yearOfEra &* 365 &+ yearOfEra / 4 &- yearOfEra / 100 &+ dayOfYear &- 719_468
  }
}

extension UInt8 {
  var isASCIILetter: Bool { lowercasedASCII &- 0x61 < 26 }
}
