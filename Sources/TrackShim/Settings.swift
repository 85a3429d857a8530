import CTrackShim

/// What a run is called and how it is recorded. docs/environment.md is this table in prose.
///
/// Each value is looked for in the same places, first hit wins: `TRACKSHIM_…`, its `WANDB_…` twin, the
/// settings file in the wandb folder, the user's settings file, the default. A value that cannot be used
/// is replaced by the default, and a note says so; it never keeps a program from running.
public struct Settings {
  enum Mode: String { case online, offline, disabled }

  struct Streams: OptionSet {
    let rawValue: Int
    static let standardOutput = Streams(rawValue: 1)
    static let standardError = Streams(rawValue: 2)
    static let both: Streams = [.standardOutput, .standardError]
  }

  var project = "uncategorized"
  var name = ""
  var entity = ""
  var group = ""
  var jobType = ""
  var notes = ""
  var tags: [String] = []
  var runID = ""
  /// Parent of the `wandb` folder, absolute.
  var directory = "."
  var mode = Mode.online
  var isQuiet = false
  var streams = Streams.both
  /// Whether console lines are recorded; metrics are recognised in them either way.
  var recordsConsole = true
  /// Seconds.
  var exitTimeout = 10.0
  /// What was wrong, one line each.
  private(set) var complaints: [String] = []

  static var defaults: Settings { Settings() }

  init() {}

  /// Reads them all.
  init(from source: SettingsSource) {
    var reader = SettingsReader(source: source)
    directory = reader.directory()
    reader.readFiles(parent: directory)
    isQuiet = reader.flag("TRACKSHIM_QUIET", twin: "WANDB_SILENT", key: "silent")
    project = reader.text("TRACKSHIM_PROJECT", twin: "WANDB_PROJECT", key: "project", rule: .project) ?? project
    name = reader.text("TRACKSHIM_NAME", twin: "WANDB_NAME", key: "run_name", rule: .line) ?? ""
    entity = reader.text("TRACKSHIM_ENTITY", twin: "WANDB_ENTITY", key: "entity", rule: .entity) ?? ""
    group = reader.text("TRACKSHIM_GROUP", twin: "WANDB_RUN_GROUP", key: "run_group", rule: .line) ?? ""
    jobType = reader.text("TRACKSHIM_JOB_TYPE", twin: "WANDB_JOB_TYPE", key: "run_job_type", rule: .line) ?? ""
    notes = reader.text("TRACKSHIM_NOTES", twin: "WANDB_NOTES", key: "run_notes", rule: .any) ?? ""
    tags = reader.tags("TRACKSHIM_TAGS", twin: "WANDB_TAGS")
    runID = reader.text("TRACKSHIM_RUN_ID", twin: "WANDB_RUN_ID", key: "run_id", rule: .runID) ?? ""
    mode = reader.mode()
    streams = reader.streams()
    recordsConsole = reader.recordsConsole()
    exitTimeout = reader.seconds("TRACKSHIM_EXIT_TIMEOUT", default: exitTimeout)
    complaints = reader.complaints
  }
}

/// Where settings come from; the tests bring their own.
struct SettingsSource {
  var variable: (String) -> String?
  var startDirectory: String
  var file: (String) -> String

  /// As it stood when the library was loaded.
  static var process: SettingsSource {
    SettingsSource(
      variable: { name in tsi_environment(name).map { String(cString: $0) } },
      startDirectory: String(cString: tsi_start_directory()),
      file: { Files.text($0) })
  }
}
