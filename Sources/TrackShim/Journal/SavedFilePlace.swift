import CTrackShim

/// Where a saved file is in its run's folder: under its own name in `files/`, itself or a link to it.
struct SavedFilePlace {
  let path: String
  /// So many of the last folders of the path are the run's own.
  let folders: Int32

  init(_ name: String, in runFolder: String) {
    path = runFolder.path(adding: "files").path(adding: name)
    let inside = name.utf8.count { $0 == UInt8(ascii: "/") }
    folders = Int32(clamping: inside &+ 2)
  }

  /// Nobody will find it there again: its folder is there, and it is not.
  func isGone(_ error: SystemError) -> Bool {
    if error == .invalid { return true }
    guard error == .missing else { return false }
    let target = Files.linkTarget(path)
    return target.isEmpty || Files.isDirectory(target.parentFolder ?? "/")
  }

  /// A file as it stands: it has been written again where one of these differs.
  struct State: Equatable {
    let size: Int
    let device, inode, modified: UInt64
  }

  func state() throws(SystemError) -> State {
    var found: (UInt64, UInt64, UInt64) = (0, 0, 0)
    let size = withUnsafeMutableBytes(of: &found) {
      tsi_linked_file_state(path, folders, $0.baseAddress?.assumingMemoryBound(to: UInt64.self))
    }
    try checked(size)
    return State(size: Int(clamping: size), device: found.0, inode: found.1, modified: found.2)
  }
}
