import TrackShim

/// Everything that a journal tells of a run, gathered record by record.
struct RunReport {
  private(set) var run = RunRecord()
  private(set) var environment = EnvironmentRecord()
  private(set) var config: [String: String] = [:]
  private(set) var summary: [String: String] = [:]
  private(set) var metrics: [String: MetricTrace] = [:]
  /// In the order they were first recorded.
  private(set) var metricNames: [String] = []
  private(set) var rows = 0
  private(set) var consoleLines = 0
  private(set) var exit: ExitRecord?
  /// Nanoseconds since 1970, of the last thing that has a time.
  private(set) var lastTime: Int64 = 0
  private var lineIsOpen: [OutputStream: Bool] = [:]

  mutating func take(_ record: Record) {
    switch record.content {
    case .run(let run): take(run)
    case .environment(let environment): self.environment = environment
    case .config(let update): setConfig(update.items)
    case .history(let row): take(row)
    case .summary(let update): for item in update.items { summary[item.key] = item.json }
    case .output(let output): take(output)
    case .exit(let exit): self.exit = exit
    default: break
    }
  }

  /// A later run record updates what it names.
  private mutating func take(_ update: RunRecord) {
    if run.runID.isEmpty { run = update }
    for field in [\RunRecord.displayName, \.project, \.entity, \.group, \.jobType, \.notes, \.host] {
      if !update[keyPath: field].isEmpty { run[keyPath: field] = update[keyPath: field] }
    }
    if !update.tags.isEmpty { run.tags = update.tags }
    run.startTime = run.startTime ?? update.startTime
    setConfig(update.config)
  }

  private mutating func setConfig(_ items: [RecordItem]) {
    for item in items { config[item.key] = item.json }
  }

  private mutating func take(_ row: HistoryRecord) {
    var step = Double(rows)
    for item in row.items where item.path == ["_step"] { step = Double(item.json) ?? step }
    for item in row.items {
      let key = item.path.count == 1 ? item.path[0] : item.key
      if key == "_timestamp", let seconds = Double(item.json) {
        lastTime = max(lastTime, Int64(exactly: (seconds * 1e9).rounded()) ?? 0)
      } else if !key.hasPrefix("_"), let value = Self.number(item.json) {
        if metrics[key] == nil { metricNames.append(key) }
        metrics[key, default: MetricTrace()].add(value, step: step)
      }
    }
    rows += 1
  }

  /// Pictures, tables and texts are rows' values, too, but no numbers. (`Double` also reads "0x1p3".)
  private static func number(_ json: String) -> Double? {
    guard let first = json.utf8.first, first == 0x2D || first == 0x4E || first == 0x49 || (0x30...0x39).contains(first)
    else { return nil }
    return Double(json)
  }

  private mutating func take(_ output: OutputRecord) {
    lastTime = max(lastTime, output.time ?? 0)
    guard !output.text.isEmpty else { return }
    // A line may come in several records.
    let isOpen = lineIsOpen[output.stream] ?? false
    let ends = output.text.utf8.reduce(0) { $0 + ($1 == 0x0A ? 1 : 0) }
    let endsOpen = output.text.utf8.last != 0x0A
    consoleLines += ends + (endsOpen ? 1 : 0) - (isOpen ? 1 : 0)
    lineIsOpen[output.stream] = endsOpen
  }
}

extension RunReport {
  var command: String {
    if let known = config["command"].flatMap(JSONString.decode) { return known }
    return ([environment.program] + environment.arguments).joined(separator: " ")
  }

  var host: String { run.host.isEmpty ? environment.host : run.host }

  /// Nanoseconds; `now` counts for a run that goes on.
  func duration(now: Int64?) -> Int64? {
    guard let start = run.startTime else { return nil }
    let recorded = Int64(exit?.runtime ?? 0) * 1_000_000_000
    return max(0, recorded, (now ?? max(lastTime, start)) - start)
  }
}
