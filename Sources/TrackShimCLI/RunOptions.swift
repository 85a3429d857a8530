import ArgumentParser
import TrackShim

/// What a run is called, on the command line.
struct RunOptions: ParsableArguments {
  @Option(help: "Project that the run belongs to.") var project: String?
  @Option(help: "Name shown for the run.") var name: String?
  @Option(help: "User or team that owns the project.") var entity: String?
  @Option(help: "Group of runs that belong together.") var group: String?
  @Option(help: ArgumentHelp("Tags, separated by commas.", valueName: "a,b")) var tags: String?
  @Option(help: "What the run does, e.g. train or eval.") var jobType: String?
  @Option(help: "A longer text about the run.") var notes: String?
  @Option(help: "Folder in which wandb/ appears (default: here).", completion: .directory) var dir: String?
  @Option(help: "The run's id (default: a random one).") var id: String?

  var given: [LaunchOption: String] {
    let all: [(LaunchOption, String?)] = [
      (.project, project), (.name, name), (.entity, entity), (.group, group), (.tags, tags),
      (.jobType, jobType), (.notes, notes), (.directory, dir), (.runID, id),
    ]
    return Dictionary(uniqueKeysWithValues: all.compactMap { option, value in value.map { (option, $0) } })
  }

  func validate() throws {
    for (option, value) in given {
      guard let accepted = option.refusal(of: value) else { continue }
      let name = option.flag
      throw ValidationError("\(name) '\(value.printable)' cannot be used (accepted: \(accepted))")
    }
  }
}

extension LaunchOption {
  var flag: String {
    switch self {
    case .project: "--project"
    case .name: "--name"
    case .entity: "--entity"
    case .group: "--group"
    case .tags: "--tags"
    case .jobType: "--job-type"
    case .notes: "--notes"
    case .directory: "--dir"
    case .mode: "--mode"
    case .runID: "--id"
    }
  }
}
