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
    let journals = Self.journals(in: folder)
    if journals.count == 1, let journal = journals.first { return journal }
    if let journal = Self.newest(in: folder) { return journal }
    if journals.isEmpty { return try latest(below: folder) }
    let names = journals.map { $0.lastPathComponent.printable }.joined(separator: ", ")
    throw NotFound(reason: "\(folder.printable) holds \(journals.count) journals (\(names)); name one of them")
  }

  private func latest(below parent: String) throws(NotFound) -> String {
    for folder in Self.wandbFolders(below: parent) {
      if let journal = Self.newest(in: folder) { return journal }
    }
    throw NotFound(
      reason: "no run is in \(parent.printable) (there is no wandb folder with one); name a run's folder, its .wandb "
        + "file or its id, or set TRACKSHIM_DIR to the folder in which wandb/ is")
  }

  private static func wandbFolders(below parent: String) -> [String] {
    [".wandb", "wandb"].map { parent.path(adding: $0) }.filter(FileAccess.isDirectory)
  }

  /// A run's own folder holds one.
  private static func journals(in folder: String) -> [String] {
    FileAccess.names(in: folder).filter { $0.hasSuffix(".wandb") && $0 != ".wandb" }.map { folder.path(adding: $0) }
  }

  /// What `latest-run` points to; without it the newest by name.
  private static func newest(in wandbFolder: String) -> String? {
    for name in ["latest-run"] + runFolders(in: wandbFolder).reversed() {
      if let journal = journals(in: wandbFolder.path(adding: name)).first { return journal }
    }
    return nil
  }

  /// `offline-run-20261122_070653-<id>` and `run-…`, oldest first.
  private static func runFolders(in wandbFolder: String) -> [String] {
    FileAccess.names(in: wandbFolder).compactMap { name in stamp(name).map { (name, $0) } }
      .sorted { $0.1 < $1.1 }.map(\.0)
  }

  private static func stamp(_ folder: String) -> Substring? {
    for prefix in ["offline-run-", "run-"] where folder.hasPrefix(prefix) {
      return folder.dropFirst(prefix.count).prefix(15)
    }
    return nil
  }

  // MARK: Ids

  private func journal(named name: String) throws(NotFound) -> String {
    for place in [parent, temporary] {
      for folder in Self.wandbFolders(below: place) {
        let matches = Self.runFolders(in: folder).filter { $0 == name || $0.hasSuffix("-" + name) }
        for match in matches.reversed() {
          if let journal = Self.journals(in: folder.path(adding: match)).first { return journal }
        }
      }
    }
    throw NotFound(
      reason: "'\(name.printable)' is no file, no folder and no id of a run in "
        + "\(parent.path(adding: "wandb").printable); "
        + "`trackshim show` alone shows the latest run, TRACKSHIM_DIR says in which folder wandb/ is")
  }
}
