import CTrackShim

@testable import TrackShim

/// What the tracker does with a recorder, with its journal in a file of the fuzzer's folder.
struct FuzzRun {
  private struct End {
    var assemblers: [LineAssembler]
    var recorder: Recorder
    var mark: Journal.Mark?
  }

  private static let file = "run.wandb"
  static func journal() -> [UInt8] { FuzzFolder.read(file) }

  private(set) var recorder: Recorder
  /// Every line that was understood, one after the other.
  private(set) var lines: [UInt8] = []
  private var assemblers = [LineAssembler(), LineAssembler()]
  private var end: End?
  private var time: Int64 = 1_000_000_000
  private var stream = 0

  init() {
    _ = tsi_unlink(FuzzFolder.path.path(adding: Self.file))
    recorder = Recorder(
      settings: .defaults, starter: Starter(path: FuzzFolder.path.path(adding: Self.file)),
      clock: RunClock(start: 0, offset: 1_795_331_000_000_000_000))
  }

  mutating func print(_ bytes: ArraySlice<UInt8>) {
    guard !bytes.isEmpty else { return }
    takeBackEnd()
    time += 20_000_000
    recorder.stream = stream == 0 ? .standardOutput : .standardError
    var sink = Both(recorder: recorder, lines: lines)
    bytes.withUnsafeBytes { assemblers[stream].feed($0, at: time, into: &sink) }
    recorder = sink.recorder
    lines = sink.lines
  }

  mutating func changeStream() { stream = 1 - stream }

  mutating func wakeUp() {
    for (index, stream) in [OutputStream.standardOutput, .standardError].enumerated() {
      recorder.stream = stream
      assemblers[index].takePartial(into: &recorder)
    }
    recorder.writeWaiting()
    _ = recorder.journal?.write(now: 0)
  }

  mutating func finish(code: Int32) {
    takeBackEnd()
    end = End(assemblers: assemblers, recorder: recorder, mark: recorder.journal?.mark())
    for (index, stream) in [OutputStream.standardOutput, .standardError].enumerated() {
      recorder.stream = stream
      var sink = Both(recorder: recorder, lines: lines)
      assemblers[index].finish(into: &sink)
      recorder = sink.recorder
      lines = sink.lines
    }
    recorder.end(code: code)
    _ = recorder.journal?.write(now: 0, isLast: true)
  }

  private mutating func takeBackEnd() {
    guard let end else { return }
    self.end = nil
    assemblers = end.assemblers
    recorder.takeBack(to: end.recorder, end.mark)
  }
}

private final class Starter: RunStarter {
  let command = "train"
  private let path: String

  init(path: String) { self.path = path }

  func start() -> Journal? {
    guard let file = try? JournalFile(creating: path) else { return nil }
    let journal = Journal(file)
    journal.append(HeaderRecord(producer: "fuzz"))
    return journal
  }
}

/// A recorder, and a note of the lines it got.
private struct Both: LineSink {
  var recorder: Recorder
  var lines: [UInt8]

  mutating func console(_ chunk: UnsafeRawBufferPointer, at timestamp: Int64) {
    recorder.console(chunk, at: timestamp)
  }

  mutating func line(_ bytes: UnsafeRawBufferPointer, at timestamp: Int64, cut: Bool) {
    lines.append(contentsOf: bytes)
    lines.append(Control.lineFeed)
    recorder.line(bytes, at: timestamp, cut: cut)
  }

  mutating func text(_ bytes: UnsafeRawBufferPointer, at timestamp: Int64) {
    lines.append(contentsOf: bytes)
    lines.append(Control.lineFeed)
    recorder.text(bytes, at: timestamp)
  }
}

/// Lines and console text of one stream.
struct CollectedLines: LineSink {
  private(set) var lines: [[UInt8]] = []
  private(set) var console: [UInt8] = []
  private(set) var isCut = false

  mutating func console(_ chunk: UnsafeRawBufferPointer, at timestamp: Int64) { console.append(contentsOf: chunk) }

  mutating func line(_ bytes: UnsafeRawBufferPointer, at timestamp: Int64, cut: Bool) {
    lines.append(Array(bytes))
    isCut = isCut || cut
  }

  /// Without blanks at the ends, which may stand for what was erased.
  var visible: [[UInt8]] {
    var visible = lines.map { Array($0.reversed().drop { $0 == 0x20 }.reversed()) }
    while visible.last == [] { visible.removeLast() }
    return visible
  }

  /// With a wake-up after each piece.
  static func of(_ pieces: [[UInt8]]) -> CollectedLines {
    var collected = CollectedLines()
    var assembler = LineAssembler()
    for piece in pieces {
      piece.withUnsafeBytes { assembler.feed($0, at: 0, into: &collected) }
      assembler.takePartial(into: &collected)
    }
    assembler.finish(into: &collected)
    return collected
  }
}
