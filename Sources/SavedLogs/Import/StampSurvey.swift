import TrackShim

/// Which stamps a log has. Those that most lines have are its times, for another logger's may stand among them.
struct StampSurvey {
  /// Those of one kind, in order.
  struct Trail {
    fileprivate(set) var count = 0
    fileprivate(set) var first: LogStamp?
    fileprivate(set) var last: LogStamp?
    /// How often a day, or where days are told a year, came to its end.
    fileprivate(set) var turns: Int64 = 0
  }

  private var trails = [Trail](repeating: Trail(), count: LogStamp.Kind.allCases.count)

  mutating func take(_ line: UnsafeRawBufferPointer) {
    guard let stamp = LogStamp.find(in: line), trails.indices.contains(stamp.kind.rawValue) else { return }
    let index = stamp.kind.rawValue
    trails[index].count &+= 1
    if let last = trails[index].last, stamp.turns(after: last) { trails[index].turns &+= 1 }
    if trails[index].first == nil { trails[index].first = stamp }
    trails[index].last = stamp
  }

  /// nil for a log without stamps. Of kinds with as many lines the one that tells more.
  var kind: LogStamp.Kind? {
    LogStamp.Kind.allCases.reversed().max { trail($0).count < trail($1).count }.flatMap {
      trail($0).count > 0 ? $0 : nil
    }
  }

  func trail(_ kind: LogStamp.Kind) -> Trail {
    trails.indices.contains(kind.rawValue) ? trails[kind.rawValue] : Trail()
  }
}

extension LogStamp {
  /// It is earlier by so much that midnight, or New Year, lies between them; a little is only disorder.
  func turns(after last: LogStamp) -> Bool {
    switch kind {
    case .date: false
    case .day: month &+ 6 < last.month
    case .time: second &+ 43_200 < last.second
    }
  }
}
