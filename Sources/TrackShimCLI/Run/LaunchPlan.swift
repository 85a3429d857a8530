import TrackShim

/// The environment that a program is started with, as far as it differs from ours.
struct LaunchPlan: Equatable {
  private(set) var variables: [String: String] = [:]
  /// What has to be said before the start.
  private(set) var notes: [String] = []
  private(set) var isDisabled = false
  private(set) var isQuiet = false

  /// `variable` looks into our environment; `library` is asked for only if one is needed.
  init(
    options: [LaunchOption: String], process: Int32, startDirectory: String, variable: (String) -> String?
  ) {
    for (option, value) in options { variables[option.variable] = value }
    let settings = settings(startDirectory, variable)
    isDisabled = settings.isDisabled
    isQuiet = settings.isQuiet
    guard !isDisabled else { return }
    // Absolute, for what the command starts may stand elsewhere (`env -C`, `sh -c 'cd …'`).
    variables[LaunchOption.directory.variable] = settings.directory
    variables["TRACKSHIM_LAUNCHED"] = "\(process) \(settings.directory)"
    // One process cannot think up an id for the others.
    if !settings.lacksSharedID { setRunID(settings.runID, variable) }
    if let asked = options[.runID], !settings.runID.isEmpty, asked != settings.runID {
      notes.append("--id '\(asked.printable)' is not used: the run is of a sweep, whose agent says WANDB_RUN_ID")
    }
  }

  private func settings(_ startDirectory: String, _ variable: (String) -> String?) -> LaunchSettings {
    withoutActuallyEscaping(variable) { variable in
      let changed = variables
      return LaunchSettings(startDirectory: startDirectory) { changed[$0] ?? variable($0) }
    }
  }

  /// The program's process must know the id beforehand, to say at its end whether there is such a run.
  private mutating func setRunID(_ known: String, _ variable: (String) -> String?) {
    let name = LaunchOption.runID.variable
    variables[name] = known.isEmpty ? LaunchSettings.newRunID() : known
    guard known.isEmpty else { return }
    for given in [name, "WANDB_RUN_ID"] {
      guard let value = variable(given), !value.isEmpty else { continue }
      let accepted = LaunchOption.runID.refusal(of: value) ?? "an id"
      notes.append("\(given)='\(value.printable)' cannot be used (accepted: \(accepted)); using a new id")
      return
    }
  }

  mutating func preload(_ library: String, before others: String?) {
    variables["LD_PRELOAD"] = PreloadLibrary.list(library, before: others)
  }
}
