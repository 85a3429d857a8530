import TrackShim

/// The time of each line of a saved log, never earlier than the one before.
///
/// A line without a stamp has the time of the last one with one, those before the first stamp that one's. What stamps do
/// not tell, the day or the year, is counted back from when the file was written last. A log without stamps was printed
/// when its file was written: nothing better is known.
struct LogClock {
  /// Nanoseconds since 1970.
  private(set) var start: Int64
  private(set) var now: Int64
  let hasStamps: Bool

  private let kind: LogStamp.Kind?
  private let offset: (Int64) -> Int64
  /// The day, or the year, of the last line.
  private var turn: Int64 = 0
  private var last: LogStamp?
  /// The offset of local time is asked for once an hour.
  private var hour: (number: Int64, offset: Int64)?

  /// `modified`: nanoseconds since 1970; `offset`: seconds east of Greenwich where local clocks show these seconds.
  init(_ survey: StampSurvey, modified: Int64, offset: @escaping (Int64) -> Int64) {
    self.offset = offset
    kind = survey.kind
    hasStamps = kind != nil
    start = modified
    now = modified
    guard let kind, let first = survey.trail(kind).first, let last = survey.trail(kind).last else { return }
    turn = Self.lastTurn(last, modified: modified, offset) &- survey.trail(kind).turns
    start = resolve(first)
    now = start
  }

  mutating func time(of line: UnsafeRawBufferPointer) -> Int64 {
    guard let kind, let stamp = LogStamp.find(in: line), stamp.kind == kind else { return now }
    if let last, stamp.turns(after: last) { turn &+= 1 }
    last = stamp
    now = max(now, resolve(stamp))
    return now
  }

  /// The local day (or year) of a log's last line. One that would lie in the future is the one before.
  private static func lastTurn(_ last: LogStamp, modified: Int64, _ offset: (Int64) -> Int64) -> Int64 {
    let seconds = modified / 1_000_000_000
    // What clocks show: an hour more or less around a change of clocks is of no weight here.
    let local = seconds &+ (last.zone ?? offset(seconds))
    let day = local / 86_400
    switch last.kind {
    case .date: return 0
    case .time: return last.second > local % 86_400 &+ 60 ? day &- 1 : day
    case .day:
      let today = GregorianDay(daysSince1970: day)
      let number = GregorianDay.days(year: today.year, month: last.month, day: last.day)
      return number > day &+ 1 ? today.year &- 1 : today.year
    }
  }

  // bounded: years from 1970 to 2199, and days counted back from a file's time
  private mutating func resolve(_ stamp: LogStamp) -> Int64 {
    let day: Int64
    switch stamp.kind {
    case .date: day = stamp.dayNumber
    case .day: day = GregorianDay.days(year: turn, month: stamp.month, day: stamp.day)
    case .time: day = turn
    }
    let local = day &* 86_400 &+ stamp.second
    return (local &- (stamp.zone ?? localOffset(local))) &* 1_000_000_000 &+ stamp.nanosecond
  }

  private mutating func localOffset(_ local: Int64) -> Int64 {
    let number = local / 3600
    if let hour, hour.number == number { return hour.offset }
    let found = offset(local)
    hour = (number, found)
    return found
  }
}
