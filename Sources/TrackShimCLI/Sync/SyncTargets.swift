/// The journals that somebody means, each once.
struct SyncTargets: Equatable {
  /// Named one by one: of those each gets its line, whatever becomes of it.
  private(set) var named: [String] = []
  /// Found in folders: what is on the server already is only counted.
  private(set) var found: [String] = []
  /// Where nothing is.
  private(set) var problems: [String] = []

  init(_ names: [String], lookup: RunLookup) {
    if names.isEmpty { takeAll(below: lookup.parent) }
    for name in names { take(name, lookup) }
    found.removeAll { named.contains($0) }
  }

  private mutating func take(_ name: String, _ lookup: RunLookup) {
    if name == "latest-run" || FileAccess.isFile(name) { return takeOne(name, lookup) }
    guard FileAccess.isDirectory(name) else { return takeID(name, lookup) }
    let journals = WandbFolder.journals(in: name)
    if !journals.isEmpty {
      add(journals, to: \.named)
    } else if !add(WandbFolder.journalsOfRuns(in: name), to: \.found) {
      takeAll(below: name)
    }
  }

  private mutating func takeAll(below parent: String) {
    if add(WandbFolder.all(below: parent).flatMap(WandbFolder.journalsOfRuns), to: \.found) { return }
    problems.append(
      "no run is in \(parent.printable) (there is no wandb folder with one); name a run's folder, its .wandb file or "
        + "its id, or set TRACKSHIM_DIR to the folder in which wandb/ is")
  }

  private mutating func takeOne(_ name: String, _ lookup: RunLookup) {
    do throws(RunLookup.NotFound) {
      add([try lookup.journal(name)], to: \.named)
    } catch {
      problems.append(error.reason)
    }
  }

  private mutating func takeID(_ name: String, _ lookup: RunLookup) {
    if add(lookup.journals(named: name), to: \.named) { return }
    problems.append(
      "'\(name.printable)' is no file, no folder and no id of a run in "
        + "\(lookup.parent.path(adding: "wandb").printable); TRACKSHIM_DIR says in which folder wandb/ is")
  }

  /// False when there is nothing to add.
  @discardableResult
  private mutating func add(_ journals: [String], to list: WritableKeyPath<SyncTargets, [String]>) -> Bool {
    for journal in journals.map({ FileAccess.resolved($0) ?? $0 }) where !self[keyPath: list].contains(journal) {
      self[keyPath: list].append(journal)
    }
    return !journals.isEmpty
  }
}
