import CTrackShim

@testable import TrackShim

/// Gives a journal in a temporary folder, with a header, as a run's real beginning does.
final class TestStarter: RunStarter {
  let command = "train -x 60"
  private let folder: TemporaryFolder
  var name = "run.wandb"
  var path: String { folder(name) }
  private(set) var starts = 0
  var refuses = false
  var givenConfig: [RecordItem] = []

  init(_ folder: TemporaryFolder) { self.folder = folder }

  func start() -> Journal? {
    starts += 1
    guard !refuses, let file = try? JournalFile(creating: path) else { return nil }
    let journal = Journal(file)
    journal.append(HeaderRecord(producer: "test"))
    if !givenConfig.isEmpty {
      var run = RunRecord()
      run.config = givenConfig
      journal.append(run)
    }
    return journal
  }
}

/// What the tracker does with a recorder, in few words: print, wake up, end, take the end back.
struct RecordedRun {
  private struct End {
    var assemblers: [OutputStream: LineAssembler]
    var recorder: Recorder
    var mark: Journal.Mark?
  }

  static let started: Int64 = 7_500_000_000
  static let wallOffset: Int64 = 1_795_331_000_000_000_000

  let folder = TemporaryFolder()
  let starter: TestStarter
  var recorder: Recorder
  private var assemblers: [OutputStream: LineAssembler] = [
    .standardOutput: LineAssembler(), .standardError: LineAssembler(),
  ]
  private var end: End?

  init(_ settings: Settings = .defaults) {
    starter = TestStarter(folder)
    let clock = RunClock(start: tsi_clock_monotonic() - Self.started, offset: Self.wallOffset)
    recorder = Recorder(settings: settings, starter: starter, clock: clock)
  }

  /// `at`: nanoseconds since the run's start.
  mutating func print(_ text: String, on stream: OutputStream = .standardOutput, at time: Int64 = 0) {
    takeBackEnd()
    recorder.stream = stream
    var text = text
    let timestamp = recorder.clock.start + time
    text.withUTF8 { assemblers[stream]?.feed(UnsafeRawBufferPointer($0), at: timestamp, into: &recorder) }
  }

  mutating func wakeUp() {
    for stream in [OutputStream.standardOutput, .standardError] {
      recorder.stream = stream
      assemblers[stream]?.takePartial(into: &recorder)
    }
    recorder.writeWaiting()
    write()
  }

  mutating func write() { _ = recorder.journal?.write(now: 0) }

  mutating func finish(code: Int32?) {
    takeBackEnd()
    end = End(assemblers: assemblers, recorder: recorder, mark: recorder.journal?.mark())
    for stream in [OutputStream.standardOutput, .standardError] {
      recorder.stream = stream
      assemblers[stream]?.finish(into: &recorder)
    }
    recorder.end(code: code)
  }

  mutating func takeBackEnd() {
    guard let end else { return }
    self.end = nil
    assemblers = end.assemblers
    recorder.takeBack(to: end.recorder, end.mark)
  }

  func contents() throws -> JournalContents { try JournalContents(starter.path) }

  /// A step line as the seed prints it.
  static func step(_ step: Int64, loss: String) -> String {
    "step \(step)/99: train loss \(loss) (0.5 ms, 1000 tok/s)\n"
  }
}
