import CTrackShim

@testable import TrackShim

/// Files that are no journal, or no longer one, and records that anybody may have written.
enum JournalFuzz {
  /// The first byte says whether checksums are put right, so that what they guard is reached too.
  static func run(_ bytes: [UInt8]) throws {
    var input = FuzzInput(bytes)
    let options = input.byte()
    let file = options & 1 == 0 ? input.all() : repaired(input.all())
    let events = events(of: [file])
    let size = Int(options >> 1) + 1
    let pieces = stride(from: 0, to: file.count, by: size).map { Array(file[$0..<min($0 + size, file.count)]) }
    let inPieces = Self.events(of: pieces)
    try hold(events.records == inPieces.records, "pieces gave other records")
    try hold(events.goodEnd == inPieces.goodEnd && events.goodEnd <= file.count, "pieces end elsewhere")
    try isReadAlike(file, events.records)
    for record in events.records { try check(record) }
  }

  /// Records with two bytes of length in front, framed as the journal frames them.
  static func runRecords(_ bytes: [UInt8]) throws {
    var input = FuzzInput(bytes)
    let acknowledged = RunProjection.Counts(history: Int(input.byte() & 3), events: 0, console: 1)
    let shift = StepShift(lastStep: Int64(bitPattern: input.number(bytes: 8)), runtime: Int64(input.byte()) << 24)
    var projection = RunProjection(acknowledged: acknowledged, shift: shift)
    while !input.isEmpty {
      let record = input.counted()
      try check(record)
      projection.take(record)
    }
    try use(projection)
  }

  static func use(_ given: RunProjection) throws {
    var projection = given
    let lines = projection.console.takeChanges(includingOpen: true)
    var text: [UInt8] = []
    for line in lines { ConsoleText.append(line, isStructured: line.number & 1 == 0, to: &text) }
    try hold(zip(lines, lines.dropFirst()).allSatisfy { $0.number < $1.number }, "console lines out of order")
    _ = projection.summary.json(projection.shift)
    _ = projection.history.prefix(bytes: 64)
    if let environment = projection.environment { _ = MetadataFile.make(environment) }
    _ = ConfigYAML.make(items: projection.config.items.map { ($0.key, $0.json) }, wandb: Array("{}".utf8))
    projection.acknowledge(RunProjection.Counts(history: 1, events: 1, console: 1))
    projection.acknowledge(RunProjection.Counts(history: .max, events: .max, console: .max))
    try hold(!projection.hasLines, "lines are left that were acknowledged")
  }

  // MARK: Reading

  static func events(of pieces: [[UInt8]]) -> (records: [[UInt8]], goodEnd: Int) {
    var reader = LogReader()
    var records: [[UInt8]] = []
    for piece in pieces {
      reader.append(piece)
      while case .record(let record) = reader.next() { records.append(record) }
    }
    return (records, reader.goodEnd)
  }

  /// By the readers that take a file.
  private static func isReadAlike(_ bytes: [UInt8], _ records: [[UInt8]]) throws {
    let path = FuzzFolder.write("read.wandb", bytes)
    let scan = try JournalScan(of: path) { _ in }
    try hold(scan.records == records.count, "the scan has \(scan.records) records, not \(records.count)")
    let file = try checked(tsi_open(path, OpenFlags.readOnly, 0))
    defer { _ = tsi_close(file) }
    var follower = JournalFollower(file: file)
    var followed: [[UInt8]] = []
    for limit in [bytes.count / 2, bytes.count] {
      while case .record(let record) = follower.next(limit: limit) { followed.append(record) }
    }
    try hold(followed == records, "the follower has \(followed.count) records, not \(records.count)")
  }

  /// What was understood is written in one form, and that form is understood as the same.
  static func check(_ payload: [UInt8]) throws {
    guard let record = try? Record(payload), let content = record.content else { return }
    let once = encoded(content)
    let twice = try once.withUnsafeBytes { bytes in try again(content, bytes) }
    try hold(once == twice, "\(content) is written in two ways")
  }

  private static func encoded(_ content: Record.Content) -> [UInt8] {
    var out: [UInt8] = []
    message(in: content)?.encode(into: &out)
    return out
  }

  private static func again(_ content: Record.Content, _ bytes: UnsafeRawBufferPointer) throws -> [UInt8] {
    var out: [UInt8] = []
    guard let message = message(in: content) else { return out }
    try type(of: message).init(decoding: bytes).encode(into: &out)
    return out
  }

  private static func message(in content: Record.Content) -> (any WireMessage)? {
    switch content {
    case .header(let message): message
    case .run(let message): message
    case .telemetry(let message): message
    case .environment(let message): message
    case .config(let message): message
    case .files(let message): message
    case .output(let message): message
    case .history(let message): message
    case .summary(let message): message
    case .stats(let message): message
    case .metric(let message): message
    case .alert(let message): message
    case .exit(let message): message
    case .other: nil
    }
  }

  /// With the right checksum in each chunk that lies whole in its block.
  private static func repaired(_ bytes: [UInt8]) -> [UInt8] {
    var file = LogFramer.preamble + bytes.dropFirst(LogFramer.preamble.count)
    var position = LogFramer.preamble.count
    while position + LogFramer.headerSize <= file.count {
      let length = Int(file[position + 4]) | Int(file[position + 5]) << 8
      let start = position + LogFramer.headerSize
      guard start + length <= file.count else { break }
      let sum = file[start..<start + length].withUnsafeBytes { LogFramer.checksum(file[position + 6], $0) }
      for index in 0..<4 { file[position + index] = UInt8(truncatingIfNeeded: sum >> UInt32(8 * index)) }
      position = start + length
    }
    return file
  }
}
