/// What a journal says, as the server is to have it. Records go in, in order; lines, summary and config come
/// out. A value: the state before a program's end is kept as a copy, for an end may be taken back.
struct RunProjection {
  /// What the server has of the line-addressed files; counts of lines of this journal.
  struct Counts: Equatable {
    var history = 0
    var events = 0
    var console = 0

    func limited(to most: Counts) -> Counts {
      Counts(
        history: min(history, most.history), events: min(events, most.events), console: min(console, most.console))
    }
  }

  private(set) var run: RunRecord?
  private(set) var config = ConfigItems()
  private(set) var definitions = MetricDefinitions()
  private(set) var summary = SummaryObject()
  private(set) var environment: EnvironmentRecord?
  private(set) var telemetry = TelemetryRecord()
  private(set) var exit: ExitRecord?
  private(set) var history = LineQueue()
  private(set) var events = LineQueue()
  var alerts: AlertQueue
  var saved: SavedFileQueue
  var console = ConsoleLines()
  private(set) var shift: StepShift
  private(set) var tooLongRows = 0
  /// Rows of a continued run that its earlier part has, so they are left out.
  private(set) var repeatedRows = 0
  private var acknowledged: Counts
  private var line: [UInt8] = []

  /// `acknowledged`: what an earlier uploader of this journal has brought to the server.
  init(acknowledged: Counts, alerts: Int = 0, saved: SavedFileMarks = SavedFileMarks(), shift: StepShift) {
    self.acknowledged = acknowledged
    self.alerts = AlertQueue(sent: alerts)
    self.saved = SavedFileQueue(done: saved)
    self.shift = shift
  }

  /// Nothing of the run but its own console lines, figures of the machine and files is this writer's to tell.
  private var isSecondary: Bool { run?.shared?.isPrimary == false }

  var hasLines: Bool { !history.isEmpty || !events.isEmpty }
  var heldBytes: Int { history.bytes.count &+ events.bytes.count }

  mutating func take(_ payload: [UInt8]) {
    payload.withUnsafeBytes { bytes in
      var reader = WireReader(bytes)
      while let field = try? reader.next() {
        if let message = field.bytes { take(field.number, message) }
      }
    }
  }

  private mutating func take(_ kind: Int, _ message: UnsafeRawBufferPointer) {
    // A program that prints on after its end moves the end behind that; what follows an end counts.
    switch kind {
    case HistoryRecord.recordField: takeRow(message)
    case OutputRecord.recordField: takeConsole(message)
    case SummaryRecord.recordField: if !isSecondary { summary.take(message, shift) }
    case StatsRecord.recordField:
      EventLine.make(
        message, startTime: run?.startTime ?? 0, label: run?.shared?.label ?? "", shift, into: &line)
      events.append(line, acknowledged: acknowledged.events)
    case ConfigRecord.recordField:
      if !isSecondary, let record = try? ConfigRecord(decoding: message) { config.take(record.items) }
    case MetricRecord.recordField:
      guard let record = try? MetricRecord(decoding: message) else { break }
      definitions.take(record)
      config.changes()
    case AlertRecord.recordField:
      if let alert = try? AlertRecord(decoding: message) { alerts.append(alert) }
    case FilesRecord.recordField: if let record = try? FilesRecord(decoding: message) { saved.append(record) }
    case RunRecord.recordField: if let record = try? RunRecord(decoding: message) { take(record) }
    case TelemetryRecord.recordField: try? telemetry.merge(message)
    case EnvironmentRecord.recordField: takeEnvironment(message)
    case ExitRecord.recordField: exit = try? ExitRecord(decoding: message)
    default: break
    }
  }

  private mutating func takeRow(_ message: UnsafeRawBufferPointer) {
    guard !isSecondary else { return }
    switch HistoryLine.make(message, &shift, into: &line) {
    case .row: history.append(line, acknowledged: acknowledged.history)
    case .tooLong: tooLongRows &+= 1
    case .leftOut: repeatedRows &+= 1
    }
  }

  private mutating func takeConsole(_ message: UnsafeRawBufferPointer) {
    var stream = OutputStream.standardError
    var time: Int64?
    var reader = WireReader(message)
    while let field = try? reader.next() {
      switch field.number {
      case 1: stream = field.varint.flatMap(OutputStream.init) ?? stream
      case 2: try? field.read(time: &time)
      case 3: if let text = field.bytes { console.take(text, stream, at: time ?? run?.startTime ?? 0) }
      default: break
      }
    }
  }

  private mutating func take(_ record: RunRecord) {
    if let telemetry = record.telemetry { self.telemetry = telemetry }
    if run == nil { begin(record) }
    if !isSecondary { config.take(record.config) }
  }

  private mutating func begin(_ record: RunRecord) {
    run = record
    guard record.shared != nil else { return }
    shift = StepShift(countsRows: true)
    // Each writer says it: what is known of metrics stands in one place, where the last word may be anybody's.
    definitions.take(.byPrintedStep)
  }

  private mutating func takeEnvironment(_ message: UnsafeRawBufferPointer) {
    var record = environment ?? EnvironmentRecord()
    guard (try? record.merge(message)) != nil else { return }
    environment = record
  }

  // MARK: What the server said

  /// The run continues one that is there: rows go behind its last, the clock goes on, and what it had stays.
  mutating func goOn(from earlier: EarlierRun) {
    for item in earlier.config { config.know(item) }
    // The earlier parts' time is added to what stands there.
    let length = RecordItem(key: "_wandb", json: "{\"runtime\":0}")
    for item in earlier.summary { summary.know(item.key == length.key ? length : item) }
  }

  mutating func acknowledge(_ counts: Counts) {
    history.drop(below: counts.history)
    events.drop(below: counts.events)
  }

  /// Lines beyond are to be sent again, whatever an earlier uploader sent.
  mutating func acknowledge(only counts: Counts) {
    acknowledged = acknowledged.limited(to: counts)
    acknowledge(counts)
  }

  /// Where the run's last state was taken back to: nothing beyond is known any more.
  var counts: Counts { Counts(history: history.count, events: events.count, console: console.count) }
}

/// Config keys in the order in which they came.
struct ConfigItems {
  private(set) var items: [(key: String, json: [UInt8])] = []
  /// By the bytes of the key: to W&B two spellings of one character are two keys.
  private var places: [[UInt8]: Int] = [:]
  private(set) var version = 0

  mutating func take(_ found: [RecordItem]) {
    for item in found where !item.json.isEmpty { set(item.key, Array(item.json.utf8)) }
  }

  /// What W&B keeps beside it has changed.
  mutating func changes() { version &+= 1 }

  mutating func set(_ key: String, _ json: [UInt8]) {
    version &+= 1
    let name = Array(key.utf8)
    if let place = places[name], place < items.count {
      items[place].json = json
    } else {
      places[name] = items.count
      items.append((key, json))
    }
  }

  /// Only where nothing newer is known.
  mutating func know(_ item: RecordItem) {
    if places[Array(item.key.utf8)] == nil { set(item.key, Array(item.json.utf8)) }
  }
}

extension SummaryObject {
  mutating func know(_ item: RecordItem) { setIfNew(item.key, json: Array(item.json.utf8)) }
}
