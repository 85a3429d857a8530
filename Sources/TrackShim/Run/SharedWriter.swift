/// How one of several processes writes to one run, as W&B's client does in its shared mode.
///
/// The journal says it in the run record's settings, under the names that W&B's client has for them: whoever sends the
/// journal, a week later perhaps, sends it as the process would have.
public struct SharedWriter: Equatable, Sendable {
  /// Tells this process's console lines and figures of the machine from the others'.
  public var label = ""
  /// The one whose rows, summary, config, files and end are the run's.
  public var isPrimary = false

  public init() {}

  init(label: String, isPrimary: Bool) {
    self.label = label
    self.isPrimary = isPrimary
  }

  /// The printed step of a row: the server numbers the rows of a shared run by itself.
  static let step = "step"
}

extension SharedWriter {
  /// As W&B's `SettingsRecord` has them.
  var settings: ConfigRecord {
    ConfigRecord(items: [
      RecordItem(key: "mode", json: "\"shared\""), RecordItem(key: "x_label", json: "\"\(label)\""),
      RecordItem(key: "x_primary", json: isPrimary ? "true" : "false"),
      RecordItem(key: "x_update_finish_state", json: isPrimary ? "true" : "false"),
    ])
  }

  /// nil: the run is not shared.
  init?(_ settings: ConfigRecord) {
    var values: [String: JSONValue] = [:]
    for item in settings.items { values[item.key] = JSONValue(item.json) }
    guard values["mode"]?.text == "shared", let label = values["x_label"]?.text, Self.isName(label) else { return nil }
    self.init(label: label, isPrimary: values["x_primary"]?.isTrue == true)
  }

  /// Whether it can be a part of a file's name and of a header: a journal may be anybody's.
  static func isName(_ text: String) -> Bool {
    (1...64).contains(text.utf8.count)
      && text.utf8.allSatisfy { UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 || 0x30...0x39 ~= $0 || $0 == 0x5F }
  }
}
