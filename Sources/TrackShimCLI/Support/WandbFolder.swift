/// The folders in which W&B's client, and we as it does, keep runs.
enum WandbFolder {
  /// `.wandb` and `wandb`, as far as they are there.
  static func all(below parent: String) -> [String] {
    [".wandb", "wandb"].map { parent.path(adding: $0) }.filter(FileAccess.isDirectory)
  }

  /// `offline-run-20261122_070653-<id>` and `run-…`, oldest first.
  static func runs(in wandbFolder: String) -> [String] {
    FileAccess.names(in: wandbFolder).compactMap { name in parts(name).map { (name, $0.stamp) } }
      .sorted { $0.1 < $1.1 }.map(\.0)
  }

  private static func parts(_ folder: String) -> (stamp: Substring, id: Substring)? {
    for prefix in ["offline-run-", "run-"] where folder.hasPrefix(prefix) {
      let rest = folder.dropFirst(prefix.count)
      return (rest.prefix(15), rest.dropFirst(16))
    }
    return nil
  }

  /// A run's own folder holds one.
  static func journals(in folder: String) -> [String] {
    FileAccess.names(in: folder).filter { $0.hasSuffix(".wandb") && $0 != ".wandb" }.map { folder.path(adding: $0) }
  }

  /// Of all runs in it, oldest first.
  static func journalsOfRuns(in wandbFolder: String) -> [String] {
    runs(in: wandbFolder).flatMap { journals(in: wandbFolder.path(adding: $0)) }
  }

  /// Of one run, by its id or its folder's name, oldest first.
  static func journals(of name: String, in wandbFolder: String) -> [String] {
    runs(in: wandbFolder).filter { $0 == name || parts($0)?.id == name[...] }
      .flatMap { journals(in: wandbFolder.path(adding: $0)).prefix(1) }
  }
}
