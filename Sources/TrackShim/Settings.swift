import CTrackShim

/// What a run is called and how it is recorded. docs/environment.md is this table in prose.
///
/// Each value is looked for in the same places, first hit wins: `TRACKSHIM_…`, its `WANDB_…` twin, the
/// settings file in the wandb folder, the user's settings file, the default. A value that cannot be used
/// is replaced by the default, and a note says so; it never keeps a program from running. The API key is none
/// of them, see Credentials.
public struct Settings {
  enum Mode: String { case online, offline, disabled }
  /// When the program asks for it the official client interrupts the script; some would rather go on.
  enum StopPolicy: String { case interrupt, ignore }

  package struct Streams: OptionSet {
    package let rawValue: Int
    static let standardOutput = Streams(rawValue: 1)
    static let standardError = Streams(rawValue: 2)
    package static let both: Streams = [.standardOutput, .standardError]

    package init(rawValue: Int) { self.rawValue = rawValue }
  }

  package var project = "uncategorized"
  package var name = ""
  var entity = ""
  /// Where a run's id has to be its own: server, entity and project.
  package var projectAddress: String { "\(server.address?.base ?? "")/\(entity)/\(project)" }
  var group = ""
  var jobType = ""
  var notes = ""
  var tags: [String] = []
  package var runID = ""
  /// The same before the rank in a job was added to it.
  private(set) var givenRunID = ""
  /// Whether a run of that id that is on the server already is continued; nil when nothing was said.
  package var resume: ResumeMode?
  /// Parent of the `wandb` folder, absolute.
  package var directory = "."
  var mode = Mode.online
  var isQuiet = false
  package var streams = Streams.both
  /// Whether console lines are recorded; metrics are recognised in them either way.
  var recordsConsole = true
  /// Seconds.
  var exitTimeout = 10.0
  var stop = StopPolicy.interrupt
  /// Patterns of files that go with the run.
  var saves: [String] = []
  /// Patterns of files that become versions of the run's model.
  var models: [String] = []
  /// Where the program was started.
  var startDirectory = "/"
  /// When the user wants to be told.
  var alerts: [AlertRule] = []
  /// What the summary is to keep of which metrics.
  var summaries: [SummaryWish] = []
  /// Seconds between two looks at the machine; 0: none.
  var statsInterval = 15.0
  /// Whether the program's arguments are recorded, and so sent.
  var sendsArguments = true
  var disablesGit = false
  /// Of a job of many processes, which are recorded.
  var ranks = RankPolicy.first
  /// How this process writes to a run that others of its job write to; nil: the run is its own.
  var shared: SharedWriter?
  /// The process is one of those that are not recorded.
  var isLeftOut = false
  /// The path of another NVML than the system's; empty when nothing was said.
  var nvml = ""
  /// The folder in which AMD's GPUs are looked for in place of /sys; empty when nothing was said.
  var sysfs = ""
  /// What W&B shall be told in place of what we see; empty when nothing was said.
  package var program = ""
  package var host = ""
  package var username = ""
  /// The sweep that the run belongs to, and the file with what it has chosen for it; as W&B's agent says.
  package var sweepID = ""
  var sweepParameterFile = ""
  var server = ServerSettings()
  /// How the user says that lines look.
  package var templates = TemplateSet()
  /// What was wrong, one line each.
  package private(set) var complaints: [String] = []

  static var defaults: Settings { Settings() }

  init() {}

  /// Reads them all.
  package init(from source: SettingsSource) {
    var reader = SettingsReader(source: source)
    directory = reader.directory()
    reader.readFiles(parent: directory)
    isQuiet = reader.flag("TRACKSHIM_QUIET", twin: "WANDB_SILENT", key: "silent")
    sweepID = reader.sweepID()
    project = reader.place("TRACKSHIM_PROJECT", twin: "WANDB_PROJECT", key: "project", rule: .project) ?? project
    name = reader.text("TRACKSHIM_NAME", twin: "WANDB_NAME", key: "run_name", rule: .line) ?? ""
    entity = reader.place("TRACKSHIM_ENTITY", twin: "WANDB_ENTITY", key: "entity", rule: .entity) ?? ""
    group = reader.text("TRACKSHIM_GROUP", twin: "WANDB_RUN_GROUP", key: "run_group", rule: .line) ?? ""
    jobType = reader.text("TRACKSHIM_JOB_TYPE", twin: "WANDB_JOB_TYPE", key: "run_job_type", rule: .line) ?? ""
    notes = reader.text("TRACKSHIM_NOTES", twin: "WANDB_NOTES", key: "run_notes", rule: .any) ?? ""
    tags = reader.tags("TRACKSHIM_TAGS", twin: "WANDB_TAGS")
    runID = reader.place("TRACKSHIM_RUN_ID", twin: "WANDB_RUN_ID", key: "run_id", rule: .runID) ?? ""
    mode = reader.mode()
    resume = reader.resume()
    streams = reader.streams()
    recordsConsole = reader.recordsConsole()
    exitTimeout = reader.seconds("TRACKSHIM_EXIT_TIMEOUT", default: exitTimeout)
    stop = reader.stopPolicy()
    alerts = reader.alerts()
    summaries = reader.summaries()
    saves = reader.files("TRACKSHIM_SAVE")
    models = reader.files("TRACKSHIM_LOG_MODEL")
    startDirectory = source.absolute("")
    statsInterval = reader.statsInterval(default: statsInterval)
    sendsArguments = reader.flag("TRACKSHIM_SEND_ARGS", usual: true)
    ranks = reader.ranks()
    disablesGit = reader.flag("WANDB_DISABLE_GIT", key: "disable_git", unusable: true)
    nvml = reader.path("TRACKSHIM_NVML")
    sysfs = reader.path("TRACKSHIM_SYSFS")
    program = reader.text("WANDB_PROGRAM", twin: nil, key: "program", rule: .line) ?? ""
    host = reader.text("WANDB_HOST", twin: nil, key: "host", rule: .line) ?? ""
    username = reader.text("WANDB_USERNAME", twin: nil, key: "username", rule: .line) ?? ""
    sweepParameterFile = reader.sweepParameterFile()
    server = ServerSettings(from: &reader)
    // Nothing may go to another server than the one that was meant.
    if reader.refusesDirections() { server.address = nil }
    if server.address == nil, mode == .online { mode = .offline }
    templates = TemplateSources.read(from: source)
    givenRunID = runID
    let rankComplaint = use(JobRank(source.variable))
    complaints = reader.complaints
    if let rankComplaint { complaints.append(rankComplaint) }
    complaints.append(contentsOf: templates.complaints)
  }
}

/// As in the official client; `auto` takes the id of the last run here that did not end well.
package enum ResumeMode: String { case allow, must, never, auto }

/// Where settings come from; the tests bring their own.
package struct SettingsSource {
  var variable: (String) -> String?
  /// What the program says for a variable that is not set (trackshim_start).
  var option: (String) -> String? = { _ in nil }
  var startDirectory: String
  var file: (String) -> String
  /// The key is no variable, so that nothing that shows or keeps variables can come upon it. "" with `isTooLong`.
  var apiKey: () -> (text: String, isTooLong: Bool)? = { nil }
  var hasTokenFile = false
  var isForeign: (String) -> Bool = { _ in false }

  /// As it stood when the library was loaded.
  static var process: SettingsSource {
    SettingsSource(
      variable: { name in tsi_environment(name).map { String(cString: $0) } },
      startDirectory: tsi_start_directory().map { String(cString: $0) } ?? "",
      file: { Files.text($0) },
      apiKey: {
        tsi_environment_key().map { (text: String(cString: $0), isTooLong: $0.pointee == 0) }
      },
      hasTokenFile: tsi_environment_has_token_file(),
      isForeign: { tsi_is_foreign($0) })
  }

  /// A relative path is meant from where the program was started, wherever it has gone since.
  func absolute(_ path: String) -> String {
    if path.hasPrefix("/") { return path }
    let start = startDirectory.isEmpty ? "/" : startDirectory
    return path.isEmpty ? start : start.path(adding: path)
  }
}

extension SettingsSource {
  /// For a command: its own environment, and the files that there are.
  package init(variable: @escaping (String) -> String?, startDirectory: String) {
    self.init(
      variable: variable, startDirectory: startDirectory, file: { Files.text($0) }, isForeign: { tsi_is_foreign($0) })
  }
}
