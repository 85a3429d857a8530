import Testing

@testable import TrackShim

/// Single runs, with what must be on the server written out.
@Suite struct UploaderTests {
  private static var earlier: SimulatedServer.Run {
    var run = SimulatedServer.Run()
    run.history = [#"{"_step":4,"_runtime":2.5,"loss":9}"#]
    run.events = [#"{"_runtime":2.0}"#]
    run.console = ["before"]
    run.summary = #"{"loss":9,"old":1,"_step":4,"_wandb":{"runtime":2}}"#
    run.config = [Array("old".utf8): .number("1")]
    return run
  }

  private func status(_ status: Int, of operation: String) -> (String) -> SimulatedServer.Fault {
    { $0 == operation ? .status(status, retryAfter: "") : .none }
  }

  @Test func rowsOfAllKinds() throws {
    let journal = try StandingJournal()
    journal.row([(["loss"], "0.5"), (["_step"], "0")])
    journal.row([(["a", "b"], "NaN"), (["_step"], "5")])
    journal.row([(["say \"é\""], "-Infinity")])
    journal.row([(["loss"], "1"), (["_step"], "2")])
    #expect(journal.upload() == .complete)
    #expect(
      journal.server.run?.history == [
        #"{"loss":0.5,"_step":0}"#, #"{"a":{"b":NaN},"_step":5}"#, #"{"say \"é\"":-Infinity,"_step":6}"#,
        #"{"loss":1,"step":2,"_step":7}"#,
      ])
    // Nobody wrote how it ended.
    #expect(journal.server.run?.exitCode == 1 && journal.server.violations == [])
  }

  @Test func consoleLinesAsATerminalShowsThem() throws {
    let journal = try StandingJournal()
    journal.print("10%", .standardError)
    journal.print("one\ntwo", at: 1)
    journal.print("\r20%", .standardError, at: 2)
    journal.print(" and a half\n", at: 3)
    journal.print("\rdone\n", .standardError, at: 4)
    journal.print("rest", at: 5)
    journal.append(ExitRecord(exitCode: 0, runtime: 6))
    #expect(journal.upload() == .complete)
    #expect(
      journal.server.run?.console == [
        "ERROR 2026-11-22T07:03:24.000000 done", "2026-11-22T07:03:21.000000 one",
        "2026-11-22T07:03:23.000000 two and a half", "2026-11-22T07:03:25.000000 rest",
      ])
    #expect(journal.server.run?.files["output.log"]?.asText == "done\none\ntwo and a half\nrest\n")
    #expect(journal.server.run?.exitCode == 0)
  }

  @Test func structuredConsoleLines() throws {
    let journal = try StandingJournal()
    journal.server.features = ["STRUCTURED_CONSOLE_LOGS"]
    journal.print("say \"hi\"\n", .standardError)
    #expect(journal.upload() == .complete)
    #expect(
      journal.server.run?.console == [
        #"{"level":"error","ts":"2026-11-22T07:03:20.000000","content":"say \"hi\""}"#
      ])
  }

  @Test func aRowThatIsTooLongIsLeftOutAndTakesNoNumber() throws {
    let journal = try StandingJournal()
    journal.row([(["loss"], "1")])
    journal.row([(["long"], "\"" + String(repeating: "x", count: HistoryLine.longest) + "\"")])
    journal.row([(["loss"], "2")])
    #expect(journal.upload() == .complete)
    #expect(journal.server.run?.history == [#"{"loss":1,"_step":0}"#, #"{"loss":2,"_step":2}"#])
    #expect(journal.server.violations == [])
  }

  @Test func largeRowsAndSummariesGoInSeveralRequests() throws {
    let journal = try StandingJournal()
    let values = [4_000_000, 10_000_000, 900_000, 9_500_000].map { "\"" + String(repeating: "x", count: $0) + "\"" }
    for value in values {
      journal.row([(["long"], value)])
      journal.summary("long", json: value)
    }
    journal.append(ExitRecord(exitCode: 0, runtime: 1))
    #expect(journal.upload() == .complete)
    #expect(
      journal.server.run?.history.map(\.utf8.count) == values.map { $0.utf8.count + #"{"long":,"_step":0}"#.utf8.count }
    )
    #expect(journal.server.run?.summary.utf8.count == values[3].utf8.count + #"{"long":}"#.utf8.count)
    #expect(journal.server.largestBody < HistoryLine.longest + 1_000 && journal.server.violations == [])
  }

  /// What a crash leaves at the end of a journal is no reason to wait for more.
  @Test(arguments: [1, 9, 20]) func aLastRecordThatWasCutOff(cut: Int) throws {
    let journal = try StandingJournal()
    journal.row([(["loss"], "1")])
    journal.row([(["loss"], "a value of some length")])
    #expect(journal.upload(cut: cut) == .complete)
    #expect(journal.server.run?.history == [#"{"loss":1,"_step":0}"#] && journal.server.run?.exitCode == 1)
    #expect(JournalSync.isComplete(journal.path))
  }

  @Test func nothingIsSentTwice() throws {
    let journal = try StandingJournal()
    journal.row([(["loss"], "1")])
    journal.append(ExitRecord(exitCode: 0, runtime: 1))
    #expect(journal.upload() == .complete && JournalSync.isComplete(journal.path))
    // A program that printed on after its end.
    journal.row([(["loss"], "2")])
    #expect(journal.upload() == .complete)
    #expect(journal.server.run?.history.count == 2 && journal.server.rowsReceived == 2)
    #expect(journal.server.rewritten.isEmpty && journal.server.violations == [])
  }

  // MARK: Runs that are there

  @Test func aResumedRunIsPutBehindTheEarlierPart() throws {
    let journal = try StandingJournal(SimulatedServer(Self.earlier)) {
      $0.resume = true
      $0.config = [RecordItem(key: "lr", json: "2")]
    }
    journal.row([(["loss"], "1"), (["_step"], "0"), (["_runtime"], "1.5")])
    journal.print("after\n")
    journal.summary("loss", json: "1")
    #expect(journal.upload() == .complete)
    let run = try #require(journal.server.run)
    #expect(run.history == [Self.earlier.history[0], #"{"loss":1,"_runtime":4.000,"step":0,"_step":5}"#])
    #expect(run.console == ["before", "2026-11-22T07:03:20.000000 after"])
    let summary = JSONValue(Array(run.summary.utf8))
    #expect(summary?["old"]?.integer == 1 && summary?["loss"]?.integer == 1)
    #expect(run.config[Array("old".utf8)] == .number("1") && run.config[Array("lr".utf8)] == .number("2"))
  }

  @Test func rowsThatTheEarlierPartHasAreLeftOut() throws {
    let journal = try StandingJournal(SimulatedServer(Self.earlier)) { $0.resume = true }
    for step in 3...6 {
      journal.row([(["loss"], "\(step)"), (["_step"], "\(step)")])
      journal.summary("_step", json: "\(step)")
    }
    #expect(journal.upload() == .complete)
    #expect(
      journal.server.run?.history == Self.earlier.history + [#"{"loss":5,"_step":5}"#, #"{"loss":6,"_step":6}"#])
    #expect(journal.server.violations == [] && summary(of: journal)?["_step"]?.integer == 6)
    // Another uploader comes to the same numbers.
    journal.row([(["loss"], "7"), (["_step"], "7")])
    #expect(journal.upload() == .complete)
    #expect(journal.server.run?.history.count == 4 && journal.server.rewritten.isEmpty)
  }

  @Test func aResumedRunThatOnlyRepeatsHasTheEarlierPartsLastStep() throws {
    let journal = try StandingJournal(SimulatedServer(Self.earlier)) { $0.resume = true }
    journal.row([(["loss"], "2"), (["_step"], "3")])
    journal.summary("_step", json: "3")
    #expect(journal.upload() == .complete)
    #expect(journal.server.run?.history == Self.earlier.history && summary(of: journal)?["_step"]?.integer == 4)
    #expect(summary(of: journal)?["_wandb"]?["runtime"]?.integer == 2)
  }

  private func summary(of journal: StandingJournal) -> JSONValue? {
    JSONValue(Array((journal.server.run?.summary ?? "").utf8))
  }

  /// As when somebody has moved the run's folder.
  @Test func aFileThatCannotBeSentHoldsNothingUp() throws {
    let journal = try StandingJournal()
    journal.server.fault = { $0 == "PUT" ? .unsendable : .none }
    journal.row([(["loss"], "1")])
    journal.append(ExitRecord(exitCode: 0, runtime: 1))
    #expect(journal.upload() == .refused("the file to send cannot be opened"))
    #expect(journal.server.run?.exitCode == 0 && journal.server.run?.history.count == 1)
    #expect(journal.notes.filter { $0.contains("did not get to the server") }.count == 1)
    journal.server.fault = { _ in .none }
    #expect(journal.upload() == .complete && journal.server.run?.files["config.yaml"] != nil)
  }

  @Test func whatResumeAllows() throws {
    let absent = try StandingJournal()
    absent.plan.resume = .must
    let present = try StandingJournal(SimulatedServer(Self.earlier))
    present.plan.resume = .never
    for journal in [absent, present] {
      guard case .refused(let why) = journal.upload() else {
        Issue.record("not refused")
        continue
      }
      #expect(why.contains("run1") && journal.server.requests == ["RunResumeStatus"])
    }
  }

  @Test func rowsOfUnknownOriginAreNotAddedTo() throws {
    let journal = try StandingJournal(SimulatedServer(Self.earlier))
    journal.row([(["loss"], "1")])
    guard case .unusable(let why) = journal.upload() else {
      Issue.record("sent")
      return
    }
    #expect(why.contains("--append") && journal.server.run?.history.count == 1)
    journal.plan.appends = true
    #expect(journal.upload() == .complete && journal.server.run?.history.count == 2)
  }

  // MARK: Servers that say no, or nothing

  @Test(arguments: [400, 401, 403, 404, 409, 413]) func aFinalNoInTheStream(code: Int) throws {
    let journal = try StandingJournal()
    journal.row([(["loss"], "1")])
    journal.server.fault = status(code, of: "stream")
    #expect(journal.upload() == .refused("\(code) (busy)"))
    #expect(journal.server.requests.filter { $0 == "stream" }.count == 1)
    // It is no more than put off.
    journal.server.fault = { _ in .none }
    #expect(journal.upload() == .complete && journal.server.run?.history.count == 1)
  }

  @Test func aConflictAtTheStartMayPass() throws {
    let journal = try StandingJournal()
    var left = 2
    journal.server.fault = {
      guard $0 == "UpsertBucket", left > 0 else { return .none }
      left -= 1
      return .status(409, retryAfter: "")
    }
    #expect(journal.upload() == .complete && left == 0)
  }

  @Test func patienceEndsAfterSoManyAttempts() throws {
    let journal = try StandingJournal()
    journal.row([(["loss"], "1")])
    journal.server.fault = { $0 == "stream" ? .unreachable : .none }
    #expect(journal.upload() == .unreachable("connection refused"))
    #expect(journal.server.requests.filter { $0 == "stream" }.count == 3)
  }

  @Test func aServerThatAsksForTimeGetsIt() throws {
    let journal = try StandingJournal()
    journal.row([(["loss"], "1")])
    var asked = false
    journal.server.fault = {
      guard $0 == "stream", !asked else { return .none }
      asked = true
      return .status(503, retryAfter: "7")
    }
    #expect(journal.upload() == .complete)
    #expect(journal.now >= 7_000_000_000 && journal.now < 8_000_000_000)
  }

  @Test func aStorageThatTakesNothingCostsTheFileOnly() throws {
    let journal = try StandingJournal()
    journal.row([(["loss"], "1")])
    journal.print("line\n")
    journal.server.fault = { [server = journal.server] in
      $0 == "PUT" && server.run?.files.count == 2 ? .status(403, retryAfter: "") : .none
    }
    #expect(journal.upload() == .refused("403 (busy)"))
    #expect(journal.server.run?.exitCode == 1)
    #expect(journal.server.run?.reported == ["config.yaml", "wandb-summary.json"] && journal.server.violations == [])
    #expect(journal.notes.count == 1 && journal.notes.first?.contains("output.log") == true)
  }
}
