import CTrackShim

/// The right to be a run: its ring on tmpfs, named by project and run id and created exclusively. Two processes of one
/// id in one project cannot both have it; it is locked while its owner lives, and what is left without a lock was left
/// by a process that died.
package struct Claim {
  static let folder = "/dev/shm"

  package enum Failure: Error {
    /// The run's process lives.
    case taken(by: Owner)
    /// There is no memory to share: a run without one loses the last moments when it is killed.
    case impossible(SystemError)
  }

  /// Who has a run.
  package struct Owner {
    /// 0: it has only begun to make the ring, or just ended.
    let process: Int32

    package var name: String { process > 0 ? "process \(process)" : "another process" }
  }

  static let suffix = ".ring"
  /// Of all rings of this user.
  static var prefix: String { "trackshim-\(tsi_user())-" }

  /// Of a run in this project: only there its id has to be its own.
  static func path(runID: String, in project: String) -> String {
    var sum = CRC32()
    Array(project.utf8).withUnsafeBytes { sum.update($0) }
    return folder.path(adding: "\(prefix)\(sum.value)-\(runID)\(suffix)")
  }

  /// The rings of this user's runs, those that go on and those that died.
  static func all() -> [String] {
    Files.list(folder).filter { $0.hasPrefix(prefix) && $0.hasSuffix(suffix) }.map { folder.path(adding: $0) }
  }

  let path: String
  package let ring: OpaquePointer

  package init(runID: String, in project: String) throws(Failure) {
    path = Self.path(runID: runID, in: project)
    guard tsi_is_in_memory(Self.folder) != 0 else { throw .impossible(SystemError(2)) }
    for left in Self.all() { tsi_ring_shrink_left(left) }
    ring = try Self.create(path, mayRecover: true)
  }

  private static func create(_ path: String, mayRecover: Bool) throws(Failure) -> OpaquePointer {
    if let ring = tsi_ring_create_file(path) { return ring }
    let error = SystemError(tsi_last_error())
    guard error == .exists, mayRecover else { throw .impossible(error) }
    try moveAside(path)
    return try create(path, mayRecover: false)
  }

  /// What a dead process left stays for `trackshim` to recover, under another name: to read a whole journal
  /// again is no work for somebody's training.
  private static func moveAside(_ path: String) throws(Failure) {
    var lock: Int32 = -1
    guard let left = tsi_ring_open_left(path, &lock) else {
      let error = SystemError(tsi_last_error())
      if error == .busy { throw .taken(by: Owner(process: tsi_ring_owner_at(path))) }
      // Not a ring at all: not ours to remove.
      throw .impossible(error)
    }
    tsi_ring_close_left(left)
    let aside = path.dropLast(Claim.suffix.count) + "." + RunID.random() + Claim.suffix
    let moved = tsi_rename(path, String(aside))
    _ = tsi_close(lock)
    if moved != 0 { throw .impossible(SystemError(-moved)) }
  }

  /// Nothing is left to recover.
  package func giveUp() { _ = tsi_unlink(path) }
}
