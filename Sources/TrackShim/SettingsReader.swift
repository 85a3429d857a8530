/// Finds, checks and explains single settings.
struct SettingsReader {
  /// What a text must be to be used, in the words of the note about one that is not.
  enum Rule {
    case any, line, project, entity, runID, sweepID

    var accepted: String {
      switch self {
      case .any: "any text"
      case .line: "a text of one line, at most 512 bytes"
      case .project: "at most 128 characters and none of / \\ # ? % :"
      case .entity: "a name without / \\ # ? % :"
      case .runID: "at most 64 characters, no blank ends and none of : ; , # ? / '"
      case .sweepID: "a text of one line without blank ends, at most 512 bytes"
      }
    }

    func accepts(_ text: String) -> Bool {
      let scalars = text.unicodeScalars
      let hasControl = scalars.contains { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) }
      switch self {
      case .any: return text.utf8.count <= 65_536
      case .line: return !hasControl && text.utf8.count <= 512
      case .project: return !hasControl && scalars.count <= 128 && !Self.has("/\\#?%:", in: text)
      case .entity: return !hasControl && text.utf8.count <= 256 && !Self.has("/\\#?%:", in: text)
      case .runID:
        return !hasControl && scalars.count <= 64 && text.utf8.count <= 200 && text.trimmed == text
          && !Self.has(":;,#?/'", in: text)
      case .sweepID: return Rule.line.accepts(text) && text.trimmed == text
      }
    }

    /// By code point: a "/" with an accent is one Character, and still a "/" to everybody else.
    private static func has(_ forbidden: String, in text: String) -> Bool {
      text.unicodeScalars.contains { forbidden.unicodeScalars.contains($0) }
    }
  }

  let source: SettingsSource
  private(set) var complaints: [String] = []
  private var files: [SettingsFile] = []
  /// A key, of those that say where runs and the API key go, that a file of somebody else's would have set.
  private(set) var refusedKey: String?
  /// W&B's agent has started the program.
  var isInSweep = false

  init(source: SettingsSource) { self.source = source }

  /// The local file lies in the wandb folder, which the global one cannot move.
  mutating func readFiles(parent: String) {
    let home = source.variable("HOME") ?? ""
    let folder =
      source.variable("WANDB_CONFIG_DIR").flatMap { $0.isEmpty ? nil : $0 }
      ?? (home.isEmpty ? "" : home.path(adding: ".config/wandb"))
    let local = parent.path(adding: "wandb/settings")
    files = [SettingsFile(source.file(local), isForeign: source.isForeign(local))]
    if !folder.isEmpty { files.append(SettingsFile(source.file(folder.path(adding: "settings")))) }
  }

  /// For what is no setting of a run and has no variable that could be shown.
  func fileValue(_ key: String) -> String? {
    // bounded: as in a dictionary
    files.lazy.filter { !$0.isForeign }.compactMap { $0[key] }.first { !$0.isEmpty }
  }

  /// The value and the name under which it was found. An empty value is as good as none.
  mutating func find(_ name: String, twin: String?, key: String?) -> (value: String, name: String)? {
    for variable in [name, twin] {
      if let variable, let value = source.variable(variable), !value.isEmpty { return (value, variable) }
    }
    if let value = source.option(name), !value.isEmpty { return (value, "\(name) in trackshim_start") }
    for file in files {
      // bounded: as in a dictionary
      guard let key, let value = file[key], !value.isEmpty else { continue }
      guard !file.isForeign || !Self.directions.contains(key) else {
        refusedKey = refusedKey ?? key
        continue
      }
      return (value, "\(key) in the settings file")
    }
    return nil
  }

  /// What decides where the output and the API key go.
  private static let directions: Set<String> = [
    "base_url", "app_url_override", "http_proxy", "https_proxy", "insecure_disable_ssl", "entity",
  ]

  /// True when the run must not go anywhere: who left a settings file where the program runs may be anybody.
  mutating func refusesDirections() -> Bool {
    guard let refusedKey else { return false }
    complaints.append(
      "\(refusedKey) in wandb/settings is not used: the file belongs to another user; offline (a variable can say it, "
        + "or the file be yours)")
    return true
  }

  mutating func complain(_ text: String) { complaints.append(text) }

  mutating func complain(_ name: String, _ value: String, accepted: String, used: String) {
    complaints.append("\(name)='\(value.printable)' cannot be used (accepted: \(accepted)); using \(used)")
  }

  mutating func text(_ name: String, twin: String?, key: String?, rule: Rule) -> String? {
    guard let found = find(name, twin: twin, key: key) else { return nil }
    if rule.accepts(found.value) { return found.value }
    let used = rule == .project ? "'uncategorized'" : rule == .runID ? "a new id" : "none"
    complain(found.name, found.value, accepted: rule.accepted, used: used)
    return nil
  }

  /// `unusable` is what a text that is neither means.
  mutating func flag(
    _ name: String, twin: String? = nil, key: String? = nil, usual: Bool = false, unusable: Bool = false
  ) -> Bool {
    guard let found = find(name, twin: twin, key: key) else { return usual }
    switch found.value.lowercased() {
    case "1", "true", "yes", "on", "y", "t": return true
    case "0", "false", "no", "off", "n", "f": return false
    default:
      complain(found.name, found.value, accepted: "1 or 0, true or false", used: unusable ? "1" : "0")
      return unusable
    }
  }

  mutating func seconds(
    _ name: String, twin: String? = nil, key: String? = nil, within range: ClosedRange<Double> = 0...3600,
    orNone: Bool = false, default usual: Double
  ) -> Double {
    guard let found = find(name, twin: twin, key: key) else { return usual }
    if let value = Double(found.value), range.contains(value) || orNone && value == 0 { return value }
    let bounds =
      "seconds from \(range.lowerBound.shortText) to \(range.upperBound.shortText)" + (orNone ? ", or 0 for never" : "")
    complain(found.name, found.value, accepted: bounds, used: "\(usual)")
    return usual
  }

  mutating func alerts() -> [AlertRule] {
    guard let found = find("TRACKSHIM_ALERT", twin: nil, key: nil) else { return [] }
    return Self.list(found.value, by: ",;\n").compactMap { text in
      if let rule = AlertRule(text) { return rule }
      complain(
        found.name, text,
        accepted: "NAME nan, NAME inf, NAME > NUMBER (also <, >=, <=), no line for 10m; separated by commas",
        used: "the others")
      return nil
    }
  }

  mutating func summaries() -> [SummaryWish] {
    guard let found = find("TRACKSHIM_SUMMARY", twin: nil, key: nil) else { return [] }
    return Self.list(found.value, by: ",;\n").compactMap { text in
      if let wish = SummaryWish(text) { return wish }
      complain(found.name, text, accepted: SummaryWish.form + "; separated by commas", used: "the others")
      return nil
    }
  }

  /// Patterns of files.
  mutating func files(_ name: String) -> [String] {
    guard let found = find(name, twin: nil, key: nil) else { return [] }
    return Self.list(found.value, by: ",\n")
  }

  private static func list(_ text: String, by separators: String) -> [String] {
    text.split { separators.contains($0) }.map { String($0).trimmed }.filter { !$0.isEmpty }
  }

  mutating func ranks() -> RankPolicy {
    guard let found = find("TRACKSHIM_RANKS", twin: nil, key: nil), found.value != "0" else { return .first }
    if let policy = RankPolicy(rawValue: found.value.lowercased()) { return policy }
    complain(found.name, found.value, accepted: "0, all or shared", used: "0")
    return .first
  }

  /// How often the machine is looked at; 0: not at all.
  mutating func statsInterval(default usual: Double) -> Double {
    if flag("WANDB_X_DISABLE_STATS", key: "x_disable_stats") { return 0 }
    return seconds(
      "TRACKSHIM_STATS_INTERVAL", twin: "WANDB_X_STATS_SAMPLING_INTERVAL", key: "x_stats_sampling_interval",
      within: 0.1...3600, orNone: true, default: usual)
  }

  mutating func tags(_ name: String, twin: String) -> [String] {
    guard let found = find(name, twin: twin, key: nil) else { return [] }
    let tags = found.value.split(separator: ",").map { String($0).trimmed }.filter { !$0.isEmpty }
    let usable = tags.filter { $0.unicodeScalars.count <= 64 && Rule.line.accepts($0) }
    if usable.count < tags.count {
      let used = usable.isEmpty ? "none" : usable.joined(separator: ",").printable
      complain(found.name, found.value, accepted: "tags of 1 to 64 characters, separated by commas", used: used)
    }
    return usable
  }

  mutating func mode() -> Settings.Mode {
    guard let found = find("TRACKSHIM_MODE", twin: "WANDB_MODE", key: "mode") else { return .online }
    switch found.value.lowercased() {
    case "online", "run": return .online
    case "offline", "dryrun": return .offline
    case "disabled": return .disabled
    default:
      complain(found.name, found.value, accepted: "online, offline, disabled", used: "offline")
      return .offline
    }
  }

  mutating func streams() -> Settings.Streams {
    guard let found = find("TRACKSHIM_STREAMS", twin: nil, key: nil) else { return .both }
    switch found.value.lowercased() {
    case "both": return .both
    case "stdout": return .standardOutput
    case "stderr": return .standardError
    case "none": return []
    default:
      complain(found.name, found.value, accepted: "both, stdout, stderr, none", used: "both")
      return .both
    }
  }

  mutating func recordsConsole() -> Bool {
    guard let found = find("TRACKSHIM_CONSOLE", twin: "WANDB_CONSOLE", key: "console") else { return true }
    return found.value.lowercased() != "off"
  }

  mutating func directory() -> String {
    let found = find("TRACKSHIM_DIR", twin: "WANDB_DIR", key: nil)?.value ?? ""
    return source.absolute(found)
  }
}

extension SettingsReader {
  /// Absolute; empty when nothing was said.
  mutating func path(_ name: String) -> String {
    guard let found = find(name, twin: nil, key: nil) else { return "" }
    return source.absolute(found.value)
  }
}

extension Double {
  /// Bounds of whole seconds read better without ".0".
  fileprivate var shortText: String { Int(exactly: self).map(String.init) ?? "\(self)" }
}

/// W&B's settings file: INI, of which only the section [default] counts.
struct SettingsFile {
  /// Neither the user's nor root's.
  let isForeign: Bool
  private var values: [String: String] = [:]

  init(_ text: String, isForeign: Bool = false) {
    self.isForeign = isForeign
    var isDefault = false
    for line in text.split(whereSeparator: \.isNewline) {
      let line = String(line).trimmed
      if line.hasPrefix("[") {
        isDefault = line == "[default]"
      } else if isDefault, !line.hasPrefix("#"), !line.hasPrefix(";"),
        let separator = line.firstIndex(where: { $0 == "=" || $0 == ":" })
      {
        let key = String(line[..<separator]).trimmed.lowercased()
        values[key] = String(line[line.index(after: separator)...]).trimmed
      }
    }
  }

  subscript(key: String) -> String? { values[key] }
}
