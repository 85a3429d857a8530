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
  private(set) var attributeFiles: [String]

  private let repository: GitFacts.Repository
  private let home: String
  private var filesLeft = 16
  private var hasConfigOfWorkTree = false

  private static let fileLimit = 1 << 20
  private static let deepest = 4
  /// Those that do not change what is in the files that are read here.
  private static let harmlessExtensions = [
    "noop", "noop-v1", "partialclone", "preciousobjects", "relativeworktrees",
  ]

  init(of repository: GitFacts.Repository, home: String, configHome: String, system: String = "/etc") {
    self.repository = repository
    self.home = home
    let user = (configHome.isEmpty ? home.path(adding: ".config") : configHome).path(adding: "git")
    attributeFiles = [
      system.path(adding: "gitattributes"), user.path(adding: "attributes"), repository.shared("info/attributes"),
    ]
    for path in [
      system.path(adding: "gitconfig"), user.path(adding: "config"), home.path(adding: ".gitconfig"),
      repository.shared("config"),
    ] { read(path) }
    // Of this one only what it says of the repositories inside counts.
    let inner = (try? Files.read(repository.workTree.path(adding: ".gitmodules"), limit: Self.fileLimit)) ?? []
    if GitConfig.values(in: inner).contains(where: Self.ignoresInner) { ignoresInner = true }
    if hasConfigOfWorkTree { read(repository.own("config.worktree")) }
  }

  private func read(_ path: String, depth: Int = 0, isCertain: Bool = true) {
    guard Files.exists(path) else { return }
    filesLeft &-= 1
    guard filesLeft > 0, depth <= Self.deepest, let bytes = try? Files.read(path, limit: Self.fileLimit) else {
      isUnderstood = false
      return
    }
    for item in GitConfig.values(in: bytes) {
      let isCondition = item.section.hasPrefix("includeif.")
      if item.key == "path", isCondition || item.section == "include" {
        guard let included = absolute(item.value, beside: path) else { continue }
        read(included, depth: depth &+ 1, isCertain: isCertain && !isCondition)
      } else {
        take(item, from: path, isCertain: isCertain)
      }
    }
  }

  private func take(_ item: GitConfig.Value, from path: String, isCertain: Bool) {
    switch "\(item.section).\(item.key)" {
    case "core.filemode": hasExecutableBits = decided(item.value, isCertain)
    case "core.sparsecheckout": isSparse = true
    case "core.symlinks": if !decided(item.value, isCertain) { isUnderstood = false }
    case "core.worktree": if !isWorkTree(item.value) { isUnderstood = false }
    case "core.attributesfile": absolute(item.value, beside: path).map { attributeFiles.append($0) }
    case "core.repositoryformatversion": if !["0", "1"].contains(item.value) { isUnderstood = false }
    case "diff.ignoresubmodules": ignoresInner = true
    case "extensions.objectformat": if item.value != "sha1" { isUnderstood = false }
    case "extensions.refstorage": if item.value != "files" { isUnderstood = false }
    case "extensions.worktreeconfig": hasConfigOfWorkTree = decided(item.value, isCertain)
    default:
      if item.section == "extensions", !Self.harmlessExtensions.contains(item.key) { isUnderstood = false }
      if Self.ignoresInner(item) { ignoresInner = true }
    }
  }

  private static func ignoresInner(_ item: GitConfig.Value) -> Bool {
    item.section.hasPrefix("submodule.") && item.key == "ignore"
  }

  /// What holds under a condition only is not understood, nor what is neither true nor false.
  private func decided(_ value: String, _ isCertain: Bool) -> Bool {
    switch value.lowercased() {
    case "true", "yes", "on", "1": if isCertain { return true }
    case "false", "no", "off", "0": if isCertain { return false }
    default: break
    }
    isUnderstood = false
    return true
  }

  /// As that of a submodule, whose repository lies in the outer one's, says where its files are.
  private func isWorkTree(_ path: String) -> Bool {
    tsi_is_same_file(GitFacts.absolute(path, from: repository.folder), repository.workTree)
  }

  private func absolute(_ path: String, beside file: String) -> String? {
    if path.hasPrefix("~/") { return home.path(adding: String(path.dropFirst(2))) }
    if path.hasPrefix("/") { return path }
    guard !path.isEmpty, let slash = file.lastIndex(of: "/") else { return nil }
    return String(file[..<slash]).path(adding: path)
  }
}
