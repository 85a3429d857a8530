/// What calls of trackshim.h bring. Each begins the run if it has not begun.
extension Recorder {
  mutating func take(_ call: Call, at timestamp: Int64) {
    guard begin() else { return }
    switch call {
    // A line of text is read like one that was printed.
    case .start, .text: break
    case .log(let step, let metrics, let isWholeRow): take(metrics, step: step, isWholeRow: isWholeRow, at: timestamp)
    case .config(let item):
      config.set(ConfigValue.validUTF8(item.key), item.json)
      noteContradiction()
      if config.isFull { noteLimits() }
    case .summary(let item):
      guard let name = names.number(of: item.key) else { return noteLimits() }
      history.set(summary: name, item.json, at: clock.moment(timestamp))
    case .save(let file):
      journal?.append(FilesRecord(saved: file.name, isModel: file.isModel))
      savedNames.insert(Array(file.name.utf8))
    case .alert(let alert): take(alert, at: timestamp)
    case .define(let key, let stepKey, let flags): define(key, stepKey, flags)
    }
  }

  private mutating func take(_ metrics: [Call.Metric], step: Int64?, isWholeRow: Bool, at timestamp: Int64) {
    let time = clock.moment(timestamp)
    if isWholeRow, step == nil, let journal { history.writeRow(to: journal) }
    for metric in metrics {
      guard let name = names.number(of: metric.key) else {
        noteLimits()
        continue
      }
      metric.json.withUnsafeBytes { record(name, $0, step: step, time: time) }
    }
  }

  /// False: there are too many files already.
  mutating func hasRoom(for file: SavedFile) -> Bool {
    if savedNames.count < Self.mostSavedFiles || savedNames.contains(Array(file.name.utf8)) { return true }
    if !hasNotedSavedFiles {
      hasNotedSavedFiles = true
      notes.append("there are more than \(Self.mostSavedFiles) saved files; further ones are left out")
    }
    return false
  }

  /// One of the user's rules has come to hold.
  mutating func tell(_ alert: Alert, at timestamp: Int64) {
    guard take(alert, at: timestamp) else { return }
    notes.append("alert (\(alert.title.asText.printable)): \(alert.text.asText.printable)")
  }

  /// False when it is left out.
  @discardableResult
  private mutating func take(_ alert: Alert, at timestamp: Int64) -> Bool {
    switch alerts.decide(alert, at: timestamp) {
    case .tell:
      journal?.append(alert.record)
      return true
    case .repeats: return false
    case .isOver:
      noteTooManyAlerts()
      return false
    }
  }

  private mutating func define(_ key: [UInt8], _ stepKey: [UInt8], _ flags: MetricFlags) {
    var record = MetricRecord()
    let name = ConfigValue.validUTF8(key).asText
    if key.last == UInt8(ascii: "*") { record.globName = name } else { record.name = name }
    record.stepMetric = ConfigValue.validUTF8(stepKey).asText
    record.stepSync = !stepKey.isEmpty
    record.hidden = flags.contains(.hidden)
    record.defined = true
    record.replaces = true
    record.goal = flags.contains(.minimize) ? .minimize : flags.contains(.maximize) ? .maximize : nil
    if record.globName.isEmpty, let rule = flags.summary {
      // Whoever starts the program has the last word. The last value is what W&B keeps of itself.
      record.summary = wish(for: key)?.rules ?? (rule == .last ? [] : [rule])
      history.setRules(record.summary, of: key)
    }
    keep(record, of: key)
  }

  private func wish(for key: [UInt8]) -> SummaryWish? { settings.summaries.first { $0.takes(key) } }

  /// A metric that was not there before is defined as its user wants it, unless the program has done so.
  mutating func define(wished key: [UInt8]) {
    guard definitions[key] == nil, let wish = wish(for: key) else { return }
    var record = MetricRecord()
    record.name = ConfigValue.validUTF8(key).asText
    record.defined = true
    record.replaces = true
    record.summary = wish.rules
    history.setRules(wish.rules, of: key)
    keep(record, of: key)
  }

  private mutating func keep(_ record: MetricRecord, of key: [UInt8]) {
    // A loop may say it at each step.
    guard definitions[key] != record else { return }
    guard definitions.count < MetricNames.limit || definitions[key] != nil else { return noteLimits() }
    definitions[key] = record
    journal?.append(record)
  }
}

extension ConfigValue {
  static func validUTF8(_ bytes: [UInt8]) -> [UInt8] { bytes.withUnsafeBytes { validUTF8($0) } }
}
