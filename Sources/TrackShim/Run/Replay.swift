import CTrackShim

/// Brings a recorder to the state it had when its process died, from the journal, and lets it go on.
///
/// The console log holds every line, and lines are all that a recorder knows, so understanding them again
/// gives the row that was open, the last step and the summary. Everything is read in pieces: a journal may
/// be larger than memory.
struct Replay {
  private static let pieceBytes = 1 << 20

  private var recorder: Recorder
  private var output = LineAssembler()
  private var error = LineAssembler()
  private let progress: tsi_progress
  private let folder: RunDirectory?
  private(set) var hasEnd = false
  private var hasRun = false
  private var hasRows = false
  private var hasOutput = false
  private var records: Int64 = 0
  /// Nanoseconds from the run's start to the last thing of which the time is known.
  private var runtime: Int64 = 0
  /// To be written in front of the first thing that the ring has, where the journal has no beginning.
  var missing: RunRecord?

  init(journal path: String, ring: OpaquePointer) throws(Recovery.Failure) {
    guard let file = try? checked(tsi_open(path, OpenFlags.readOnly, 0)) else {
      throw .unusable("\(path) cannot be read")
    }
    defer { _ = tsi_close(file) }
    folder = path.parentFolder.map { RunDirectory(path: $0, runID: "") }
    let size = max(0, tsi_file_size(file))
    progress = tsi_ring_progress(ring, UInt64(clamping: size))
    var settings = Settings.defaults
    settings.templates = TemplateSources.kept(beside: path)
    recorder = Recorder(
      settings: settings, starter: NoRun(), clock: RunClock(start: 0, offset: 0))
    recorder.replay()
    // Where the journal could not be written for some time the ring knows no size it really had: all of it counts.
    let known = progress.journal_size > 0 ? Int(clamping: progress.journal_size) : Int(clamping: size)
    let end = try readJournal(file, limit: min(Int(clamping: size), known))
    // What the journal has of an unfinished line is not given to it again.
    takePartials()
    let continued: JournalFile
    do {
      continued = try JournalFile(continuing: path, at: end.offset)
    } catch {
      throw .unusable("\(path) cannot be written (\(error.text))")
    }
    recorder.resume(Journal(continued, lastRecord: end.lastRecord))
    records = end.lastRecord
    // The setting was to keep no console log: the lines that told the step were not kept either.
    if hasRows, !hasOutput { recorder.loseTrack() }
  }

  /// The disk was full from the start, or the process died in its first moments: at most a header is there.
  var hasBeginning: Bool { hasRun || records > 1 }

  /// What no wake-up had taken from the ring yet. Returns its bytes.
  mutating func takeRing(_ ring: OpaquePointer) -> Int {
    let offset = tsi_ring_clock_offset(ring)
    var reader = RingReader(ring, from: progress.ring_position)
    var taken = 0
    var lastTime: Int64 = 0
    while let record = reader.next() {
      lastTime = record.time
      let bytes = unrecorded(record)
      if bytes.count > 0 { begin(at: record.time &+ offset) }
      if record.has_gap { takeGap(at: record.time &+ offset) }
      guard bytes.count > 0, !take(call: bytes, record, offset) else { continue }
      taken &+= bytes.count
      feed(bytes, record.stream == 1 ? .standardOutput : .standardError, at: record.time &+ offset)
    }
    // What came after the ring was full.
    if tsi_ring_ends_in_gap(ring) { takeGap(at: tsi_ring_clock_offset(ring) &+ lastTime) }
    return taken
  }

  /// What was printed before this went with the process's memory.
  private mutating func begin(at wall: Int64) {
    guard var run = missing else { return }
    missing = nil
    hasRun = true
    run.startTime = wall
    recorder.clock = RunClock(start: wall, offset: 0)
    if records == 0 { recorder.journal?.append(HeaderRecord(producer: "trackshim \(Version.text)")) }
    recorder.journal?.append(run)
    takeGap(at: wall)
  }

  private mutating func takeGap(at wall: Int64) {
    breakLines()
    recorder.stream = .standardOutput
    recorder.gap(bytes: 0, at: wall)
  }

  /// True when the record was one.
  private mutating func take(call bytes: UnsafeRawBufferPointer, _ record: tsi_record, _ offset: Int64) -> Bool {
    guard Int(record.kind) == TSI_CALL else { return false }
    if let call = Call(bytes) {
      note(time: record.time &+ offset)
      if case .save(let file) = call, (try? folder?.link(file)) == nil { return true }
      recorder.take(call, at: record.time &+ offset)
      if let line = call.line { line.withUnsafeBytes { feed($0, .standardOutput, at: record.time &+ offset) } }
    }
    return true
  }

  mutating func finish(code: Int32?) throws(Recovery.Failure) {
    // What stands there without a line end was being printed: not a whole line, so not a metric.
    breakLines()
    recorder.end(code: code, runtime: runtime)
    let isWritten = recorder.journal?.write(now: tsi_clock_monotonic()) ?? true
    if !isWritten { throw .unusable("the journal cannot be written") }
  }

  private mutating func breakLines() {
    recorder.stream = .standardOutput
    output.breakOff(into: &recorder)
    recorder.stream = .standardError
    error.breakOff(into: &recorder)
  }

  private mutating func takePartials() {
    recorder.stream = .standardOutput
    output.takePartial(into: &recorder)
    recorder.stream = .standardError
    error.takePartial(into: &recorder)
  }

  /// A flush may begin with bytes that were recorded before it, out of stdio's buffer.
  private func unrecorded(_ record: tsi_record) -> UnsafeRawBufferPointer {
    let bytes = UnsafeRawBufferPointer(start: record.bytes, count: Int(record.size))
    guard Int(record.kind) == TSI_STDOUT_FILE, record.position < progress.stdout_position else { return bytes }
    let known = min(Int(clamping: progress.stdout_position &- record.position), bytes.count)
    return UnsafeRawBufferPointer(rebasing: bytes[known...])
  }

  private mutating func feed(_ bytes: UnsafeRawBufferPointer, _ stream: OutputStream, at wall: Int64) {
    recorder.stream = stream
    note(time: wall)
    if stream == .standardOutput {
      output.feed(bytes, at: wall, into: &recorder)
    } else {
      error.feed(bytes, at: wall, into: &recorder)
    }
  }

  private mutating func note(time wall: Int64) {
    guard recorder.clock.start > 0 else { return }
    runtime = max(runtime, recorder.clock.moment(wall).runtime)
  }

  // MARK: The journal

  private mutating func readJournal(_ file: Int32, limit: Int) throws(Recovery.Failure)
    -> (offset: Int, lastRecord: Int64)
  {
    var reader = LogReader()
    var position = 0
    var lastRecord: Int64 = 0
    while true {
      switch reader.next() {
      case .record(let payload):
        lastRecord &+= 1
        take(payload)
      case .end, .incomplete:
        let piece = Self.read(file, at: position, limit: limit)
        guard !piece.isEmpty else { return (reader.goodEnd, lastRecord) }
        position &+= piece.count
        reader.append(piece)
      case .damaged(_, let offset):
        throw .unusable("the journal is damaged at byte \(offset)")
      }
    }
  }

  private static func read(_ file: Int32, at position: Int, limit: Int) -> [UInt8] {
    let wanted = min(pieceBytes, limit &- position)
    guard wanted > 0 else { return [] }
    return [UInt8](unsafeUninitializedCapacity: wanted) { buffer, count in
      count = max(0, min(wanted, Int(tsi_pread(file, buffer.baseAddress, wanted, Int64(clamping: position)))))
    }
  }

  private mutating func take(_ payload: [UInt8]) {
    guard let record = try? Record(payload) else { return }
    switch record.content {
    case .run(let run):
      hasRun = true
      recorder.clock = RunClock(start: run.startTime ?? 0, offset: 0)
      recorder.knows(run: run)
    case .config(let config): recorder.knows(config: config.items)
    case .history(let row): take(row)
    case .summary(let summary): recorder.knows(summary: summary)
    case .metric(let metric): recorder.knows(metric: metric)
    case .output(let output): feed(output)
    case .exit: hasEnd = true
    default: break
    }
  }

  private mutating func take(_ row: HistoryRecord) {
    hasRows = true
    recorder.knows(row: row)
    for item in row.items where item.key == "_runtime" {
      guard let seconds = Double(item.json), seconds > 0, seconds < 9e9 else { continue }
      // bounded: below 9e18
      runtime = max(runtime, Int64(seconds * 1e9))
    }
  }

  private mutating func feed(_ output: OutputRecord) {
    hasOutput = true
    var text = output.text
    text.withUTF8 { feed(UnsafeRawBufferPointer($0), output.stream, at: output.time ?? 0) }
  }
}

/// The run exists already.
private final class NoRun: RunStarter {
  let command = ""
  func start() -> Journal? { nil }
}
