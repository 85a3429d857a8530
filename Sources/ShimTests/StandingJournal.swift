import Glibc

@testable import TrackShim

/// A journal that grows no more, its uploader, and a clock that moves when that one waits.
final class StandingJournal: UploadSource {
  let folder = TemporaryFolder(in: "/dev/shm")
  let path: String
  let server: SimulatedServer
  var plan: UploadPlan
  private var builder = RecordBuilder()
  private(set) var bytes: [UInt8] = []
  private(set) var now: Int64 = 0
  private(set) var notes: [String] = []
  static let start: Int64 = 1_795_331_000_000_000_000

  /// With a run record already.
  init(_ server: SimulatedServer = SimulatedServer(), _ change: (inout RunRecord) -> Void = { _ in }) throws {
    self.server = server
    plan = try UploadPlan(address: ServerAddress(base: "http://server"), key: APIKey(SimulatedServer.key))
    plan.endsWithRun = true
    plan.patience = 3
    _ = mkdir(folder("run"), 0o755)
    _ = mkdir(folder("run/files"), 0o755)
    path = folder("run/run-run1.wandb")
    var run = RunRecord()
    run.runID = "run1"
    run.startTime = Self.start
    change(&run)
    append(run)
  }

  deinit { folder.remove() }

  func append(_ message: some RecordMessage) {
    var record: [UInt8] = []
    builder.append(message, to: &record)
    _ = LogFramer.append(record, at: bytes.count, to: &bytes)
  }

  func row(_ items: [(path: [String], json: String)]) { append(ForeignItems(items)) }

  func print(_ text: String, _ stream: OutputStream = .standardOutput, at second: Int64 = 0) {
    var record: [UInt8] = []
    Array(text.utf8).withUnsafeBytes {
      let time = Self.start + second * 1_000_000_000
      builder.appendOutput(stream, at: time, line: $0, isComplete: false, to: &record)
    }
    _ = LogFramer.append(record, at: bytes.count, to: &bytes)
  }

  func summary(_ key: String, json: String) {
    var list = ItemList()
    list.append(RecordItem(key: key, json: json))
    var record: [UInt8] = []
    builder.appendSummary(list, to: &record)
    _ = LogFramer.append(record, at: bytes.count, to: &bytes)
  }

  /// `cut`: bytes at the end that a crash did not leave.
  func upload(cut: Int = 0) -> Uploader.Outcome {
    folder.write("run/run-run1.wandb", Array(bytes.dropLast(cut)))
    let clock = UploadClock(
      monotonic: { [unowned self] in now }, wall: { [unowned self] in Self.start + now }, jitter: { 0 })
    return Uploader(journal: path, plan: plan, source: self, transport: server, clock: clock).run()
  }

  func look() -> JournalView {
    let size = Files.size(path)
    // Whoever waits for a day has hung.
    let isLost = now > 86_400_000_000_000
    return JournalView(
      stable: size, end: JournalView.End(size: size, generation: 1, isFinal: true), isDismissed: isLost)
  }

  func wait(milliseconds: UInt32) { now += Int64(milliseconds) * 1_000_000 }

  func say(_ event: UploadEvent) { if case .note(let text, _) = event { notes.append(text) } }
}
