import CTrackShim

/// The file under a journal: whole records in, in order, or nothing.
///
/// What could not be written (a full disk, a quota) is cut off again, so that the file stays readable, kept
/// in memory up to `memoryLimit`, and tried again every `retryPause`. Past the limit the journal ends there.
package struct JournalFile: RecordSpace {
  /// At 250 bytes a step, what 16,000 steps print.
  static let memoryLimit = 4 << 20
  static let retryPause: Int64 = 1_000_000_000

  package enum State: Equatable { case good, failing(SystemError), givenUp(SystemError) }

  let path: String
  package private(set) var state = State.good
  /// Size of the file, all of it whole records.
  private(set) var size: Int
  private var file: Int32 = -1
  private var pending: [UInt8] = []
  private var nextTry: Int64 = 0
  /// Up to here the file has what was taken back.
  private var staleEnd = 0
  /// The worker's own table keeps files open; in the host's table that would not be safe.
  private let keepsOpen: Bool

  /// Creates a new one; an existing file or link is an error.
  package init(creating path: String) throws(SystemError) {
    try self.init(path, flags: OpenFlags.create)
  }

  /// Continues an existing one behind its last whole record.
  init(continuing path: String, at size: Int) throws(SystemError) {
    try self.init(path, flags: OpenFlags.readWrite)
    self.size = size
    try truncate(to: size)
  }

  /// Takes everything and keeps nothing.
  static let nowhere = JournalFile()

  private init() {
    path = ""
    size = 0
    keepsOpen = false
    state = .givenUp(SystemError(0))
  }

  private init(_ path: String, flags: Int32) throws(SystemError) {
    self.path = path
    size = 0
    keepsOpen = tsi_worker_has_own_files()
    file = try checked(tsi_open_in_run(path, 1, flags, 0o666))
    closeUnlessKept()
  }

  var hasPending: Bool { !pending.isEmpty }

  /// Where the next record will stand.
  var end: Int { size &+ pending.count }

  /// A record, in the file's form.
  mutating func append(size: Int, _ write: (inout ByteCursor) -> Void) {
    append { pending, offset in LogFramer.append(size: size, at: offset, to: &pending, write) }
  }

  /// What `add` appends to what is pending; its first byte will stand at `offset`. A file that takes nothing any more
  /// keeps nothing.
  mutating func append(_ add: (_ pending: inout [UInt8], _ offset: Int) -> Void) {
    if case .givenUp = state { return }
    add(&pending, end)
  }

  /// Writes what is pending, if it is time; at the end of a program it always is. False when something remains.
  mutating func write(now: Int64, isLast: Bool = false) -> Bool {
    guard !pending.isEmpty || staleEnd > size else { return true }
    if case .failing = state, now < nextTry, !isLast { return giveUpIfTooMuch() }
    do {
      try openIfNeeded()
      try writePending()
      closeUnlessKept()
      state = .good
      return true
    } catch {
      closeUnlessKept()
      state = .failing(error)
      nextTry = now &+ Self.retryPause
      return giveUpIfTooMuch()
    }
  }

  /// Takes back everything from `offset` on. What the file has there stays until something else is written:
  /// a death in between finds the earlier end.
  mutating func rewind(to offset: Int) {
    if offset < size {
      staleEnd = max(staleEnd, size)
      size = offset
      pending.removeAll(keepingCapacity: true)
    } else {
      // `offset` lies beyond the end when the file was given up since.
      pending.removeLast(max(0, min(pending.count, end &- offset)))
    }
  }

  private mutating func truncate(to offset: Int) throws(SystemError) {
    try openIfNeeded()
    try checked(tsi_truncate(file, Int64(clamping: offset)))
    size = offset
    closeUnlessKept()
  }

  private mutating func writePending() throws(SystemError) {
    cutStale()
    var done = 0
    while done < pending.count {
      let result = pending.withUnsafeBytes {
        tsi_pwrite(file, $0.baseAddress.map { $0 + done }, pending.count &- done, Int64(clamping: size &+ done))
      }
      if result == -4 { continue }  // EINTR
      if result <= 0 {
        keepWholeRecords(of: done)
        throw SystemError(result == 0 ? 5 : Int32(truncatingIfNeeded: -result))
      }
      done &+= Int(clamping: result)
    }
    size &+= pending.count
    pending.removeAll(keepingCapacity: true)
  }

  /// The disk took a part. What of it is whole records stays.
  private mutating func keepWholeRecords(of written: Int) {
    let kept = LogFramer.wholeRecords(in: pending.prefix(written), at: size)
    size &+= kept
    pending.removeFirst(min(kept, pending.count))
    _ = tsi_truncate(file, Int64(clamping: size))
  }

  private mutating func cutStale() {
    if staleEnd > size { _ = tsi_truncate(file, Int64(clamping: size)) }
    staleEnd = 0
  }

  private mutating func giveUpIfTooMuch() -> Bool {
    guard pending.count > Self.memoryLimit, case .failing(let error) = state else { return false }
    pending = []
    state = .givenUp(error)
    return false
  }

  /// The file table that it was opened in is gone.
  mutating func losesDescriptor() {
    if keepsOpen { file = -1 }
  }

  private mutating func openIfNeeded() throws(SystemError) {
    guard file < 0 else { return }
    file = try checked(tsi_open_in_run(path, 1, OpenFlags.readWrite, 0))
  }

  private mutating func closeUnlessKept() {
    guard !keepsOpen, file >= 0 else { return }
    _ = tsi_close(file)
    file = -1
  }
}

/// The bits of <fcntl.h>, which are macros that Swift sees only through Glibc.
enum OpenFlags {
  #if arch(arm64)
    private static let noFollow: Int32 = 0x8000
    private static let isFolder: Int32 = 0x4000
  #else
    private static let noFollow: Int32 = 0x20000
    private static let isFolder: Int32 = 0x10000
  #endif
  static let readOnly: Int32 = 0
  static let readOnlyNoLink: Int32 = noFollow
  static let readWrite: Int32 = 2 | noFollow
  static let create: Int32 = 2 | 0o100 | 0o200 | noFollow
  /// For its place only (O_PATH).
  static let folder: Int32 = 0x20_0000 | isFolder
  /// To be added: where there is none, it is made.
  static let make: Int32 = 0o100
}
