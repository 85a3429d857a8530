import TrackShim

/// Finds the journal that somebody means.
struct RunLookup {
  struct NotFound: Error, Equatable {
    let reason: String
  }

  /// Parent of the `wandb` folder, where ids are looked for.
  let parent: String
  /// Where runs go when they cannot be written there.
  let temporary: String

  func journal(_ name: String?) throws(NotFound) -> String {
    guard let name, name != "latest-run" else { return try latest(below: parent) }
    if FileAccess.isFile(name) { return name }
    if FileAccess.isDirectory(name) { return try journal(in: name) }
    return try journal(named: name)
  }

  // MARK: Folders

  private func journal(in folder: String) throws(NotFound) -> String {
    let journals = WandbFolder.journals(in: folder)
    if journals.count == 1, let journal = journals.first { return journal }
    if let journal = Self.newest(in: folder) { return journal }
    if journals.isEmpty { return try latest(below: folder) }
    let names = journals.map { $0.lastPathComponent.printable }.joined(separator: ", ")
    throw NotFound(reason: "\(folder.printable) holds \(journals.count) journals (\(names)); name one of them")
  }

  private func latest(below parent: String) throws(NotFound) -> String {
    for folder in WandbFolder.all(below: parent) {
      if let journal = Self.newest(in: folder) { return journal }
    }
    throw NotFound(
      reason: "no run is in \(parent.printable) (there is no wandb folder with one); name a run's folder, its .wandb "
        + "file or its id, or set TRACKSHIM_DIR to the folder in which wandb/ is")
  }

  /// What `latest-run` points to; without it the newest by name.
  private static func newest(in wandbFolder: String) -> String? {
    for name in ["latest-run"] + WandbFolder.runs(in: wandbFolder).reversed() {
      if let journal = WandbFolder.journals(in: wandbFolder.path(adding: name)).first { return journal }
    }
    return nil
  }

  // MARK: Ids

  private func journal(named name: String) throws(NotFound) -> String {
    if let newest = journals(named: name).last { return newest }
    throw NotFound(
      reason: "'\(name.printable)' is no file, no folder and no id of a run in "
        + "\(parent.path(adding: "wandb").printable); "
        + "`trackshim show` alone shows the latest run, TRACKSHIM_DIR says in which folder wandb/ is")
  }

  /// All journals of that run, oldest first: one that was resumed has several.
  func journals(named name: String) -> [String] {
    for place in [parent, temporary, LaunchSettings.fallback(below: temporary)] {
      let found = WandbFolder.all(below: place).flatMap { WandbFolder.journals(of: name, in: $0) }
      if !found.isEmpty { return found }
    }
    return []
  }
}
