import CTrackShim

/// Completes the journal of a run whose process died without a word (SIGKILL, SIGSEGV, power of the OOM
/// killer): what the worker had not yet written is still in the run's ring, and what it had understood but
/// not written (the open row) comes again from the console log.
///
/// Done by the CLI's commands on a run's folder, never inside a program.
public enum Recovery {
  public struct Result: Equatable, Sendable {
    /// Bytes of output that were only in the ring.
    public var recoveredBytes = 0
    /// The exit code, if the process had seen it coming.
    public var exitCode: Int32?
    /// The process died before anything of it was recorded: there is no run.
    public var isEmpty = false
  }

  public enum Failure: Error {
    /// The run is going on.
    case ownerLives(process: Int32)
    case unusable(String)
  }

  /// Recovers a run if it needs it; nil when it does not. Where not even the run's beginning reached the disk,
  /// `settings` say what project it belongs to.
  public static func recover(journal path: String, settings: LaunchSettings? = nil) throws(Failure) -> Result? {
    for ring in Claim.all() {
      // Read without the lock first: to hold that of somebody else's ring, though for a moment, would make
      // its run look alive to others.
      let owner = journalPath(in: ring)
      guard isSame(owner, path) || wasRemoved(owner) else { continue }
      var lock: Int32 = -1
      if let left = tsi_ring_open_left(ring, &lock) {
        defer { close(left, lock) }
        let owner = tsi_ring_journal_path(left).map { String(cString: $0) } ?? ""
        if wasRemoved(owner) { _ = tsi_unlink(ring) }
        guard isSame(owner, path) else { continue }
        let result = try complete(journal: path, from: left, settings)
        _ = tsi_unlink(ring)
        return result
      } else if SystemError(tsi_last_error()) == .busy, isSame(owner, path) {
        throw .ownerLives(process: tsi_ring_owner_at(ring))
      }
    }
    return nil
  }

  private static func close(_ ring: OpaquePointer, _ lock: Int32) {
    tsi_ring_close_left(ring)
    _ = tsi_close(lock)
  }

  private static func journalPath(in ring: String) -> String {
    var text = [CChar](repeating: 0, count: 2048)
    guard tsi_ring_journal_path_at(ring, &text, text.count) else { return "" }
    return text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)).asText
  }

  /// Somebody removed the run. Where its disk is away nothing can be said, and what the ring holds may be all there is.
  private static func wasRemoved(_ journal: String) -> Bool {
    guard !Files.exists(journal), let folder = journal.parentFolder else { return journal.isEmpty }
    return Files.isDirectory(folder) || folder.parentFolder.map(Files.isDirectory) == true
  }

  /// The folder may have been reached by another way, or moved; the file itself decides.
  private static func isSame(_ first: String, _ second: String) -> Bool {
    !first.isEmpty && (first == second || tsi_is_same_file(first, second))
  }

  private static func complete(
    journal path: String, from ring: OpaquePointer, _ settings: LaunchSettings?
  ) throws(Failure) -> Result {
    var replay = try Replay(journal: path, ring: ring)
    if !replay.hasBeginning { replay.missing = RunRecord(journal: path, settings) }
    guard !replay.hasEnd else { return Result() }
    let recovered = replay.takeRing(ring)
    guard replay.hasBeginning else { return Result(isEmpty: true) }
    let code = tsi_ring_exit_hint(ring)
    try replay.finish(code: code < 0 ? nil : code)
    return Result(recoveredBytes: recovered, exitCode: code < 0 ? nil : code)
  }
}

extension RunRecord {
  /// What can still be told of a run whose journal has no beginning.
  fileprivate init(journal path: String, _ settings: LaunchSettings?) {
    self.init()
    let name = path.lastPathComponent
    runID = String(name.dropFirst(name.hasPrefix("run-") ? 4 : 0).dropLast(name.hasSuffix(".wandb") ? 6 : 0))
    project = settings?.project ?? ""
    entity = settings?.entity ?? ""
  }
}
