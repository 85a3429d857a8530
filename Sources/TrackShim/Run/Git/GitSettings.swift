import CTrackShim

/// What of git's settings decides whether a file counts as changed: of the system, the user and the repository, the last
/// one counting. A system's config in an unusual place is not found.
final class GitSettings {
  /// Nothing is set that is not known here and could change the meaning of the repository's files.
  private(set) var isUnderstood = true
  private(set) var hasExecutableBits = true
  private(set) var isSparse = false
  /// For some or all repositories inside, and then it is left open which.
  private(set) var ignoresInner = false
  /// Those that apply everywhere, besides the ones in the work tree.
  private(set) var attributeFiles: [String] = []

  private let repository: GitFacts.Repository
  private let home: String
  private var filesLeft = 16
  private var hasConfigOfWorkTree = false

  private static let fileLimit = 1 << 20
  private static let deepest = 4

  init(of repository: GitFacts.Repository, home: String, configHome: String, system: String = "/etc") {
    self.repository = repository
    self.home = home
    let user = (configHome.isEmpty ? home.path(adding: ".config") : configHome).path(adding: "git")
    attributeFiles.append(system.path(adding: "gitattributes"))
    attributeFiles.append(user.path(adding: "attributes"))
    attributeFiles.append(repository.common.path(adding: "info/attributes"))
    read(system.path(adding: "gitconfig"))
    read(user.path(adding: "config"))
    read(home.path(adding: ".gitconfig"))
    read(repository.common.path(adding: "config"))
    // Of this one only what it says of the repositories inside counts.
    read(repository.workTree.path(adding: ".gitmodules"), isOfInner: true)
    if hasConfigOfWorkTree { read(repository.folder.path(adding: "config.worktree")) }
  }

  @inline(never)
  private func read(_ path: String, depth: Int = 0, isCertain: Bool = true, isOfInner: Bool = false) {
    guard Files.exists(path) else { return }
    filesLeft &-= 1
    guard filesLeft > 0, depth <= Self.deepest, let bytes = try? Files.read(path, limit: Self.fileLimit) else {
      isUnderstood = false
      return
    }
    for item in GitConfig.values(in: bytes) {
      if item.name.hasPrefix("submodule.") {
        if item.name.hasSuffix(".ignore") { ignoresInner = true }
      } else if isOfInner {
        continue
      } else if item.name.hasPrefix("include"), item.name.hasSuffix(".path") {
        let holds = isCertain && item.name == "include.path"
        read(absolute(item.value, beside: path), depth: depth &+ 1, isCertain: holds)
      } else {
        take(item, from: path, isCertain: isCertain)
      }
    }
  }

  private func take(_ item: GitConfig.Value, from path: String, isCertain: Bool) {
    switch item.name {
    case "core.filemode": hasExecutableBits = isTrue(item.value, isCertain)
    case "core.sparsecheckout": isSparse = true
    case "core.symlinks": accept(isTrue(item.value, isCertain))
    case "core.worktree": accept(isWorkTree(item.value))
    case "core.attributesfile": attributeFiles.append(absolute(item.value, beside: path))
    case "core.repositoryformatversion": accept(item.value == "0" || item.value == "1")
    case "diff.ignoresubmodules": ignoresInner = true
    case "extensions.objectformat": accept(item.value == "sha1")
    case "extensions.refstorage": accept(item.value == "files")
    case "extensions.worktreeconfig": hasConfigOfWorkTree = isTrue(item.value, isCertain)
    // Those that do not change what is in the files that are read here.
    case "extensions.noop", "extensions.partialclone", "extensions.preciousobjects", "extensions.relativeworktrees":
      break
    default: accept(!item.name.hasPrefix("extensions."))
    }
  }

  @inline(never)
  private func accept(_ isKnown: Bool) {
    if !isKnown { isUnderstood = false }
  }

  /// What holds under a condition only is not understood, nor what is neither true nor false.
  @inline(never)
  private func isTrue(_ value: String, _ isCertain: Bool) -> Bool {
    switch value.lowercased() {
    case "true", "yes", "on", "1": accept(isCertain)
    case "false", "no", "off", "0":
      accept(isCertain)
      return false
    default: accept(false)
    }
    return true
  }

  /// As that of a submodule, whose repository lies in the outer one's, says where its files are.
  private func isWorkTree(_ path: String) -> Bool {
    tsi_is_same_file(GitFacts.absolute(path, from: repository.folder), repository.workTree)
  }

  @inline(never)
  private func absolute(_ path: String, beside file: String) -> String {
    if path.hasPrefix("~/") { return home.path(adding: String(path.dropFirst(2))) }
    guard let slash = file.lastIndex(of: "/") else { return path }
    return GitFacts.absolute(path, from: String(file[..<slash]))
  }
}
