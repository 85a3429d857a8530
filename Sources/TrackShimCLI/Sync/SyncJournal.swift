import Glibc
import TrackShim

/// One journal on its way.
struct SyncJournal {
  let path: String
  /// Asked for by itself, and not found in a folder.
  let isNamed: Bool
  let head: JournalHead

  init(_ path: String, isNamed: Bool) {
    self.path = path
    self.isNamed = isNamed
    head = JournalHead(path)
  }

  private var folder: String { path.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } }

  /// Its program sends it itself: W&B's naming of folders.
  var isOnline: Bool { folder.lastPathComponent.hasPrefix("run-") }

  var size: Int { FileAccess.attributes(path).map { Int($0.st_size) } ?? 0 }

  /// What becomes of it without anything being done or anybody being asked; nil when it is to be sent.
  func settled(appends: Bool) -> SyncOutcome? {
    let state = JournalSync.state(of: path)
    if state.isComplete { return .isThere(page: state.page) }
    if head.isOfficial {
      return state.isSentByOfficialClient ? .sentByOfficialClient : .recordedByOfficialClient(folder: folder)
    }
    guard state.isSentByOfficialClient, !appends else { return nil }
    return state.hasBegun ? .sentByBoth(page: state.page) : .sentByOfficialClient
  }
}
