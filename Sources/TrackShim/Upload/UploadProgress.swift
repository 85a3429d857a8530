import CTrackShim

/// What of a journal is on the server, kept beside it in `run-<id>.wandb.sent`: whoever sends the rest, in the same
/// process or a week later, sends nothing twice.
///
/// One block of fixed size, overwritten in place: that works on a full disk too, and a death in between leaves
/// the old text or the new. The file is locked by whoever sends.
struct UploadProgress: Equatable {
  var entity = ""
  var project = ""
  var id = ""
  var page = ""
  /// The server's lines that were there before this journal's first.
  var base = RunProjection.Counts()
  var baseStep: Int64 = -1
  var baseRuntime: Int64 = 0
  var isResumed = false
  /// Of this journal.
  var sent = RunProjection.Counts()
  /// Of those, what stood before the end that was being read. An end may be taken back, and what is printed
  /// then may add to its last row.
  var settled = RunProjection.Counts()
  /// Bytes of the journal with that end, and a sum of its last ones; 0: none was being read.
  var endSize = 0
  var endSum: UInt32 = 0
  /// Console lines below `sent.console` that may still change.
  var openLines: [Int] = []
  /// Alerts of this journal that the server has been told.
  var alerts = 0
  /// Saved files that need not be sent any more.
  var saved = SavedFileMarks()
  /// Bytes of the journal when the run was completed on the server; 0: it is not. A program that printed on
  /// after its end made it longer.
  var completeSize = 0

  /// The server refused some of the run's own files.
  var filesMissing = false
  /// Saved files did not get there, or not in time.
  var savedMissing = false

  var isComplete: Bool { completeSize > 0 }

  static let size = 4096

  var text: [UInt8] {
    let value = JSONValue.make([
      ("version", .number("1")), ("entity", .string(entity)), ("project", .string(project)), ("id", .string(id)),
      ("page", .string(page)), ("base", Self.value(base)), ("base_step", .number(String(baseStep))),
      ("base_runtime_ns", .number(String(baseRuntime))), ("resumed", .bool(isResumed)), ("sent", Self.value(sent)),
      ("settled", Self.value(settled)), ("end_size", .number(String(endSize))),
      ("end_sum", .number(String(endSum))),
      ("open_lines", .array(openLines.map { .number(String($0)) })), ("complete_size", .number(String(completeSize))),
      ("files_missing", .bool(filesMissing)), ("saved_missing", .bool(savedMissing)),
      ("alerts", .number(String(alerts))),
      ("saved", .number(String(saved.seen))),
      ("saved_left", .array(saved.left.map { .number(String($0)) })),
    ])
    var bytes: [UInt8] = []
    value.append(to: &bytes)
    return bytes
  }

  init() {}

  mutating func note(settled counts: RunProjection.Counts?, endSize: Int, of journal: Int32) {
    settled = sent.limited(to: counts ?? sent)
    self.endSize = endSize
    endSum = Self.sum(of: journal, size: endSize)
  }

  /// An end that was written anew may be as long as the one before.
  private static func sum(of journal: Int32, size: Int) -> UInt32 {
    let wanted = min(size, 4096)
    guard wanted > 0 else { return 0 }
    let tail = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, count in
      count = max(0, min(wanted, Int(tsi_pread(journal, buffer.baseAddress, wanted, Int64(clamping: size &- wanted)))))
    }
    var sum = CRC32()
    tail.withUnsafeBytes { sum.update($0) }
    return sum.value
  }

  private func hasEnd(_ journal: Int32) -> Bool {
    tsi_file_size(journal) == Int64(clamping: endSize) && Self.sum(of: journal, size: endSize) == endSum
  }

  /// What counts for the journal as it is: was the end taken back since, lines out of it are to be sent again.
  func standing(in journal: Int32) -> UploadProgress {
    guard endSize > 0, !hasEnd(journal) else { return self }
    var standing = self
    standing.sent = sent.limited(to: settled)
    return standing
  }

  /// Everything but files.
  func hasAll(of journal: Int32) -> Bool { completeSize > 0 && completeSize == endSize && hasEnd(journal) }

  /// True when the run is complete on the server with all that the journal has.
  func covers(_ journal: String) -> Bool {
    let file = tsi_open(journal, OpenFlags.readOnly, 0)
    guard file >= 0 else { return false }
    defer { _ = tsi_close(file) }
    return hasAll(of: file) && !filesMissing && !savedMissing
  }

  init?(_ text: [UInt8]) {
    guard let value = JSONValue(text), value["version"]?.integer == 1, let base = Self.counts(value["base"]),
      let sent = Self.counts(value["sent"])
    else { return nil }
    self.base = base
    self.sent = sent
    settled = Self.counts(value["settled"]) ?? sent
    endSize = max(0, Int(clamping: value["end_size"]?.integer ?? 0))
    endSum = UInt32(clamping: value["end_sum"]?.integer ?? 0)
    entity = value["entity"]?.text ?? ""
    project = value["project"]?.text ?? ""
    id = value["id"]?.text ?? ""
    page = value["page"]?.text ?? ""
    baseStep = value["base_step"]?.integer ?? -1
    baseRuntime = value["base_runtime_ns"]?.integer ?? 0
    isResumed = value["resumed"]?.isTrue ?? false
    openLines = (value["open_lines"]?.elements ?? []).compactMap { $0.integer.map { Int(clamping: $0) } }
    completeSize = Int(clamping: value["complete_size"]?.integer ?? 0)
    alerts = max(0, Int(clamping: value["alerts"]?.integer ?? 0))
    saved = SavedFileMarks(
      seen: Int(clamping: value["saved"]?.integer ?? 0),
      left: (value["saved_left"]?.elements ?? []).compactMap { $0.integer.map { Int(clamping: $0) } })
    filesMissing = value["files_missing"]?.isTrue ?? false
    savedMissing = value["saved_missing"]?.isTrue ?? false
  }

  static func isOfLaterVersion(_ text: [UInt8]) -> Bool { JSONValue(text)?["version"]?.integer ?? 0 > 1 }

  private static func value(_ counts: RunProjection.Counts) -> JSONValue {
    .make([
      ("history", .number(String(counts.history))), ("events", .number(String(counts.events))),
      ("console", .number(String(counts.console))),
    ])
  }

  private static func counts(_ value: JSONValue?) -> RunProjection.Counts? {
    guard let history = value?["history"]?.integer, let events = value?["events"]?.integer,
      let console = value?["console"]?.integer, min(history, events, console) >= 0
    else { return nil }
    return RunProjection.Counts(
      history: Int(clamping: history), events: Int(clamping: events), console: Int(clamping: console))
  }
}

/// The file, open and locked.
final class UploadProgressFile {
  enum Failure: Error {
    /// Somebody else sends this journal.
    case busy
    case unusable(SystemError)
  }

  private let file: Int32
  private(set) var known: UploadProgress?
  /// What stands there is no progress: as good as nothing.
  private(set) var isDamaged = false
  /// A later version than ours wrote it, and is to have it.
  private(set) var isUnreadable = false

  static func path(for journal: String) -> String { journal + ".sent" }

  /// `isReading`: only to see what it says; nothing is made or locked.
  init(for journal: String, isReading: Bool = false) throws(Failure) {
    let flags = isReading ? OpenFlags.readOnly : OpenFlags.readWrite | OpenFlags.make
    let opened = tsi_open_in_run(Self.path(for: journal), 1, flags, 0o600)
    guard opened >= 0 else { throw .unusable(SystemError(-opened)) }
    guard tsi_is_regular(opened) else {
      _ = tsi_close(opened)
      throw .unusable(.invalid)
    }
    guard isReading || tsi_lock_file(opened) == 0 else {
      _ = tsi_close(opened)
      throw .busy
    }
    file = opened
    let size = UploadProgress.size
    let text = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      count = max(0, min(size, Int(tsi_pread(opened, buffer.baseAddress, size, 0))))
    }
    let end = text.lastIndex { $0 != 0x20 && $0 != 0x0A && $0 != 0 }
    guard let end else { return }
    let bytes = Array(text[...end])
    known = UploadProgress(bytes)
    guard known == nil else { return }
    isUnreadable = UploadProgress.isOfLaterVersion(bytes)
    isDamaged = !isUnreadable
  }

  deinit { _ = tsi_close(file) }

  /// False when the disk does not take it.
  @discardableResult
  func save(_ progress: UploadProgress) -> Bool {
    var text = progress.text
    if text.count >= UploadProgress.size {
      // The page follows from the rest; names of many bytes, each of three characters there, may leave no room.
      var short = progress
      short.page = ""
      text = short.text
    }
    guard text.count < UploadProgress.size else { return false }
    text.append(contentsOf: repeatElement(0x20, count: UploadProgress.size &- 1 &- text.count))
    text.append(0x0A)
    known = progress
    return text.withUnsafeBytes { tsi_pwrite(file, $0.baseAddress, $0.count, 0) } == Int64(text.count)
  }
}
