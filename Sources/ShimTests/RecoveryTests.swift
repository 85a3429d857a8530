import CTrackShim
import Testing

@testable import TrackShim

/// Runs whose process died: a journal and what was left in the ring.
@Suite(.serialized, .enabled(if: tsi_is_in_memory(Claim.folder) != 0, "needs /dev/shm"))
struct RecoveryTests {
  private let step1 = RecordedRun.step(1, loss: "1.5"), step2 = RecordedRun.step(2, loss: "1.25")
  private let step3 = RecordedRun.step(3, loss: "1.125")

  @Test func whatOnlyTheRingHadIsCompleted() throws {
    var dead = try DeadRun()
    defer { dead.remove() }
    dead.record("hello\n" + step1 + step2)
    dead.put("in the journal already")
    dead.tell()
    dead.put(step3)
    dead.put("oops\n", stream: 2)
    dead.put("val loss 9\n")
    dead.put("unfini")
    try dead.die()
    #expect(try dead.run.contents().rows.map { $0["_step"] } == ["1"])

    let result = try #require(try dead.recover())
    #expect(result.recoveredBytes == step3.utf8.count + "oops\nval loss 9\nunfini".utf8.count)
    #expect(result.exitCode == nil)
    let contents = try dead.run.contents()
    #expect(contents.isWhole)
    #expect(contents.rows.map { $0["train_loss"] } == ["1.5", "1.25", "1.125"])
    #expect(contents.rows.map { $0["_step"] } == ["1", "2", "3"])
    #expect(contents.rows.last?["val_loss"] == "9")
    #expect(contents.text(.standardOutput) == "hello\n" + step1 + step2 + step3 + "val loss 9\nunfini\n")
    #expect(contents.text(.standardError) == "oops\n")
    #expect(contents.summary["train_loss"] == "1.125")
    #expect(contents.summary["val_loss"] == "9")
    #expect(contents.exits.isEmpty)
    // Done: nothing is left to recover.
    #expect(!Files.exists(dead.left))
    #expect(try dead.recover() == nil)
    #expect(try dead.run.contents().numbers == contents.numbers)
  }

  @Test func theTimeIsThatOfPrinting() throws {
    var dead = try DeadRun()
    defer { dead.remove() }
    dead.record(step1)
    dead.tell()
    let now = tsi_clock_monotonic()
    dead.put(step2, time: now)
    try dead.die()
    _ = try dead.recover()
    let time = try #require(try dead.run.contents().outputs.last?.time)
    #expect(time == now + tsi_ring_clock_offset(dead.ring))
  }

  @Test func theOpenRowComesFromTheConsoleLog() throws {
    var dead = try DeadRun()
    defer { dead.remove() }
    dead.record(step1 + step2)
    dead.record("val loss 7\n")
    dead.tell()
    tsi_ring_set_exit_hint(dead.ring, 134)
    try dead.die()
    let result = try #require(try dead.recover())
    #expect(result == Recovery.Result(recoveredBytes: 0, exitCode: 134))
    let contents = try dead.run.contents()
    #expect(contents.isWhole)
    #expect(contents.rows.map { $0["_step"] } == ["1", "2"])
    #expect(contents.rows.last?["val_loss"] == "7")
    #expect(contents.summary["train_loss"] == "1.25")
    #expect(contents.summary["_step"] == "2")
    #expect(contents.exits.map(\.exitCode) == [134])
    #expect(contents.endsInExit)
  }

  @Test func aLineThatWasHalfInTheJournalIsNotThereTwice() throws {
    var dead = try DeadRun()
    defer { dead.remove() }
    dead.record(step1 + "step 2/99: tra")
    dead.record("oo", on: .standardError)
    dead.tell()
    dead.put("in loss 8 (0.5 ms, 1000 tok/s)\n")
    dead.put("ps\n", stream: 2)
    try dead.die()
    _ = try dead.recover()
    let contents = try dead.run.contents()
    #expect(contents.text(.standardOutput) == step1 + "step 2/99: train loss 8 (0.5 ms, 1000 tok/s)\n")
    #expect(contents.text(.standardError) == "oops\n")
    #expect(contents.rows.map { $0["train_loss"] } == ["1.5", "8"])
  }

  /// stdio's buffer was read before it was flushed; the flush is in the ring.
  @Test func aFlushOfWhatWasSeenBeforeIsNotRecordedTwice() throws {
    var dead = try DeadRun()
    defer { dead.remove() }
    dead.record(step1 + step2)
    let seen = UInt64((step1 + step2).utf8.count)
    dead.tell(stdoutPosition: seen)
    dead.put(step1, kind: TSI_STDOUT_FILE, position: 0)
    dead.put(step2 + step3, kind: TSI_STDOUT_FILE, position: UInt64(step1.utf8.count))
    try dead.die()
    let result = try #require(try dead.recover())
    #expect(result.recoveredBytes == step3.utf8.count)
    #expect(try dead.run.contents().text(.standardOutput) == step1 + step2 + step3)
    #expect(try dead.run.contents().rows.count == 3)
  }

  /// The ring was full in between: the two halves are not one line.
  @Test func aLineAcrossALossIsNone() throws {
    var dead = try DeadRun()
    defer { dead.remove() }
    dead.record(step1)
    dead.tell()
    dead.put("val loss 1")
    dead.put("err", stream: 2)
    dropSomething(dead)
    dead.put("5\nval loss 2\n")
    dead.put("or\n", stream: 2)
    dead.put(step2 + "val loss 3\n")
    try dead.die()
    _ = try dead.recover()
    let contents = try dead.run.contents()
    #expect(contents.isWhole)
    // Of which step 2 was is not known: the lines of other steps may be among those that were lost.
    #expect(contents.rows.map { $0["val_loss"] } == [nil, "3"])
    #expect(
      contents.text(.standardOutput) == step1 + "val loss 1\n" + lost + "5\nval loss 2\n" + step2 + "val loss 3\n")
    #expect(contents.text(.standardError) == "err\nor\n")
  }

  private let lost = "[trackshim: output was lost here]\n"

  /// What was noted in the journal before the death counts when that is read again.
  @Test(arguments: [0, 4_711]) func aLossBeforeTheDeathIsNotForgotten(bytes: Int) throws {
    var dead = try DeadRun()
    defer { dead.remove() }
    dead.record(step1)
    dead.run.recorder.stream = .standardOutput
    dead.run.recorder.gap(bytes: bytes, at: dead.run.recorder.clock.start)
    dead.record("val loss 7\n")
    dead.record("val loss 7\n", on: .standardError)
    dead.tell()
    dead.put("val loss 8\n")
    dead.put("val loss 8\n", stream: 2)
    dead.put(step2 + "val loss 9\n")
    try dead.die()
    _ = try dead.recover()
    let contents = try dead.run.contents()
    #expect(contents.isWhole)
    #expect(contents.rows.map { $0["val_loss"] } == [nil, "9"])
    #expect(contents.rows.map { $0["_step"] } == ["1", "2"])
  }

  // MARK: Journals without a beginning

  /// The disk was full from the start: 3 bytes of a preamble, or one without a whole record, or a header alone.
  @Test(arguments: [0, 3, 7, 15, nil]) func aJournalWithoutABeginningGetsOne(size: Int?) throws {
    var dead = try DeadRun()
    defer { dead.remove() }
    dead.run.starter.name = "run-xyz.wandb"
    dead.record(step1)
    dead.cut(to: try size ?? dead.headerEnd())
    let now = tsi_clock_monotonic()
    dead.put("val loss 1\n", time: now)
    dead.put(step2 + "val loss 2\n", time: now + 1_500_000_000)
    try dead.die()
    let settings = LaunchSettings(startDirectory: "/") { $0 == "TRACKSHIM_PROJECT" ? "proj" : nil }
    let result = try #require(try Recovery.recover(journal: dead.journal, settings: settings))
    #expect(!result.isEmpty && result.recoveredBytes == step2.utf8.count + 22)
    let contents = try dead.run.contents()
    #expect(contents.isWhole)
    guard case .header? = contents.records.first, case .run(let run)? = contents.records.dropFirst().first else {
      Issue.record("begins with \(contents.records.prefix(2))")
      return
    }
    #expect(run.runID == "xyz" && run.project == "proj")
    #expect(run.startTime == now + tsi_ring_clock_offset(dead.ring))
    #expect(contents.text(.standardOutput) == lost + "val loss 1\n" + step2 + "val loss 2\n")
    #expect(contents.rows.map { $0["val_loss"] } == ["2"])
    #expect(contents.rows.map { $0["_step"] } == ["2"])
    #expect(contents.summary["_wandb"] == "{\"runtime\":1}")
  }

  @Test(arguments: [0, 3, 7]) func whereNothingIsLeftNothingIsWritten(size: Int) throws {
    var dead = try DeadRun()
    defer { dead.remove() }
    dead.record(step1)
    dead.cut(to: size)
    try dead.die()
    #expect(try dead.recover()?.isEmpty == true)
    #expect(Files.size(dead.journal) <= size && !Files.exists(dead.left))
    #expect(try dead.recover() == nil)
  }

  /// A record longer than any: dropped, as when the ring is full.
  private func dropSomething(_ dead: DeadRun) {
    let isTaken = [UInt8](repeating: 0x78, count: 70_000).withUnsafeBufferPointer {
      var record = tsi_record(
        bytes: $0.baseAddress, size: UInt32($0.count), stream: 1, kind: UInt8(TSI_BYTES), has_gap: false, time: 0,
        position: 0)
      return tsi_ring_put(dead.ring, &record)
    }
    #expect(!isTaken)
  }

  /// Killed in the middle of a write: only whole records count, and what the ring was told to hold for the
  /// rest is taken from there.
  @Test func aTornWriteIsCutOff() throws {
    for lost in [1, 7, 40, 100] {
      var dead = try DeadRun()
      defer { dead.remove() }
      dead.record(step1)
      dead.put(step1)
      dead.tell()
      dead.put(step2 + step3)
      let before = Files.size(dead.journal)
      dead.record(step2 + step3)
      dead.tell()
      let file = tsi_open(dead.journal, OpenFlags.readWrite, 0)
      let torn = max(before, Files.size(dead.journal) - lost)
      _ = tsi_truncate(file, Int64(torn))
      _ = tsi_close(file)
      try dead.die()
      _ = try dead.recover()
      let contents = try dead.run.contents()
      #expect(contents.isWhole)
      #expect(contents.rows.map { $0["train_loss"] } == ["1.5", "1.25", "1.125"])
      #expect(contents.text(.standardOutput) == step1 + step2 + step3)
    }
  }

  @Test func stepsThatWentBackAreContinued() throws {
    var dead = try DeadRun()
    defer { dead.remove() }
    dead.record(step3 + step1 + step2)
    dead.tell()
    dead.put(step1)
    try dead.die()
    _ = try dead.recover()
    let contents = try dead.run.contents()
    #expect(contents.rows.map { $0["_step"] } == ["3", "4", "5", "6"])
    #expect(contents.rows.map { $0["step"] } == [nil, "1", "2", "1"])
    #expect(contents.summary["step"] == "1")
  }

  @Test func configIsKeptAndCompleted() throws {
    var dead = try DeadRun()
    defer { dead.remove() }
    dead.record("| Parameter | Value |\n| a | 1 |\n")
    dead.tell()
    dead.put("| a | 2 |\n| b | x |\n")
    try dead.die()
    _ = try dead.recover()
    let config = try dead.run.contents().config
    let last = Dictionary(config.map { ($0.key, $0.json) }, uniquingKeysWith: { $1 })
    #expect(last == ["command": "\"train -x 60\"", "a": "2", "b": "\"x\""])
  }

  @Test func aRunThatEndedIsLeftAsItIs() throws {
    var dead = try DeadRun()
    defer { dead.remove() }
    dead.record(step1)
    dead.run.finish(code: 0)
    dead.run.write()
    dead.tell()
    dead.put("too late\n")
    try dead.die()
    let size = Files.size(dead.journal)
    #expect(try dead.recover() == Recovery.Result())
    #expect(Files.size(dead.journal) == size)
    #expect(!Files.exists(dead.left))
  }

  @Test func aRunThatGoesOnIsNotTouched() throws {
    var dead = try DeadRun()
    defer { dead.remove() }
    dead.record(step1)
    let live = Claim.path(runID: "unit-" + RunID.random(), in: "")
    let ring = try #require(tsi_ring_create_file(live))
    defer {
      tsi_ring_close_left(ring)
      _ = tsi_unlink(live)
    }
    tsi_ring_set_journal_path(ring, dead.journal)
    let size = Files.size(dead.journal)
    do {
      _ = try Recovery.recover(journal: dead.journal)
      Issue.record("recovered while it runs")
    } catch {
      guard case .ownerLives(let process) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(process == tsi_process())
    }
    #expect(Files.size(dead.journal) == size)
    #expect(Files.exists(live))
  }

  @Test func otherRunsAreNoneOfOurBusiness() throws {
    var dead = try DeadRun()
    defer { dead.remove() }
    dead.record(step1)
    dead.tell()
    try dead.die()
    #expect(try Recovery.recover(journal: dead.run.folder("other.wandb")) == nil)
    #expect(Files.exists(dead.left))
  }

  /// Somebody removed the run's folder.
  @Test func aRingWithoutAJournalIsClearedAway() throws {
    var dead = try DeadRun()
    defer { dead.remove() }
    dead.record(step1)
    try dead.die()
    _ = tsi_unlink(dead.journal)
    #expect(try Recovery.recover(journal: dead.run.folder("other.wandb")) == nil)
    #expect(!Files.exists(dead.left))
  }

  /// Its disk is away: what comes back with it is completed then.
  @Test func theRingOfAJournalThatCannotBeReachedIsKept() throws {
    var dead = try DeadRun()
    defer { dead.remove() }
    dead.record(step1)
    try dead.die(naming: dead.run.folder("away/wandb/offline-run/run-x.wandb"))
    #expect(try Recovery.recover(journal: dead.run.folder("other.wandb")) == nil)
    #expect(Files.exists(dead.left))
  }

  /// The disk was full when it died: the ring was told of sizes that the journal never had.
  @Test func aJournalThatCouldNotBeWrittenKeepsWhatItHas() throws {
    var dead = try DeadRun()
    defer { dead.remove() }
    dead.record(step1 + step2)
    dead.tell()
    let size = UInt64(Files.size(dead.journal))
    for more in [100, 200, 300] as [UInt64] {
      tsi_ring_intend(dead.ring, tsi_progress(ring_position: 0, journal_size: size + more, stdout_position: 0), .max)
    }
    dead.put(step3)
    try dead.die()
    _ = try dead.recover()
    let contents = try dead.run.contents()
    #expect(contents.isWhole)
    #expect(contents.rows.map { $0["train_loss"] } == ["1.5", "1.25", "1.125"])
  }

  @Test func aDamagedJournalIsNotTouched() throws {
    var dead = try DeadRun()
    defer { dead.remove() }
    dead.record(step1 + step2)
    dead.tell()
    try dead.die()
    let file = tsi_open(dead.journal, OpenFlags.readWrite, 0)
    _ = tsi_pwrite(file, [0xFF] as [UInt8], 1, 20)
    _ = tsi_close(file)
    let size = Files.size(dead.journal)
    #expect(throws: Recovery.Failure.self) { _ = try dead.recover() }
    #expect(Files.size(dead.journal) == size)
    #expect(Files.exists(dead.left))
  }

  /// The ring's contents may be anything: nothing traps, and the journal stays one that can be read.
  @Test func aRingThatWasWrittenOver() throws {
    var random = SplitMix(seed: 111)
    for _ in 0..<12 {
      var dead = try DeadRun()
      defer { dead.remove() }
      dead.record(step1 + step2)
      dead.put(step1 + step2)
      dead.tell()
      for _ in 0..<20 { dead.put(step3) }
      let memory = UnsafeMutableRawPointer(dead.ring)
      // Not its name and its journal's; the counters, the progress and the records.
      for _ in 0..<60 {
        let at = random.below(3) == 0 ? 2_080 + random.below(200) : 4_096 + random.below(4_000)
        memory.storeBytes(of: UInt8(truncatingIfNeeded: random.next()), toByteOffset: at, as: UInt8.self)
      }
      try dead.die()
      _ = try? dead.recover()
      let contents = try dead.run.contents()
      #expect(contents.last == .end)
      #expect(contents.numbers.count > 0)
    }
  }
}
