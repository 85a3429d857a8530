/// What tells one row of a run from the others.
struct RowIdentity {
  let step: Int64
  /// Seconds since 1970, in milliseconds as we write them.
  let timestamp: Double

  init?(_ row: JSONValue) {
    guard let step = row["_step"]?.integer, let timestamp = row["_timestamp"]?.double else { return nil }
    self.step = step
    self.timestamp = timestamp
  }

  /// A server may write numbers otherwise than they came.
  // bounded: doubles
  func isSameTime(as other: RowIdentity) -> Bool { abs(timestamp - other.timestamp) < 0.0005 }
  func isSame(as other: RowIdentity) -> Bool { step == other.step && isSameTime(as: other) }
}

/// What of a journal an earlier uploader has sent, where nothing beside the journal says so any more: found by the
/// last row that the server has.
struct EarlierSending {
  /// Of this journal.
  private(set) var counts = RunProjection.Counts()
  /// Console lines that were sent and may have changed since.
  private(set) var openLines: [Int] = []
  /// The server's last row has this number here.
  private(set) var number: Int?

  /// nil where that row is not the journal's, as far as can be told.
  ///
  /// `isContinued`: the run has rows of earlier journals, of which nobody knows how many; else rows have the same
  /// number here and there. Holds one row at a time.
  init?(_ journal: JournalFollower, limit: Int, on server: EarlierRun, isContinued: Bool) {
    guard let last = server.lastRow, server.lines.history > 0 else { return nil }
    let skipped = isContinued ? 0 : server.lines.history &- 1
    var journal = journal
    var seen = RunProjection(
      acknowledged: RunProjection.Counts(history: skipped, events: .max, console: .max), shift: StepShift())
    var lastLines: [OutputStream: Int] = [:]
    while case .record(let payload) = journal.next(limit: limit) {
      seen.take(payload)
      note(seen.console.takeChanges(includingOpen: false), below: server.lines.console, in: &lastLines)
      guard !seen.history.isEmpty else { continue }
      if number == nil, let row = Self.row(seen.history) {
        if isContinued ? row.isSameTime(as: last) : row.isSame(as: last) { number = seen.history.count &- 1 }
      }
      guard number != nil || isContinued else { return nil }
      seen.acknowledge(RunProjection.Counts(history: .max, events: .max, console: .max))
    }
    guard number != nil else { return nil }
    note(seen.console.takeChanges(includingOpen: true), below: server.lines.console, in: &lastLines)
    counts = server.lines.limited(to: seen.counts)
    openLines = lastLines.values.sorted()
  }

  private static func row(_ held: LineQueue) -> RowIdentity? {
    guard let text = JSONValue(held.bytes)?.text, let row = JSONValue(text) else { return nil }
    return RowIdentity(row)
  }

  /// Of each stream the last line that the server has is the one that may have been open then.
  private func note(_ lines: [ConsoleLine], below count: Int, in last: inout [OutputStream: Int]) {
    // bounded: a dictionary
    for line in lines where line.number < count { last[line.stream] = max(line.number, last[line.stream] ?? 0) }
  }
}
