import CTrackShim

@testable import TrackShim

/// A run on its way to a server that answers anything, with anything beside the journal.
enum UploadFuzz {
  private static let journal: [UInt8] = {
    var builder = RecordBuilder()
    var bytes: [UInt8] = []
    func frame(_ make: (inout RecordBuilder, inout [UInt8]) -> Void) {
      var record: [UInt8] = []
      make(&builder, &record)
      _ = LogFramer.append(record, at: bytes.count, to: &bytes)
    }
    var run = RunRecord()
    run.runID = "run1"
    run.startTime = 1_795_331_000_000_000_000
    run.config = [RecordItem(key: "lr", json: "0.5")]
    frame { $0.append(HeaderRecord(producer: "fuzz"), to: &$1) }
    frame { $0.append(run, to: &$1) }
    frame { $0.append(EnvironmentRecord(), to: &$1) }
    for step in 1...3 {
      let line = Array("step \(step)".utf8)
      frame { builder, out in
        line.withUnsafeBytes { builder.appendOutput(.standardOutput, at: 1, line: $0, to: &out) }
      }
      var items = ItemList()
      let values = [("loss", "0.5"), ("_step", "\(step)"), ("_timestamp", "1795331000.\(step)"), ("_runtime", "1.5")]
      for (key, json) in values { items.append(RecordItem(key: key, json: json)) }
      frame { $0.appendHistory(items, step: Int64(step), to: &$1) }
    }
    frame { $0.append(ExitRecord(exitCode: 0, runtime: 9), to: &$1) }
    return bytes
  }()

  /// Pieces: options, the `.sent` file, then one answer each.
  static func run(_ bytes: [UInt8]) throws {
    var input = FuzzInput(bytes)
    let options = input.byte()
    var pieces = input.pieces()[...]
    let sent = pieces.popFirst() ?? []
    _ = tsi_mkdir(FuzzFolder.path.path(adding: "run"), 0o700)
    _ = tsi_mkdir(FuzzFolder.path.path(adding: "run/files"), 0o700)
    let path = FuzzFolder.write("run/run-run1.wandb", journal)
    if sent.isEmpty { _ = tsi_unlink(path + ".sent") } else { FuzzFolder.write("run/run-run1.wandb.sent", sent) }
    var plan = try UploadPlan(
      address: ServerAddress(base: "http://server"), key: APIKey(String(repeating: "0", count: 40)))
    plan.endsWithRun = true
    plan.patience = 2
    plan.resume = [ResumeMode.allow, .must, .never, .auto, nil][Int(options & 7) % 5]
    plan.appends = options & 8 != 0
    let source = FuzzSource(size: journal.count)
    let server = FuzzServer(Array(pieces))
    let clock = UploadClock(monotonic: { source.now }, wall: { source.now }, jitter: { 0 })
    let outcome = Uploader(journal: path, plan: plan, source: source, transport: server, clock: clock).run()
    try hold(server.requests <= pieces.count + 1, "requests after everything was over: \(outcome)")
    try hold(!source.isLost, "it hangs after \(server.requests) requests")
    _ = JournalSync.state(of: path)
  }

  /// The text beside a journal, and a journal of which nothing else is known.
  static func runSent(_ bytes: [UInt8]) throws {
    var input = FuzzInput(bytes)
    var pieces = input.pieces()[...]
    let text = pieces.popFirst() ?? []
    if let progress = UploadProgress(text) {
      guard let again = UploadProgress(progress.text) else { throw Finding(description: "cannot be read again") }
      try hold(again == progress, "\(progress) became \(again)")
    }
    let path = FuzzFolder.write("sent.wandb", journal)
    FuzzFolder.write("sent.wandb.sent", text)
    if let file = try? UploadProgressFile(for: path), let known = file.known {
      _ = known.covers(path)
      file.save(known)
    }
    guard let reply = JSONValue(pieces.popFirst() ?? []), case .exists(let earlier) = EarlierRun.read(reply) else {
      return
    }
    let file = try checked(tsi_open(path, OpenFlags.readOnly, 0))
    defer { _ = tsi_close(file) }
    for isContinued in [false, true] {
      let found = EarlierSending(
        JournalFollower(file: file), limit: journal.count, on: earlier, isContinued: isContinued)
      if let found { try hold(found.counts.history <= earlier.lines.history, "more rows than the server has") }
    }
  }
}

/// A journal that grows no more, and a clock that moves when somebody waits.
private final class FuzzSource: UploadSource {
  private let size: Int
  private(set) var now: Int64 = 1_795_331_000_000_000_000
  private(set) var waits = 0

  init(size: Int) { self.size = size }

  var isLost: Bool { waits > 100_000 }

  func look() -> JournalView {
    JournalView(
      stable: size, end: JournalView.End(size: size, generation: 1, isFinal: true), isDismissed: isLost)
  }

  func wait(milliseconds: UInt32) {
    waits += 1
    now += Int64(milliseconds) * 1_000_000
  }

  func say(_ event: UploadEvent) {}
}
