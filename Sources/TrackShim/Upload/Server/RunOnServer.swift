/// The run as the server calls it. Every later request goes by these names, not by the settings.
struct RunOnServer: Equatable {
  var entity = ""
  var project = ""
  var id = ""
  var displayName = ""
  /// The server's own id, needed to continue a run.
  var storageID = ""
  /// Rows that are there already; where a new writer begins.
  var historyLineCount = 0

  init() {}

  /// Out of the answer to UpsertBucket; nil when it is none.
  init?(_ reply: JSONValue) {
    guard let bucket = reply["data"]?["upsertBucket"]?["bucket"] else { return nil }
    id = bucket["name"]?.text ?? ""
    displayName = bucket["displayName"]?.text ?? ""
    storageID = bucket["id"]?.text ?? ""
    project = bucket["project"]?["name"]?.text ?? ""
    entity = bucket["project"]?["entity"]?["name"]?.text ?? ""
    guard let lines = LineCount.read(bucket["historyLineCount"], absent: 0) else { return nil }
    historyLineCount = lines
    guard !id.isEmpty, !project.isEmpty, !entity.isEmpty else { return nil }
  }
}

/// A run that is there already and is to be continued: the answer to RunResumeStatus.
struct EarlierRun {
  private(set) var storageID = ""
  private(set) var lines = RunProjection.Counts()
  /// -1: it has no row.
  private(set) var lastStep: Int64 = -1
  private(set) var lastRow: RowIdentity?
  /// Nanoseconds.
  private(set) var runtime: Int64 = 0
  private(set) var config: [RecordItem] = []
  private(set) var summary: [RecordItem] = []

  enum Reading {
    case exists(EarlierRun)
    case missing
    case unintelligible
  }

  static func read(_ reply: JSONValue) -> Reading {
    guard let data = reply["data"], data.isObject else { return .unintelligible }
    guard let bucket = data["model"]?["bucket"], bucket.isObject else { return .missing }
    // Without this key a run counts as one that never started.
    guard JSONValue(bucket["wandbConfig"]?.text)?["t"] != nil else { return .missing }
    guard let history = LineCount.read(bucket["historyLineCount"]),
      let events = LineCount.read(bucket["eventsLineCount"]), let console = LineCount.read(bucket["logLineCount"])
    else { return .unintelligible }
    var run = EarlierRun()
    run.storageID = bucket["id"]?.text ?? ""
    run.lines = RunProjection.Counts(history: history, events: events, console: console)
    run.takeSummary(bucket)
    run.takeTails(bucket)
    // The summary is ahead of the rows: what it knows of a step that is not there yet is no row that is.
    if history == 0 { run.lastStep = -1 }
    run.takeConfig(bucket)
    return .exists(run)
  }

  private mutating func takeSummary(_ bucket: JSONValue) {
    guard let object = JSONValue(bucket["summaryMetrics"]?.text) else { return }
    for member in object.members {
      summary.append(RecordItem(key: member.key, json: member.value.text(asJSON: true)))
    }
    lastStep = object["_step"]?.integer ?? -1
    takeRuntime(object["_runtime"]?.double)
    takeRuntime(object["_wandb"]?["runtime"]?.double)
  }

  private mutating func takeTails(_ bucket: JSONValue) {
    if let row = Self.last(bucket["historyTail"]) {
      lastRow = RowIdentity(row)
      lastStep = row["_step"]?.integer ?? lastStep
      takeRuntime(row["_runtime"]?.double)
    }
    takeRuntime(Self.last(bucket["eventsTail"])?["_runtime"]?.double)
  }

  /// A JSON string that holds a list of JSON strings.
  private static func last(_ tail: JSONValue?) -> JSONValue? {
    JSONValue(tail?.text)?.elements.last.flatMap { JSONValue($0.text) }
  }

  private mutating func takeRuntime(_ seconds: Double?) {
    guard let seconds, seconds.isFinite, seconds > 0, seconds < 9e9 else { return }
    // bounded: below 9e18
    runtime = max(runtime, Int64(seconds * 1e9))
  }

  private mutating func takeConfig(_ bucket: JSONValue) {
    guard let object = JSONValue(bucket["config"]?.text) else { return }
    for member in object.members where member.key != "_wandb" {
      guard let value = member.value["value"] else { continue }
      config.append(RecordItem(key: member.key, json: value.text(asJSON: true)))
    }
  }
}

/// How many lines the server has of a file.
private enum LineCount {
  /// No run has as many; with fewer, no line's number is beyond an Int, however long the run goes on.
  static let most: Int64 = 1 << 40

  /// nil: it is none. `absent`: what null stands for, where it may.
  static func read(_ value: JSONValue?, absent: Int? = nil) -> Int? {
    guard let value, value != .null else { return absent }
    guard let number = value.integer, (0...most).contains(number) else { return nil }
    return Int(clamping: number)
  }
}

extension JSONValue {
  init?(_ text: String?) {
    guard let text else { return nil }
    self.init(Array(text.utf8))
  }

  var isObject: Bool { if case .object = self { true } else { false } }

  func text(asJSON: Bool) -> String {
    var out: [UInt8] = []
    append(to: &out)
    return out.asText
  }
}
