import TrackShim

/// Reads one stamp, from left to right.
struct StampScanner {
  private let line: UnsafeRawBufferPointer
  private var index: Int

  init(_ line: UnsafeRawBufferPointer, at index: Int) {
    self.line = line
    self.index = index
  }

  mutating func stamp() -> LogStamp? {
    let start = index
    for read in [Self.isoDate, Self.usDate, Self.googleDate, Self.monthName, Self.timeOnly] {
      index = start
      if var stamp = read(&self), takeTime(&stamp), isEnd { return stamp }
    }
    return nil
  }

  private var next: UInt8 { index < line.count ? line[index] : 0x20 }

  /// Nothing that would make another thing of it: `12:00:00<13:00:00`, `12:00:00x`.
  private var isEnd: Bool {
    next.isBlank || next == 0x5D || next == 0x29 || next == 0x3E || next == 0x7C || next == 0x3A || next == 0x2C
      || next == 0x2D || next == 0x0A || next == 0x0D || next == Control.escape || next == 0x22
  }

  // MARK: Dates

  /// `2024-01-31 `, `2024/01/31T`
  private static func isoDate(_ scanner: inout Self) -> LogStamp? {
    guard let year = scanner.digits(4) else { return nil }
    let separator = scanner.next
    guard separator == 0x2D || separator == 0x2F, scanner.take(separator), let month = scanner.digits(2),
      scanner.take(separator), let day = scanner.digits(2), scanner.takeSeparator()
    else { return nil }
    return date(year, month, day)
  }

  /// `01/31/2024 `; the day first where it cannot be a month.
  private static func usDate(_ scanner: inout Self) -> LogStamp? {
    guard let first = scanner.digits(2), scanner.take(0x2F), let second = scanner.digits(2), scanner.take(0x2F),
      let year = scanner.digits(4), scanner.takeSeparator()
    else { return nil }
    return first > 12 ? date(year, second, first) : date(year, first, second)
  }

  /// `I0131 `, `I20240131 `
  private static func googleDate(_ scanner: inout Self) -> LogStamp? {
    let level = scanner.next
    guard level == 0x49 || level == 0x57 || level == 0x45 || level == 0x46, scanner.take(level) else { return nil }
    let start = scanner.index
    if let year = scanner.digits(4), let month = scanner.digits(2), let day = scanner.digits(2), scanner.takeBlanks() {
      return date(year, month, day)
    }
    scanner.index = start
    guard let month = scanner.digits(2), let day = scanner.digits(2), scanner.takeBlanks() else { return nil }
    return date(nil, month, day)
  }

  /// `Jan 31 `, `Wed Jan  3 `
  private static func monthName(_ scanner: inout Self) -> LogStamp? {
    if scanner.name(of: weekdays) != nil {
      _ = scanner.take(0x2C)
      guard scanner.takeBlanks() else { return nil }
    }
    guard let month = scanner.name(of: months), scanner.takeBlanks() else { return nil }
    guard let day = scanner.digits(2) ?? scanner.digits(1), scanner.takeBlanks() else { return nil }
    return date(nil, month, day)
  }

  private static func timeOnly(_ scanner: inout Self) -> LogStamp? { LogStamp(kind: .time) }

  private static func date(_ year: Int64?, _ month: Int64, _ day: Int64) -> LogStamp? {
    guard (1...12).contains(month), (1...31).contains(day), year.map({ (1970...2199).contains($0) }) != false else {
      return nil
    }
    return LogStamp(kind: year == nil ? .day : .date, year: year ?? 0, month: month, day: day)
  }

  private static let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    .map { Array($0.utf8) }
  private static let weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map { Array($0.utf8) }

  // MARK: Time

  private mutating func takeTime(_ stamp: inout LogStamp) -> Bool {
    guard let hour = digits(2), hour < 24, take(0x3A), let minute = digits(2), minute < 60 else { return false }
    var second: Int64 = 0
    if next == 0x3A, isDigit(1) {
      guard take(0x3A), let read = digits(2), read <= 60 else { return false }
      second = read
      takeFraction(&stamp)
    } else if stamp.kind != .date {
      return false
    }
    stamp.second = hour &* 3600 &+ minute &* 60 &+ second
    takeZone(&stamp)
    // `Wed Jan 31 12:00:00 2024`
    if stamp.kind == .day { takeYear(&stamp) }
    return true
  }

  private mutating func takeFraction(_ stamp: inout LogStamp) {
    guard next == 0x2E || next == 0x2C, isDigit(1) else { return }
    index &+= 1
    var unit: Int64 = 100_000_000
    while index < line.count, line[index].isDigit {
      stamp.nanosecond &+= Int64(line[index] &- 0x30) &* unit
      unit /= 10
      index &+= 1
    }
  }

  /// `Z`, `+01:00`, `+0100`, ` +0100`, ` UTC`
  private mutating func takeZone(_ stamp: inout LogStamp) {
    let start = index
    if take(0x5A) { return stamp.zone = 0 }
    let isApart = takeBlanks()
    if name(of: [Array("utc".utf8), Array("gmt".utf8)]) != nil { return stamp.zone = 0 }
    let sign: Int64 = next == 0x2D ? -1 : 1
    if next == 0x2B || next == 0x2D {
      index &+= 1
      if let hour = digits(2), hour < 16 {
        let hasColon = take(0x3A)
        if let minute = digits(2), minute < 60, !isApart || !hasColon {
          return stamp.zone = sign &* (hour &* 3600 &+ minute &* 60)
        }
      }
    }
    index = start
  }

  private mutating func takeYear(_ stamp: inout LogStamp) {
    let start = index
    if takeBlanks(), let year = digits(4), (1970...2199).contains(year), isEnd {
      stamp.year = year
      stamp.kind = .date
    } else {
      index = start
    }
  }

  // MARK: Pieces

  private mutating func take(_ byte: UInt8) -> Bool {
    guard index < line.count, line[index] == byte else { return false }
    index &+= 1
    return true
  }

  private func isDigit(_ ahead: Int) -> Bool { index &+ ahead < line.count && line[index &+ ahead].isDigit }

  private mutating func takeBlanks() -> Bool {
    let start = index
    while index < line.count, line[index].isBlank { index &+= 1 }
    return index > start
  }

  private mutating func takeSeparator() -> Bool { take(0x54) || take(0x5F) || takeBlanks() }

  /// Exactly so many.
  private mutating func digits(_ count: Int) -> Int64? {
    guard index &+ count <= line.count, !isDigit(count) || count == 4 || count == 2 else { return nil }
    var value: Int64 = 0
    for byte in line.part(index, index &+ count) {
      guard byte.isDigit else { return nil }
      value = value &* 10 &+ Int64(byte &- 0x30)
    }
    index &+= count
    return value
  }

  /// The number of a name of three letters, from 1.
  private mutating func name(of names: [[UInt8]]) -> Int64? {
    let word = line.part(index, min(line.count, index &+ 3)).map(\.lowercasedASCII)
    guard let number = names.firstIndex(of: word), !(index &+ 3 < line.count && line[index &+ 3].isASCIILetter) else {
      return nil
    }
    index &+= 3
    return Int64(number) &+ 1  // bounded: of a few names
  }
}
