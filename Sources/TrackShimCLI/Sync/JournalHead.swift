import TrackShim

/// What a journal's beginning says: whose it is.
struct JournalHead: Equatable {
  /// The run's record is the second; only a very long config makes it end after the first of these.
  private static let sizes = [1 << 16, 4 << 20]

  var id = ""
  var name = ""
  /// Nanoseconds since 1970.
  var start: Int64 = 0
  /// Of a run that others write to as well, whose end is not this one's to tell.
  var isSecondary = false
  /// Written by W&B's own client, which knows more kinds of records than we send.
  var isOfficial = false
  /// Its program died before anything was recorded.
  private(set) var isEmpty = false

  init(_ journal: String) {
    for size in Self.sizes where id.isEmpty {
      read(journal, limit: size)
    }
    if id.isEmpty { id = Self.id(inNameOf: journal) }
  }

  private mutating func read(_ journal: String, limit: Int) {
    let bytes = FileAccess.bytes(journal, at: 0, count: limit)
    guard FileAccess.isFile(journal), !bytes.isEmpty || FileAccess.attributes(journal)?.st_size == 0 else { return }
    var reader = LogReader(bytes)
    var others = 0
    while id.isEmpty {
      switch reader.next() {
      case .record(let payload):
        let record = try? Record(payload)
        if let record { take(record) }
        if case .header? = record?.content {} else { others += 1 }
      case .end, .incomplete:
        isEmpty = others == 0 && bytes.count < limit
        return
      case .damaged: return
      }
    }
    isEmpty = false
  }

  private mutating func take(_ record: Record) {
    switch record.content {
    case .header(let header): isOfficial = !header.producer.hasPrefix("trackshim ")
    case .run(let run):
      id = run.runID
      name = run.displayName
      start = run.startTime ?? 0
      isSecondary = run.shared?.isPrimary == false
    default: break
    }
  }

  /// `run-<id>.wandb`
  private static func id(inNameOf journal: String) -> String {
    let name = journal.lastPathComponent
    return name.hasPrefix("run-") && name.hasSuffix(".wandb") ? String(name.dropFirst(4).dropLast(6)) : name
  }
}
