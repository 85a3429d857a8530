import TrackShim

/// A journal read from beginning to end, and how far sense could be made of it.
struct JournalReading {
  struct Unusable: Error {
    let reason: String
  }

  private(set) var report = RunReport()
  private let scan: JournalScan

  /// `mayGrow`: its program goes on, or what that left is still to be recovered.
  init(_ journal: String, mayGrow: Bool) throws(Unusable) {
    var report = RunReport()
    do throws(JournalScan.Failure) {
      scan = try JournalScan(of: journal) { report.take($0) }
    } catch {
      throw Unusable(reason: "cannot be read: \(error.reason)")
    }
    self.report = report
    if case .damaged(.preamble, _) = scan.ending { throw Unusable(reason: "is no W&B journal") }
    if scan.records == 0 || (!isDamaged && JournalHead(journal).isEmpty) {
      throw Unusable(
        reason: mayGrow ? "holds nothing yet" : "holds nothing: its program died before anything was recorded")
    }
  }

  var isDamaged: Bool {
    if case .damaged = scan.ending { return true }
    return scan.unreadableRecords > 0
  }

  /// In words; `nil` for a sound journal. One that grows may end anywhere.
  func damage(isRunning: Bool) -> String? {
    switch scan.ending {
    case .damaged(let damage, let offset):
      return "the journal is damaged at byte \(offset) (\(Self.text(damage))); what stands before it is shown"
    case .incomplete(let offset) where !isRunning:
      return "the journal ends inside a record that begins at byte \(offset); what stands before it is shown"
    case .incomplete, .whole:
      return scan.unreadableRecords > 0 ? "\(scan.unreadableRecords) records could not be read" : nil
    }
  }

  private static func text(_ damage: LogReader.Damage) -> String {
    switch damage {
    case .preamble: "it does not begin as one"
    case .checksum: "wrong checksum"
    case .chunkType: "a chunk of no known type"
    case .chunkLength: "a chunk longer than its block"
    case .chunkOrder: "a chunk out of order"
    case .recordTooLong: "a record longer than any reader takes"
    }
  }
}
