import Testing

@testable import TrackShim

@Suite struct HistoryTests {
  /// A history over a file.
  private struct Recorded {
    let folder = TemporaryFolder()
    let names = MetricNames()
    let journal: Journal
    var history: History

    init() throws {
      journal = Journal(try JournalFile(creating: folder("run.wandb")))
      journal.append(HeaderRecord(producer: "test"))
      history = History(names: names)
    }

    @discardableResult
    mutating func add(_ name: String, _ value: String, step: Int64, at time: Int64 = 0) -> Bool {
      guard let number = names.number(of: name) else { return false }
      return Array(value.utf8).withUnsafeBytes {
        history.add(number, $0, printedStep: step, time: Moment(wall: time, runtime: time), to: journal)
      }
    }

    /// The same for all metrics of a line.
    mutating func add(_ line: [(String, String)], step: Int64?, at time: Int64) -> Bool {
      var found = Observations()
      for (name, value) in line { names.number(of: name).map { found.add($0, Array(value.utf8)) } }
      return history.add(found, printedStep: step, time: Moment(wall: time, runtime: time), to: journal)
    }

    /// Each of them by itself.
    mutating func addEach(_ line: [(String, String)], step: Int64?, at time: Int64) -> Bool {
      let numbers = line.compactMap { names.number(of: $0.0) }
      if numbers.contains(where: { history.rows.has($0) }) { history.writeRow(to: journal) }
      var departs = false
      for (number, value) in zip(numbers, line.map(\.1)) {
        let isFirst = Array(value.utf8).withUnsafeBytes {
          history.add(number, $0, printedStep: step, time: Moment(wall: time, runtime: time), to: journal)
        }
        departs = departs || isFirst
      }
      return departs
    }

    func bytes() throws -> [UInt8] {
      _ = journal.write(now: 0)
      return try Files.read(folder("run.wandb"), limit: 1 << 24)
    }

    func contents() throws -> JournalContents {
      _ = journal.write(now: 0)
      return try JournalContents(folder("run.wandb"))
    }
  }

  @Test func aRowIsWrittenWhenALargerStepComes() throws {
    var run = try Recorded()
    defer { run.folder.remove() }
    run.add("loss", "2.5", step: 1)
    run.add("lr", "1e-3", step: 1)
    #expect(try run.contents().rows == [])
    run.add("loss", "2.25", step: 2, at: 1_500_000_000)
    #expect(try run.contents().rows == [["loss": "2.5", "lr": "1e-3", "_step": "1"]])
    run.history.writeRow(to: run.journal)
    run.history.writeRow(to: run.journal)
    let contents = try run.contents()
    #expect(contents.rows.last == ["loss": "2.25", "_step": "2"])
    #expect(contents.history.map(\.step) == [1, 2])
    #expect(contents.history.last?.items.suffix(2).map(\.json) == ["1.500", "1.500"])
    #expect(contents.isWhole)
  }

  /// The journal has the same bytes, whatever the lines are: metrics that come twice, in a line or a step, steps that grow
  /// a digit, come again, go back or are missing, and times that change.
  @Test(arguments: 0..<20 as Range<UInt64>) func aLineIsWhatItsMetricsAre(seed: UInt64) throws {
    var together = try Recorded(), single = try Recorded()
    defer {
      together.folder.remove()
      single.folder.remove()
    }
    var random = SplitMix(seed: seed)
    var step: Int64 = seed == 0 ? -12 : 0, time: Int64 = 0
    for _ in 0..<400 {
      if random.below(4) > 0 { step += Int64(random.below(3)) }
      if random.below(50) == 0 { step = step &* 10 }
      if random.below(40) == 0 { step -= 3 }
      if random.below(3) == 0 { time += Int64(random.below(2_000)) * 1_000_000 }
      let names = ["loss", "lr", "loss", "ms"].shuffled(using: &random).prefix(random.below(4))
      let line = names.map { ($0, ["0.5", "0.25", "NaN", "7"][random.below(4)]) }
      let printed = seed % 4 == 3 ? nil : step
      // Some come one by one, as those of calls do, into the same rows.
      let isTogether = random.below(4) > 0
      let departs =
        isTogether
        ? together.add(line, step: printed, at: time) : together.addEach(line, step: printed, at: time)
      #expect(departs == single.addEach(line, step: printed, at: time))
      if random.below(30) == 0 {
        together.history.writeWaiting(runtime: time, LineCounts(), isUrgent: true, to: together.journal)
        single.history.writeWaiting(runtime: time, LineCounts(), isUrgent: true, to: single.journal)
      }
    }
    together.history.writeSummary(runtime: time, LineCounts(), to: together.journal)
    single.history.writeSummary(runtime: time, LineCounts(), to: single.journal)
    #expect(try together.bytes() == single.bytes())
    #expect(try together.contents().rows.count > 50)
  }

  /// Rows end in step and time, which are written over those of the row before where they take as much room.
  @Test func stepsOfAllSizesAreTheirRows() throws {
    var run = try Recorded()
    defer { run.folder.remove() }
    let steps: [Int64] = [0, 1, 9, 10, 11, 99, 100, 12_345, 99_999, 100_000, .max - 1, .max]
    for step in steps { run.add("loss", "1", step: step) }
    run.history.writeRow(to: run.journal)
    #expect(try run.contents().rows.map { $0["_step"] } == steps.map(String.init))
  }

  /// What is printed in one piece has one time; the next piece has another.
  @Test func everyRowHasItsOwnTime() throws {
    var run = try Recorded()
    defer { run.folder.remove() }
    let times: [Int64] = [1_000, 1_000, 2_500, 1_000, 1_000, 2_500]
    for (step, time) in times.enumerated() { run.add("loss", "1", step: Int64(step), at: time * 1_000_000) }
    run.history.writeRow(to: run.journal)
    let found = try run.contents().history.map { $0.items.suffix(2).map(\.json) }
    #expect(found == times.map { $0 == 1_000 ? ["1.000", "1.000"] : ["2.500", "2.500"] })
  }

  /// Of many rows between two looks at it: also a metric that only one of them had, and what a rule keeps.
  @Test func theSummaryHasTheLastOfManyRows() throws {
    var run = try Recorded()
    defer { run.folder.remove() }
    for step in 0..<100 as Range<Int64> {
      run.add("loss", "\(100 - step)", step: step)
      run.add("lr", "\(step)e-3", step: step)
      if step == 41 { run.add("val_loss", "0.5", step: step) }
      if step == 60 { run.history.setRule(.min, of: Array("lr".utf8)) }
    }
    run.history.writeSummary(runtime: 0, LineCounts(), to: run.journal)
    let summary = try #require(try run.contents().summaries.last)
    #expect(summary["loss"] == "1" && summary["val_loss"] == "0.5")
    // What came before the rule is what it is compared with, and nothing after it was less.
    #expect(summary["lr"] == "60e-3")
  }

  @Test func aRowThatWaitsIsInTheSummary() throws {
    var run = try Recorded()
    defer { run.folder.remove() }
    run.add("loss", "2.5", step: 1, at: 100)
    run.history.writeWaiting(runtime: 200, LineCounts(), to: run.journal)
    #expect(try run.contents().summaries == [])
    run.history.writeWaiting(runtime: 100 + History.patience, LineCounts(), to: run.journal)
    #expect(try run.contents().summaries == [["loss": "2.5", "_step": "1", "_timestamp": "0.000"]])
    // Once, until something new comes.
    run.history.writeWaiting(runtime: 100 + 2 * History.patience, LineCounts(), to: run.journal)
    #expect(try run.contents().summaries.count == 1)
    run.add("lr", "1", step: 1, at: 3 * History.patience)
    run.history.writeWaiting(runtime: 4 * History.patience, LineCounts(), to: run.journal)
    #expect(try run.contents().summaries.last == ["lr": "1", "_step": "1", "_timestamp": "0.150"])
  }

  /// What is of no row is told apart from what is, or a row would be made of it after a crash.
  @Test func whatIsNoMetricOfTheOpenRowStandsAlone() throws {
    var run = try Recorded()
    defer { run.folder.remove() }
    run.history.setRules([.min], of: Array("least".utf8))
    run.add("least", "1", step: 1)
    run.add("least", "2", step: 2)
    run.add("loss", "3", step: 2)
    let verdict = try #require(run.names.number(of: "verdict"))
    run.history.set(summary: verdict, Array("\"good\"".utf8), at: Moment(wall: 0, runtime: 0))
    run.history.writeWaiting(runtime: 0, LineCounts(), isUrgent: true, to: run.journal)
    #expect(
      try run.contents().summaries == [
        ["least": "{\"min\":1}", "verdict": "\"good\""], ["loss": "3", "_step": "2", "_timestamp": "0.000"],
      ])
  }

  /// NaN and the infinities are in no mean, but better than no value; what was before the rule is in none either, but for
  /// the row that is open.
  @Test(arguments: [false, true]) func aMeanIsOfWhatIsFinite(isInTheRow: Bool) throws {
    var run = try Recorded()
    defer { run.folder.remove() }
    let name = Array("m".utf8)
    run.add("m", "100", step: 1)
    if !isInTheRow { run.add("other", "1", step: 2) }
    run.history.setRules([.mean], of: name)
    for (step, value) in ["NaN", "1", "-Infinity", "2.5"].enumerated() {
      run.add("m", value, step: Int64(step) + 3)
      // A loop may say it at each step.
      run.history.setRules([.mean], of: name)
    }
    run.add("only", "NaN", step: 9)
    run.history.setRule(.mean, of: Array("only".utf8))
    run.history.writeSummary(runtime: 0, LineCounts(), to: run.journal)
    let summary = try #require(try run.contents().summaries.last)
    #expect(summary["m"] == (isInTheRow ? "{\"mean\":34.5}" : "{\"mean\":1.75}"))
    #expect(summary["only"] == "NaN")
  }

  private func summed(_ items: [(String, String)]) -> SummaryRecord {
    var record = SummaryRecord()
    record.items = items.map { RecordItem(key: $0, json: $1) }
    return record
  }

  /// Metrics of calls are in no console log.
  @Test func theOpenRowIsMadeOfTheSummary() throws {
    var run = try Recorded()
    defer { run.folder.remove() }
    run.history.know(known(1, [("loss", "1")]))
    run.history.know(summed([("verdict", "7"), ("_step", "9"), ("_runtime", "1")]))
    run.history.know(summed([("loss", "2"), ("_step", "3"), ("_timestamp", "1.5")]))
    run.history.know(summed([("lr", "4"), ("_step", "3"), ("_timestamp", "2.5")]))
    run.history.know(summed([("other", "5")]))
    run.history.dropRowIfKnown()
    run.history.addOpenRow(RunClock(start: 1_000_000_000, offset: 0), to: run.journal)
    let contents = try run.contents()
    #expect(contents.rows == [["loss": "2", "lr": "4", "_step": "3"]])
    #expect(contents.history.last?.items.suffix(2).map(\.json) == ["2.500", "1.500"])
  }

  @Test func theOpenRowIsCompletedWhereALineHasBegunIt() throws {
    var run = try Recorded()
    defer { run.folder.remove() }
    run.add("loss", "2", step: 3)
    run.history.know(summed([("loss", "2"), ("lr", "4"), ("_step", "3"), ("_timestamp", "2.5")]))
    run.history.dropRowIfKnown()
    run.history.addOpenRow(RunClock(start: 0, offset: 0), to: run.journal)
    run.history.writeRow(to: run.journal)
    #expect(try run.contents().rows == [["loss": "2", "lr": "4", "_step": "3"]])
  }

  /// What the row is completed with is older than what the summary has got since.
  @Test func theRowThatIsCompletedLeavesTheSummaryAlone() throws {
    var run = try Recorded()
    defer { run.folder.remove() }
    run.add("loss", "2", step: 3)
    run.history.know(summed([("loss", "2"), ("lr", "4"), ("_step", "3"), ("_timestamp", "2.5")]))
    run.history.know(summed([("lr", "9")]))
    run.history.dropRowIfKnown()
    run.history.addOpenRow(RunClock(start: 0, offset: 0), to: run.journal)
    run.history.writeRow(to: run.journal)
    run.history.writeSummary(runtime: 0, LineCounts(), to: run.journal)
    let contents = try run.contents()
    #expect(contents.rows == [["loss": "2", "lr": "4", "_step": "3"]])
    #expect(contents.summary["lr"] == "9" && contents.summary["loss"] == "2")
  }

  @Test func aRowThatCameAfterItsSummaryIsNotMadeAgain() throws {
    var run = try Recorded()
    defer { run.folder.remove() }
    run.history.know(summed([("loss", "2"), ("_step", "3"), ("_timestamp", "2.5")]))
    run.history.know(known(3, [("loss", "2")]))
    run.history.dropRowIfKnown()
    run.history.addOpenRow(RunClock(start: 0, offset: 0), to: run.journal)
    #expect(try run.contents().rows.isEmpty)
  }

  @Test func aRunThatPrintsForLongIsSummedUpNowAndThen() throws {
    var run = try Recorded()
    defer { run.folder.remove() }
    for second in 0..<35 as Range<Int64> {
      run.add("loss", "\(second)", step: second, at: second * 1_000_000_000)
      // The rows are being written: no summary of what waits, but every ten seconds one of all.
      run.history.writeWaiting(runtime: second * 1_000_000_000 + 1, LineCounts(), to: run.journal)
    }
    let full = try run.contents().summaries.filter { $0["_wandb"] != nil }
    #expect(full.compactMap { $0["_step"] } == ["10", "20", "30"])
    #expect(full.last?["_wandb"] == #"{"runtime":30}"#)
  }

  @Test func thePrintedStepIsKeptFromTheDepartureOn() throws {
    var run = try Recorded()
    defer { run.folder.remove() }
    let departures = [5, 3, 2, 40].enumerated().map { run.add("loss", "\($0 + 1)", step: $1) }
    #expect(departures == [false, true, false, false])
    run.history.writeRow(to: run.journal)
    run.history.writeSummary(runtime: 0, LineCounts(), to: run.journal)
    let contents = try run.contents()
    #expect(
      contents.rows == [
        ["loss": "1", "_step": "5"], ["loss": "2", "_step": "6", "step": "3"],
        ["loss": "3", "_step": "7", "step": "2"], ["loss": "4", "_step": "40", "step": "40"],
      ])
    #expect(contents.summary["step"] == "40")
    #expect(contents.summary["_step"] == "40")
  }

  @Test func aRunWithoutMetricsHasALengthOnly() throws {
    var run = try Recorded()
    defer { run.folder.remove() }
    run.history.writeSummary(runtime: 61_999_999_999, LineCounts(), to: run.journal)
    #expect(
      try run.contents().summaries == [
        [
          "_wandb": #"{"runtime":61}"#,
          "_trackshim": #"{"lines":0,"recognised":0,"unknown_numbers":0,"cut":0}"#,
        ]
      ])
  }

  // MARK: After a crash

  private func known(_ step: Int64, _ items: [(String, String)]) -> HistoryRecord {
    var row = HistoryRecord()
    row.step = step
    row.items = items.map { RecordItem(key: $0, json: $1) } + [RecordItem(key: "_step", json: "\(step)")]
    return row
  }

  @Test func aRowOfTheJournalIsNotWrittenAgain() throws {
    var run = try Recorded()
    defer { run.folder.remove() }
    run.add("loss", "1", step: 4)
    run.history.know(known(4, [("loss", "1"), ("lr", "9")]))
    run.history.dropRowIfKnown()
    run.history.writeRow(to: run.journal)
    run.add("loss", "2", step: 4)
    run.history.writeRow(to: run.journal)
    run.history.writeSummary(runtime: 0, LineCounts(), to: run.journal)
    let contents = try run.contents()
    #expect(contents.rows.map { $0["_step"] } == ["5"])
    #expect(contents.summary["loss"] == "2")
    #expect(contents.summary["lr"] == "9")
  }

  /// In the journal a row stands behind the line that ended it.
  @Test func theOpenRowIsNewerThanTheRowsBehindIt() throws {
    var run = try Recorded()
    defer { run.folder.remove() }
    run.add("loss", "1", step: 1)
    run.add("loss", "2", step: 2)
    run.history.know(known(1, [("loss", "1")]))
    run.history.dropRowIfKnown()
    run.history.writeSummary(runtime: 0, LineCounts(), to: run.journal)
    #expect(try run.contents().summary["loss"] == "2")
  }

  @Test func whatARowOfAnotherWriterHoldsIsTaken() throws {
    var run = try Recorded()
    defer { run.folder.remove() }
    run.history.know(known(.max, [("", "1"), ("_runtime", "x"), ("a.b", "{}")]))
    var odd = HistoryRecord()
    odd.items = [RecordItem(key: "_step", json: "not a number"), RecordItem(path: ["x", "y"], json: "7")]
    run.history.know(odd)
    run.history.dropRowIfKnown()
    run.add("loss", "1", step: 0)
    run.history.writeSummary(runtime: 0, LineCounts(), to: run.journal)
    let summary = try run.contents().summary
    #expect(summary["a.b"] == "{}")
    #expect(summary["x.y"] == "7")
    #expect(summary["_step"] == "\(Int64.max)")
  }
}
