import CTrackShim

/// Whether files that git keeps differ from the commit that is checked out, as `git describe --dirty` says it, found
/// without running git. Files that git does not keep do not count.
///
/// A wrong answer would be worse than none, so nil stands for everything that is not understood, that changes meanwhile,
/// or that would take too long.
enum GitDirty {
  static func find(from directory: String) -> Bool? {
    guard let repository = GitFacts.repository(around: directory) else { return nil }
    var budget = GitBudget()
    return isDirty(repository, &budget)
  }

  static func isDirty(_ repository: GitFacts.Repository, _ budget: inout GitBudget) -> Bool? {
    guard budget.depth > 0 else { return nil }
    budget.depth &-= 1
    defer { budget.depth &+= 1 }
    let settings = settings(of: repository)
    let commit = GitFacts.commit(in: repository)
    guard settings.isUnderstood, let id = GitObject.id(digits: Array(commit.utf8)), !isReplaced(commit, in: repository),
      let (bytes, about) = readIndex(of: repository), let index = GitIndex(bytes)
    else { return nil }
    let answer = isDirty(repository, id, index, written: about, settings, &budget)
    // Somebody may have made a commit in between.
    guard let now = aboutIndex(of: repository), now.inode == about.inode, now.modified == about.modified,
      now.modified_ns == about.modified_ns, now.size == about.size, GitFacts.commit(in: repository) == commit
    else { return nil }
    return answer
  }

  private static func isDirty(
    _ repository: GitFacts.Repository, _ commit: [UInt8], _ index: GitIndex, written: tsi_about,
    _ settings: GitSettings,
    _ budget: inout GitBudget
  ) -> Bool? {
    if index.hasConflict { return true }
    guard let tree = GitObjects(in: repository).tree(ofCommit: commit, budget) else { return nil }
    if index.tree != tree {
      guard let made = GitTreeBuilder.root(of: index) else { return nil }
      if made != tree { return true }
    }
    guard !budget.isLate, let workTree = GitWorkTree(repository.workTree, index, written: written, settings) else {
      return nil
    }
    defer { workTree.close() }
    switch workTree.verdict(&budget) {
    case .unchanged: return false
    case .changed: return true
    case .unknown: return nil
    }
  }

  private static func settings(of repository: GitFacts.Repository) -> GitSettings {
    func variable(_ name: String) -> String { tsi_environment(name).map { String(cString: $0) } ?? "" }
    return GitSettings(of: repository, home: variable("HOME"), configHome: variable("XDG_CONFIG_HOME"))
  }

  /// `git replace` puts another commit in its place.
  private static func isReplaced(_ commit: String, in repository: GitFacts.Repository) -> Bool {
    let name = "refs/replace/\(commit)"
    return GitFacts.loose(name, in: repository) != nil || GitFacts.packed(name, in: repository) != nil
  }

  // MARK: The index

  private static func aboutIndex(of repository: GitFacts.Repository) -> tsi_about? {
    var about = tsi_about()
    return tsi_about_at(-100, repository.folder.path(adding: "index"), &about) == 0 ? about : nil
  }

  private static func readIndex(of repository: GitFacts.Repository) -> ([UInt8], tsi_about)? {
    guard let about = aboutIndex(of: repository), about.size <= GitIndex.largest,
      let bytes = try? Files.read(repository.folder.path(adding: "index"), limit: Int(clamping: about.size) &+ 1),
      bytes.count == about.size
    else { return nil }
    return (bytes, about)
  }
}
