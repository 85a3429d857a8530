import Testing

@testable import TrackShim

@Suite struct RecorderTests {
  private let second: Int64 = 1_000_000_000

  @Test func rowsSummaryAndExit() throws {
    var run = RecordedRun()
    defer { run.folder.remove() }
    run.print(RecordedRun.step(1, loss: "4.5"), at: 1 * second)
    run.print("val loss 4.25\n", at: 2 * second)
    run.print(RecordedRun.step(2, loss: "nan"), at: 3 * second)
    run.finish(code: 3)
    run.write()
    let contents = try run.contents()
    #expect(contents.isWhole)
    let times = ["step_time_ms": "0.5", "tok_per_sec": "1000"]
    #expect(
      contents.rows == [
        ["train_loss": "4.5", "val_loss": "4.25", "_step": "1"].merging(times) { $1 },
        ["train_loss": "NaN", "_step": "2"].merging(times) { $1 },
      ])
    // When it was printed, in both clocks; a row is as old as its last metric.
    let started = run.recorder.clock.startWall
    #expect(contents.outputs.map(\.time) == [1, 2, 3].map { started + $0 * second })
    let runtimes = contents.history.map { row in row.items.first { $0.key == "_runtime" }?.json }
    #expect(runtimes == ["2.000", "3.000"])
    let milliseconds = (started + 2 * second) / 1_000_000
    let timestamp = contents.history.first?.items.first { $0.key == "_timestamp" }?.json
    #expect(timestamp?.replacing(".", with: "") == String(milliseconds))

    let summary = contents.summary
    #expect(summary["train_loss"] == "NaN")
    #expect(summary["val_loss"] == "4.25")
    #expect(summary["_step"] == "2")
    #expect(summary["_runtime"] == "3.000")
    #expect(summary["_timestamp"] == contents.history.last?.items.first { $0.key == "_timestamp" }?.json)
    #expect(contents.exits.map(\.exitCode) == [3])
    #expect(contents.endsInExit)
    // The run began 7.5 s ago; the machine may be slow.
    let runtime = try #require(contents.exits.first?.runtime)
    #expect((7..<60).contains(runtime))
    #expect(summary["_wandb"] == "{\"runtime\":\(runtime)}")
  }

  @Test func configIsWrittenOnceAndAgainWhenItChanges() throws {
    var run = RecordedRun()
    defer { run.folder.remove() }
    run.print("| Parameter | Value |\n| batch size B | 4 |\n| name | x\"y |\n| none | NULL |\n")
    run.wakeUp()
    run.print("| batch size B | 4 |\n| name | x\"y |\n")
    run.wakeUp()
    run.print("| batch size B | 8 |\n", on: .standardOutput)
    run.print(RecordedRun.step(1, loss: "1"))
    run.finish(code: 0)
    run.write()
    let config = try run.contents().config.map { [$0.key, $0.json] }
    #expect(
      config == [
        ["command", "\"train -x 60\""], ["batch_size_b", "4"], ["name", "\"x\\\"y\""], ["batch_size_b", "8"],
      ])
    #expect(run.starter.starts == 1)
  }

  @Test func aStepThatGoesBackIsNotedOnce() throws {
    var run = RecordedRun()
    defer { run.folder.remove() }
    for step in [5, 3, 4, 2] as [Int64] { run.print(RecordedRun.step(step, loss: "1")) }
    let notes = run.recorder.takeNotes()
    #expect(notes.count == 1)
    #expect(notes.first?.contains("step 3") == true)
    #expect(run.recorder.takeNotes() == [])
    run.finish(code: 0)
    run.write()
    #expect(try run.contents().rows.map { $0["_step"] } == ["5", "6", "7", "8"])
    #expect(try run.contents().rows.map { $0["step"] } == [nil, "3", "4", "2"])
  }

  // MARK: The end, and taking it back

  @Test(arguments: [false, true]) func anEndIsTakenBack(isOnDisk: Bool) throws {
    var run = RecordedRun()
    defer { run.folder.remove() }
    run.print(RecordedRun.step(1, loss: "1") + "unfini")
    run.wakeUp()
    run.finish(code: 134)
    if isOnDisk { run.write() }
    run.print("shed\n" + RecordedRun.step(2, loss: "2"), at: second)
    run.finish(code: nil)
    if isOnDisk { run.write() }
    run.print(RecordedRun.step(2, loss: "3"), on: .standardError)
    run.finish(code: 7)
    run.write()
    let contents = try run.contents()
    #expect(contents.isWhole)
    #expect(contents.exits.map(\.exitCode) == [7])
    #expect(contents.endsInExit)
    #expect(contents.rows.map { $0["train_loss"] } == ["1", "2", "3"])
    #expect(
      contents.text(.standardOutput) == RecordedRun.step(1, loss: "1") + "unfinished\n" + RecordedRun.step(2, loss: "2")
    )
  }

  /// A run whose first metric is its last, unfinished line begins with an end.
  @Test(arguments: [false, true]) func aRunThatBeganWithItsEnd(isOnDisk: Bool) throws {
    var run = RecordedRun()
    defer { run.folder.remove() }
    run.print("hello\nval loss 4.")
    run.wakeUp()
    #expect(run.recorder.state == .waiting)
    run.finish(code: 0)
    #expect(run.recorder.state == .running)
    if isOnDisk { run.write() }
    // It was not 4 after all.
    run.print("75\n")
    #expect(run.recorder.state == .running)
    run.finish(code: 1)
    run.write()
    let contents = try run.contents()
    #expect(contents.isWhole)
    #expect(contents.rows.map { $0["val_loss"] } == ["4.75"])
    #expect(contents.text(.standardOutput) == "hello\nval loss 4.75\n")
    #expect(contents.exits.map(\.exitCode) == [1])
    #expect(contents.config.map(\.key) == ["command"])
    #expect(run.starter.starts == 1)
  }

  @Test func anEndNobodySawLeavesNoExit() throws {
    var run = RecordedRun()
    defer { run.folder.remove() }
    run.print(RecordedRun.step(1, loss: "1"))
    run.finish(code: nil)
    run.write()
    let contents = try run.contents()
    #expect(contents.exits.isEmpty)
    #expect(contents.rows.count == 1)
    #expect(contents.isWhole)
  }

  @Test func withoutARecognisedLineThereIsNothing() throws {
    var run = RecordedRun()
    defer { run.folder.remove() }
    run.print("Resuming from step 5\nhello\n")
    run.wakeUp()
    run.finish(code: 0)
    #expect(run.starter.starts == 0)
    #expect(run.recorder.state == .waiting)
    #expect(run.recorder.journal == nil)
  }

  @Test func whoGetsNoJournalIsOffForGood() {
    var run = RecordedRun()
    defer { run.folder.remove() }
    run.starter.refuses = true
    run.print(RecordedRun.step(1, loss: "1"))
    #expect(run.recorder.state == .off)
    run.print(RecordedRun.step(2, loss: "1"))
    run.wakeUp()
    run.finish(code: 0)
    #expect(run.starter.starts == 1)
    #expect(run.recorder.state == .off)
  }

  // MARK: The console log

  @Test func theLogBeginsWithTheFirstByte() throws {
    var run = RecordedRun()
    defer { run.folder.remove() }
    run.print("first\n", at: 1)
    run.print("oops\n", on: .standardError, at: 2)
    run.print("unfini", at: 3)
    run.wakeUp()
    run.print("shed\n" + RecordedRun.step(1, loss: "1"), at: 4)
    run.wakeUp()
    let outputs = try run.contents().outputs
    let started = run.recorder.clock.startWall
    #expect(outputs.map(\.text) == ["first\n", "oops\n", "unfini", "shed\n", RecordedRun.step(1, loss: "1")])
    #expect(outputs.map(\.time) == [1, 2, 3, 4, 4].map { started + $0 })
    #expect(outputs.map(\.stream) == [.standardOutput, .standardError] + Array(repeating: .standardOutput, count: 3))
  }

  @Test func aLogWhoseBeginningIsLostSaysSo() throws {
    var run = RecordedRun()
    defer { run.folder.remove() }
    let line = String(repeating: "x", count: 1_023) + "\n"
    for _ in 0..<1_026 { run.print(line) }
    run.print(RecordedRun.step(1, loss: "1"))
    run.wakeUp()
    let texts = try run.contents().outputs.map(\.text)
    // The step line itself stands in the backlog too when it is recognised.
    #expect(texts.first == "[trackshim: 3072 bytes printed before this were not kept]\n")
    #expect(texts.filter { $0 == line }.count == 1_023)
    #expect(texts.last == RecordedRun.step(1, loss: "1"))
  }

  @Test func aGapIsNamedInTheLog() throws {
    var run = RecordedRun()
    defer { run.folder.remove() }
    run.print(RecordedRun.step(1, loss: "1"))
    run.recorder.stream = .standardOutput
    run.recorder.gap(bytes: 4_711, at: run.recorder.clock.start)
    run.wakeUp()
    let text = try run.contents().outputs.last?.text
    #expect(text == "[trackshim: 4711 bytes of output were lost here: they came faster than they could be taken]\n")
  }

  /// A line without a step of its own belongs to one that may have been lost.
  @Test func behindAGapNobodyKnowsTheStep() throws {
    var run = RecordedRun()
    defer { run.folder.remove() }
    run.print(RecordedRun.step(1, loss: "1"))
    run.print(RecordedRun.step(1, loss: "2"), on: .standardError)
    run.recorder.stream = .standardOutput
    run.recorder.gap(bytes: 100, at: run.recorder.clock.start)
    // Where nothing is known nothing more is lost.
    run.recorder.gap(bytes: 0, at: run.recorder.clock.start)
    run.print("val loss 3\n")
    run.print("val loss 3\n", on: .standardError)
    run.print(RecordedRun.step(7, loss: "4") + "val loss 5\n")
    run.print("val loss 6\n", on: .standardError)
    run.print("Resuming from step 9\nval loss 7\n", on: .standardError)
    run.recorder.stream = .standardOutput
    run.recorder.gap(bytes: 0, at: run.recorder.clock.start)
    run.print("val loss 8\n")
    run.finish(code: 0)
    run.write()
    let contents = try run.contents()
    #expect(contents.rows.map { $0["val_loss"] } == [nil, nil, "5", "7"])
    #expect(contents.rows.map { $0["_step"] } == ["1", "2", "7", "9"])
    #expect(contents.summary["val_loss"] == "7")
    let marks = contents.outputs.filter { $0.text.hasPrefix("[trackshim: ") }
    #expect(marks.count == 2 && marks.last?.text == "[trackshim: output was lost here]\n")
  }

  /// Of the first line behind a gap the beginning may be lost: `step=2 loss=3` may be left of it.
  @Test func behindAGapALineMayBeTorn() throws {
    var run = RecordedRun()
    defer { run.folder.remove() }
    run.print("epoch=1 step=1 loss=1 acc=5\n")
    run.recorder.stream = .standardOutput
    run.recorder.gap(bytes: 100, at: run.recorder.clock.start)
    run.print("step=2 loss=3\nepoch=1 step=3 loss=4\n")
    run.print("loss=9\nloss=8\n", on: .standardError)
    run.finish(code: 0)
    run.write()
    let contents = try run.contents()
    #expect(contents.rows.map { $0["loss"] } == ["1", "4", "8"])
    #expect(contents.summary["_trackshim"] == #"{"lines":5,"recognised":3,"unknown_numbers":0,"cut":2}"#)
  }

  @Test func rowsOfABoxThatIsNotClosedAreNotRecognised() throws {
    var run = RecordedRun()
    defer { run.folder.remove() }
    run.print("step 1 loss 2\n-----------\n| loss | 0.5 |\n| acc | 0.7 |\nan interruption\n")
    run.finish(code: 0)
    run.write()
    #expect(
      try run.contents().summary["_trackshim"] == #"{"lines":5,"recognised":1,"unknown_numbers":2,"cut":0}"#)
  }

  /// A sample block whose end was lost is over with the next step, not with the one that is due.
  @Test func aGapInsideSampledText() throws {
    var run = RecordedRun()
    defer { run.folder.remove() }
    run.print(RecordedRun.step(1, loss: "1") + "generating:\n---\nval loss 99\n")
    run.recorder.gap(bytes: 100, at: run.recorder.clock.start)
    run.print("val loss 98\n" + RecordedRun.step(7, loss: "4") + "val loss 5\n")
    run.finish(code: 0)
    run.write()
    #expect(try run.contents().rows.map { $0["val_loss"] } == [nil, "5"])
  }

  @Test func whatIsAMarkOfALoss() {
    let marks = [LossMark.text(bytes: 0), LossMark.text(bytes: 1), LossMark.text(bytes: .max)]
    for mark in marks { #expect(mark.dropLast().withUnsafeBytes(LossMark.isOne)) }
    for text in ["", "[trackshim: ", "output was lost here]", "[trackshim: 5 bytes printed before this were not kept]"]
    {
      #expect(!Array(text.utf8).withUnsafeBytes(LossMark.isOne))
    }
  }

  @Test func aLineThatWasCutIsNotUnderstood() throws {
    var run = RecordedRun()
    defer { run.folder.remove() }
    run.print(RecordedRun.step(1, loss: "1"))
    let blanks = String(repeating: " ", count: LineAssembler.longestLine)
    run.print("val loss 2" + blanks + "5\n")
    run.print("val loss 3\n")
    run.finish(code: 0)
    run.write()
    let contents = try run.contents()
    #expect(contents.rows.map { $0["val_loss"] } == ["3"])
    #expect(contents.text(.standardOutput).contains(" bytes cut]\n"))
  }

  @Test func withoutAConsoleTheMetricsAreRecorded() throws {
    var settings = Settings.defaults
    settings.recordsConsole = false
    var run = RecordedRun(settings)
    defer { run.folder.remove() }
    run.print("hello\n" + RecordedRun.step(1, loss: "1") + "unfinished")
    run.wakeUp()
    run.finish(code: 0)
    run.write()
    #expect(try run.contents().outputs.isEmpty)
    #expect(try run.contents().rows.count == 1)
  }

  /// Each stream has a format and a step of its own; the rows are the run's.
  @Test func bothStreamsAreUnderstood() throws {
    var run = RecordedRun()
    defer { run.folder.remove() }
    run.print(RecordedRun.step(4, loss: "1"))
    run.print("val loss 9\n", on: .standardError)
    run.print("val loss 8\n")
    run.finish(code: 0)
    run.write()
    let contents = try run.contents()
    // Standard error has told no step yet: its evaluation belongs to step 0, behind 4.
    #expect(contents.rows.map { $0["val_loss"] } == [nil, "9", "8"])
    #expect(contents.rows.map { $0["_step"] } == ["4", "5", "6"])
    #expect(contents.rows.map { $0["step"] } == [nil, "0", "4"])
  }

  @Test func aMetricOfACall() throws {
    var run = RecordedRun()
    defer { run.folder.remove() }
    let start = run.recorder.clock.start
    let odd = [Call.Metric(key: Array("a\n\u{1B}\"b".utf8), json: Array("1".utf8))]
    run.recorder.take(.log(step: -3, odd, isWholeRow: false), at: start)
    run.recorder.take(.log(step: -3, [Call.Metric(key: [0xFF], json: Array("NaN".utf8))], isWholeRow: false), at: start)
    run.finish(code: 0)
    run.write()
    let contents = try run.contents()
    #expect(contents.isWhole)
    #expect(contents.rows == [["a\n\u{1B}\"b": "1", "\u{FFFD}": "NaN", "_step": "0", "step": "-3"]])
  }

  /// A loop may define its metrics at each step.
  @Test func aDefinitionIsWrittenWhenItIsNew() throws {
    var run = RecordedRun()
    defer { run.folder.remove() }
    let start = run.recorder.clock.start, key = Array("loss".utf8)
    for flags in [1, 1, 1, 2, 2] as [Int32] {
      run.recorder.take(.define(key: key, stepKey: [], flags: MetricFlags(rawValue: flags)), at: start)
    }
    run.finish(code: 0)
    run.write()
    let defined = try run.contents().records.compactMap {
      if case .metric(let record) = $0 { record.summary } else { nil }
    }
    #expect(defined == [[.min], [.max]])
  }

  // MARK: Any order of events

  /// Lines, wake-ups, ends that are taken back: at every end the journal is whole, ends in the one exit,
  /// and tells each line and each metric once.
  @Test func anythingInAnyOrder() throws {
    var random = SplitMix(seed: 51)
    for _ in 0..<120 {
      var run = RecordedRun()
      defer { run.folder.remove() }
      var printed = ""
      var losses: [String] = []
      for event in 0..<(1 + random.below(25)) {
        switch random.below(6) {
        case 0: run.wakeUp()
        case 1: run.write()
        case 2: run.finish(code: Int32(event))
        case 3:
          printed += "noise \(event)\n"
          run.print("noise \(event)\n")
        default:
          let line = RecordedRun.step(Int64(random.below(5)), loss: "\(event)")
          let cut = line.index(line.startIndex, offsetBy: random.below(line.utf8.count))
          losses.append("\(event)")
          printed += line
          run.print(String(line[..<cut]))
          if random.below(3) == 0 { run.finish(code: nil) }
          if random.below(3) == 0 { run.wakeUp() }
          run.print(String(line[cut...]))
        }
      }
      run.finish(code: 9)
      run.write()
      guard !losses.isEmpty else { continue }
      let contents = try run.contents()
      #expect(contents.isWhole)
      #expect(contents.exits.map(\.exitCode) == [9])
      #expect(contents.endsInExit)
      #expect(contents.text(.standardOutput) == printed)
      #expect(contents.rows.map { $0["train_loss"] ?? "" } == losses)
      #expect(contents.summary["train_loss"] == losses.last)
      let steps = contents.history.compactMap(\.step)
      #expect(zip(steps, steps.dropFirst()).allSatisfy { $0 < $1 })
    }
  }
}
