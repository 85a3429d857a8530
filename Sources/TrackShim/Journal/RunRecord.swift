/// The run's identity and first config. A later one updates what it names.
public struct RunRecord: Equatable, Sendable {
  public var runID = ""
  public var entity = ""
  /// Empty: W&B files the run under "uncategorized".
  public var project = ""
  public var config: [RecordItem] = []
  public var group = ""
  public var jobType = ""
  public var displayName = ""
  public var notes = ""
  public var tags: [String] = []
  /// nil: nobody else writes to the run.
  public var shared: SharedWriter?
  public var sweepID = ""
  public var host = ""
  public var startingStep: Int64 = 0
  /// Nanoseconds since 1970.
  public var startTime: Int64?
  public var resumed = false
  public var telemetry: TelemetryRecord?
  /// Seconds that earlier parts of a resumed run took.
  public var runtime: Int32 = 0
  public var git: GitRecord?
  /// The journal goes on where the run's last one ended: `wandb sync` then appends console lines and
  /// system metrics instead of starting over at line 0.
  public var resume = false

  public init() {}
}

extension RunRecord: RecordMessage {
  static let recordField = 17

  func encode(into out: inout [UInt8]) {
    out.appendField(1, runID)
    out.appendField(2, entity)
    out.appendField(3, project)
    if !config.isEmpty { out.appendField(4, ConfigRecord(items: config)) }
    out.appendField(6, group)
    out.appendField(7, jobType)
    out.appendField(8, displayName)
    out.appendField(9, notes)
    out.appendField(10, tags)
    out.appendField(11, shared?.settings)
    out.appendField(12, sweepID)
    out.appendField(13, host)
    out.appendField(14, startingStep)
    out.appendField(17, time: startTime)
    out.appendField(18, resumed)
    out.appendField(19, telemetry)
    out.appendField(20, runtime)
    out.appendField(21, git)
    out.appendField(24, resume)
  }

  mutating func take(_ field: WireField) throws(WireError) {
    switch field.number {
    case 1: field.read(&runID)
    case 2: field.read(&entity)
    case 3: field.read(&project)
    case 4: config.append(contentsOf: try field.items())
    case 6: field.read(&group)
    case 7: field.read(&jobType)
    case 8: field.read(&displayName)
    case 9: field.read(&notes)
    case 10: field.read(&tags)
    case 11: if let bytes = field.bytes { shared = SharedWriter(try ConfigRecord(decoding: bytes)) }
    case 12: field.read(&sweepID)
    case 13: field.read(&host)
    case 14: field.read(&startingStep)
    case 17: try field.read(time: &startTime)
    case 18: field.read(&resumed)
    case 19: try field.read(&telemetry)
    case 20: field.read(&runtime)
    case 21: try field.read(&git)
    case 24: field.read(&resume)
    default: break
    }
  }
}

extension WireField {
  fileprivate func items() throws(WireError) -> [RecordItem] {
    guard let bytes else { return [] }
    return try ConfigRecord(decoding: bytes).items
  }
}

/// Where the program's source came from.
public struct GitRecord: Equatable, Sendable {
  public var remoteURL = ""
  public var commit = ""

  public init() {}
}

extension GitRecord: WireMessage {
  func encode(into out: inout [UInt8]) {
    out.appendField(1, remoteURL)
    out.appendField(2, commit)
  }

  mutating func take(_ field: WireField) {
    switch field.number {
    case 1: field.read(&remoteURL)
    case 2: field.read(&commit)
    default: break
    }
  }
}
