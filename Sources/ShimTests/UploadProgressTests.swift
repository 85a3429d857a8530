import CTrackShim
import Glibc
import Testing

@testable import TrackShim

@Suite struct UploadProgressTests {
  private static var sample: UploadProgress {
    var progress = UploadProgress()
    progress.entity = "team \"x\""
    progress.project = "日本"
    progress.id = "run1"
    progress.page = "https://wandb.ai/x"
    progress.base = RunProjection.Counts(history: 3, events: 2, console: 1)
    progress.baseStep = 17
    progress.baseRuntime = 1_500_000_000
    progress.isResumed = true
    progress.sent = RunProjection.Counts(history: 30, events: 20, console: 10)
    progress.settled = RunProjection.Counts(history: 29, events: 20, console: 9)
    progress.openLines = [8, 9]
    progress.endSize = 4_000
    progress.endSum = .max
    progress.completeSize = 4_000
    progress.alerts = 5
    progress.saved = SavedFileMarks(seen: 7, left: [2, 3])
    return progress
  }

  private func file(_ journal: String, isReading: Bool = false) -> UploadProgressFile? {
    try? UploadProgressFile(for: journal, isReading: isReading)
  }

  @Test func itComesBackAsItWas() throws {
    let folder = TemporaryFolder()
    defer { folder.remove() }
    #expect(file(folder("j"), isReading: true) == nil)
    #expect(try UploadProgressFile(for: folder("j")).known == nil)
    var sample = Self.sample
    sample.savedMissing = true
    #expect(try UploadProgressFile(for: folder("j")).save(sample))
    #expect(folder.read("j.sent").count == UploadProgress.size)
    #expect(file(folder("j"), isReading: true)?.known == sample)
    #expect(file(folder("j"))?.save(UploadProgress()) == true)
    #expect(file(folder("j"))?.known == UploadProgress())
  }

  @Test func oneUploaderAtATime() throws {
    let folder = TemporaryFolder()
    defer { folder.remove() }
    let first = file(folder("j"))
    first?.save(Self.sample)
    #expect { try UploadProgressFile(for: folder("j")) } throws: {
      if case .busy? = $0 as? UploadProgressFile.Failure { true } else { false }
    }
    #expect(file(folder("j"), isReading: true)?.known == Self.sample)
    #expect { try UploadProgressFile(for: folder("none/j")) } throws: {
      if case .unusable? = $0 as? UploadProgressFile.Failure { true } else { false }
    }
  }

  @Test func whatIsDamagedSaysSo() {
    let folder = TemporaryFolder()
    defer { folder.remove() }
    let whole = Self.sample.text
    for text in [Array("x".utf8), Array(whole.dropLast()), Array("{}".utf8), Array("[1]".utf8), [0xFF, 0xFE]] {
      folder.write("j.sent", text)
      #expect(file(folder("j"))?.isDamaged == true && file(folder("j"))?.known == nil)
      #expect(file(folder("j"))?.isUnreadable == false)
    }
    // Of a later version: not ours to write over.
    folder.write("j.sent", Array(whole.asText.replacing(#""version":1"#, with: #""version":2"#).utf8))
    #expect(file(folder("j"))?.isUnreadable == true && file(folder("j"))?.isDamaged == false)
    for text in [[], [0x20, 0x0A], [UInt8](repeating: 0, count: 4096)] {
      folder.write("j.sent", text)
      #expect(file(folder("j"))?.isDamaged == false && file(folder("j"))?.known == nil)
    }
  }

  /// Whoever opens a FIFO waits for its other end, and so would `trackshim`.
  @Test func whatIsNoFileIsNotOpened() {
    let folder = TemporaryFolder()
    defer { folder.remove() }
    #expect(mkfifo(folder("f.sent"), 0o600) == 0 && mkdir(folder("d.sent"), 0o700) == 0)
    for name in ["f", "d"] {
      #expect(file(folder(name)) == nil && file(folder(name), isReading: true) == nil)
      #expect(JournalSync.state(of: folder(name)) == JournalSync.State() && !JournalSync.isComplete(folder(name)))
    }
  }

  /// No text may trap, and counts are never negative.
  @Test func anyBytes() {
    var random = SplitMix(seed: 5)
    let whole = Self.sample.text
    for _ in 0..<3_000 {
      var text = whole
      for _ in 0...random.below(3) { text[random.below(text.count)] = random.bytes(1)[0] }
      guard let known = UploadProgress(text) else { continue }
      #expect(min(known.sent.history, known.base.console, known.settled.events, known.endSize) >= 0)
    }
    let huge =
      #"{"version":1,"base":{"history":1e300,"events":0,"console":0},"sent":{"history":0,"events":0,"console":0}}"#
    #expect(UploadProgress(Array(huge.utf8)) == nil)
  }

  @Test func namesOfManyBytesLeaveThePageOut() {
    let folder = TemporaryFolder()
    defer { folder.remove() }
    var progress = Self.sample
    progress.project = String(repeating: "日", count: 128)
    progress.id = String(repeating: "x", count: 200)
    progress.page = String(repeating: "%E6%97%A5", count: 420)
    #expect(file(folder("j"))?.save(progress) == true)
    progress.page = ""
    #expect(file(folder("j"))?.known == progress)
    progress.entity = String(repeating: "\n", count: 2_000)
    #expect(file(folder("j"))?.save(progress) == false)
    #expect(file(folder("j"))?.known?.entity == Self.sample.entity)
  }

  @Test func anEndThatWasTakenBackTakesItsLinesBack() {
    let folder = TemporaryFolder()
    defer { folder.remove() }
    folder.write("j", Array(repeating: 7, count: 5_000))
    let journal = tsi_open(folder("j"), OpenFlags.readOnly, 0)
    defer { _ = tsi_close(journal) }
    var progress = Self.sample
    progress.note(settled: RunProjection.Counts(history: 29, events: 99, console: 4), endSize: 5_000, of: journal)
    progress.completeSize = 5_000
    #expect(progress.settled == RunProjection.Counts(history: 29, events: 20, console: 4))
    #expect(progress.standing(in: journal) == progress && progress.covers(folder("j")))
    // Another end of the same size, and a longer one.
    for end in [[UInt8](repeating: 7, count: 4_999) + [8], [UInt8](repeating: 7, count: 5_001)] {
      folder.write("j", end)
      #expect(progress.standing(in: journal).sent == progress.settled && !progress.covers(folder("j")))
    }
    progress.note(settled: nil, endSize: 0, of: journal)
    #expect(progress.standing(in: journal).sent == Self.sample.sent && !progress.covers(folder("j")))
    #expect(!progress.covers(folder("nothing")))
  }
}
