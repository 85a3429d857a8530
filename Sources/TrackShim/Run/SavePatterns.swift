import CTrackShim

/// Files that are to go with the run though nobody calls for it (`TRACKSHIM_SAVE=ckpt/*.bin`, `TRACKSHIM_LOG_MODEL`): those
/// that the program writes while it runs, each when it rests.
struct SavePatterns {
  /// Between two looks. What is the same in two of them is taken to be written.
  static let pause: Int64 = 10_000_000_000
  /// Of one look.
  static let mostFiles = 1000
  private static let mostSteps = 32

  private struct State: Equatable {
    var size: Int64
    var modified: UInt64
  }

  /// As the user wrote them.
  private let patterns: [String]
  private let directory: String
  /// What was there before, is not of this run. Nanoseconds since 1970.
  private let since: UInt64
  private var seen: [String: State] = [:]
  private var saved: [String: State] = [:]
  private var due: Int64 = 0
  /// There were more files than one look takes.
  private(set) var isCut = false
  var hasNotedCut = false
  /// The files become versions of the run's model.
  let areModels: Bool

  /// `directory`: where relative ones begin.
  init(_ patterns: [String], directory: String, since: Int64, areModels: Bool = false) {
    self.patterns = patterns
    self.areModels = areModels
    self.directory = directory
    self.since = UInt64(clamping: since)
  }

  var isEmpty: Bool { patterns.isEmpty }

  func isDue(now: Int64) -> Bool { !patterns.isEmpty && now >= due }

  /// Files that are to be sent as they are now. `isLast`: the program has ended, and nobody writes any more.
  mutating func look(now: Int64, isLast: Bool) -> [SavedFile] {
    due = now &+ Self.pause
    var found: [SavedFile] = []
    let all = patterns.flatMap { paths(of: $0) }
    isCut = isCut || all.count > Self.mostFiles
    for path in all.prefix(Self.mostFiles) {
      guard let state = state(of: path), state.modified >= since, saved[path] != state else { continue }
      let rests = isLast || seen[path] == state
      seen[path] = state
      guard rests, var file = SavedFile(Array(path.utf8), from: Array(directory.utf8)) else { continue }
      file.isModel = areModels
      saved[path] = state
      found.append(file)
    }
    return found
  }

  private func state(of path: String) -> State? {
    var modified: UInt64 = 0
    let size = tsi_file_state(absolute(path), &modified)
    return size < 0 ? nil : State(size: size, modified: modified)
  }

  private func absolute(_ path: String) -> String { path.hasPrefix("/") ? path : directory.path(adding: path) }

  // MARK: Patterns

  /// Those that there are, relative where the pattern is.
  private func paths(of pattern: String) -> [String] {
    let steps = pattern.split(separator: "/").map(String.init)
    guard steps.count <= Self.mostSteps else { return [] }
    var found = [pattern.hasPrefix("/") ? "/" : ""]
    for step in steps {
      // One more than is taken shows that there are more.
      found = Array(found.flatMap { names(step, in: $0) }.prefix(Self.mostFiles &+ 1))
    }
    return found
  }

  private func names(_ step: String, in folder: String) -> [String] {
    let prefix = folder.isEmpty || folder.hasSuffix("/") ? folder : "\(folder)/"
    guard step.contains(where: { $0 == "*" || $0 == "?" }) else { return ["\(prefix)\(step)"] }
    let pattern = Array(step.utf8)
    return Files.list(folder.isEmpty ? directory : absolute(folder)).sorted().filter { name in
      // As in a shell: what is hidden is asked for by its dot.
      (!name.hasPrefix(".") || step.hasPrefix(".")) && Wildcard.matches(Array(name.utf8), pattern)
    }.map { "\(prefix)\($0)" }
  }
}
