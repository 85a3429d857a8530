import CTrackShim

/// The settings that one needs before a program is started: for `trackshim run` and `trackshim show`, which
/// must see the same table as the library in the program will.
public struct LaunchSettings: Sendable {
  /// Empty when none is set, or none that can be used.
  public let runID: String
  public let project: String
  public let entity: String
  /// Parent of the `wandb` folder, absolute.
  public let directory: String
  public let isDisabled: Bool
  /// All processes of a job are to be one run, and nothing says which.
  public let lacksSharedID: Bool
  public let isQuiet: Bool

  public init(startDirectory: String, variable: @escaping (String) -> String?) {
    let settings = Settings(from: SettingsSource(variable: variable, startDirectory: startDirectory))
    // The program adds its rank by itself.
    runID = settings.ranks == .all ? settings.givenRunID : settings.runID
    project = settings.project
    entity = settings.entity
    directory = settings.directory
    lacksSharedID = settings.ranks == .shared && settings.runID.isEmpty && JobRank(variable) != nil
    isDisabled = settings.mode == .disabled
    isQuiet = settings.isQuiet
  }

  /// Where runs are that could be made neither in `directory` nor in `temporary`.
  public static func fallback(below temporary: String) -> String { RunDirectory.fallback(below: temporary) }

  /// As W&B's own ids.
  public static func newRunID() -> String { RunID.random() }
}

/// A setting that a command's option gives.
public enum LaunchOption: CaseIterable, Sendable {
  case project, name, entity, group, tags, jobType, notes, directory, mode, runID

  public var variable: String {
    switch self {
    case .project: "TRACKSHIM_PROJECT"
    case .name: "TRACKSHIM_NAME"
    case .entity: "TRACKSHIM_ENTITY"
    case .group: "TRACKSHIM_GROUP"
    case .tags: "TRACKSHIM_TAGS"
    case .jobType: "TRACKSHIM_JOB_TYPE"
    case .notes: "TRACKSHIM_NOTES"
    case .directory: "TRACKSHIM_DIR"
    case .mode: "TRACKSHIM_MODE"
    case .runID: "TRACKSHIM_RUN_ID"
    }
  }

  /// `nil` if the library will take the value as it is, else what it would accept. The library's own table
  /// is asked, so the two cannot disagree.
  public func refusal(of value: String) -> String? {
    let variable = variable
    let source = SettingsSource(
      variable: { $0 == variable ? value : nil }, startDirectory: "/", file: { _ in "" })
    return Settings(from: source).complaints.isEmpty ? nil : accepted
  }

  private var accepted: String {
    switch self {
    case .project: SettingsReader.Rule.project.accepted
    case .entity: SettingsReader.Rule.entity.accepted
    case .runID: SettingsReader.Rule.runID.accepted
    case .name, .group, .jobType: SettingsReader.Rule.line.accepted
    case .notes, .directory: SettingsReader.Rule.any.accepted
    case .tags: "tags of 1 to 64 characters, separated by commas"
    case .mode: "online, offline, disabled"
    }
  }
}
