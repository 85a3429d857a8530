import Testing
import TrackShim

@testable import TrackShimCLI

struct SyncTargetsTests {
  let folder = TemporaryFolder()

  func targets(_ names: String...) -> SyncTargets {
    SyncTargets(names, lookup: RunLookup(parent: folder.path, temporary: folder.path("tmp")))
  }

  /// Its journal, as the command sees it.
  func makeRun(_ id: String, day: Int, kind: String = "offline-run") -> String {
    let path = folder.write("wandb/\(kind)-2026110\(day)_070653-\(id)/run-\(id).wandb")
    return FileAccess.resolved(path) ?? path
  }

  @Test func allRunsAreFoundInAFolder() {
    let runs = [makeRun("a", day: 1), makeRun("b", day: 2, kind: "run")]
    folder.link("wandb/latest-run", to: "offline-run-20261101_070653-a")
    for found in [targets(), targets(folder.path), targets(folder.path("wandb"))] {
      #expect(found.found == runs && found.named.isEmpty && found.problems.isEmpty)
    }
  }

  @Test func eachRunIsTakenOnce() {
    let (first, second) = (makeRun("a", day: 1), makeRun("b", day: 2))
    let found = targets("b", folder.path, second, folder.path("wandb/offline-run-20261102_070653-b/"))
    #expect(found.named == [second] && found.found == [first])
  }

  @Test func anIDMeansAllJournalsOfThatRunAndNoOther() {
    let parts = [makeRun("x", day: 1), makeRun("x", day: 3)]
    _ = makeRun("y-x", day: 2)
    #expect(targets("x").named == parts)
  }

  @Test func theLatestRunIsTheOneTheLinkNames() {
    let older = makeRun("a", day: 1)
    _ = makeRun("b", day: 2)
    folder.link("wandb/latest-run", to: "offline-run-20261101_070653-a")
    #expect(targets("latest-run").named == [older])
  }

  @Test func whatIsNotThereIsNamedAndTheRestTaken() {
    let run = makeRun("a", day: 1)
    let found = targets("no\u{1B}pe", "a")
    #expect(found.named == [run] && found.problems.count == 1 && found.problems[0].contains("no?pe"))
    #expect(targets(folder.path("wandb/offline-run-20261101_070653-a"), folder.path("tmp")).problems.count == 1)
  }
}

struct SyncJournalTests {
  let folder = TemporaryFolder()

  /// Not a journal, but a file that has the name of one.
  func journal(_ kind: String = "offline-run") -> SyncJournal {
    SyncJournal(folder.write("wandb/\(kind)-20261101_070653-a/run-a.wandb"), isNamed: true)
  }

  @Test func aFileThatIsNoJournalIsCalledByItsName() {
    #expect(journal().head.id == "a" && journal().head.name.isEmpty && !journal().head.isOfficial)
  }

  @Test func whatHoldsNothingIsToldFromWhatMakesNoSense() {
    for (bytes, isEmpty) in [("", true), (":W&B", true), (":W&B\u{68}\u{EE}\u{0}", false), ("no journal", false)] {
      let file = folder.write("wandb/run-20261101_070653-a/run-a.wandb", text: bytes)
      #expect(JournalHead(file).isEmpty == isEmpty, "\(bytes)")
    }
    #expect(!JournalHead(folder.path("none")).isEmpty)
  }

  @Test func theFolderSaysWhetherTheProgramSendsIt() {
    #expect(!journal().isOnline && journal("run").isOnline)
  }

  @Test func theOfficialMarkCounts() {
    let journal = journal()
    #expect(journal.settled(appends: false) == nil)
    folder.write("wandb/offline-run-20261101_070653-a/run-a.wandb.synced")
    #expect(journal.settled(appends: false) == .sentByOfficialClient)
    #expect(journal.settled(appends: true) == nil)
  }
}

struct SyncOutcomeTests {
  @Test func whatIsNotOnTheServerIsAFailureUnlessItGoesOn() {
    let good: [SyncOutcome] = [
      .sent(page: "p"), .isThere(page: "p"), .wouldSend(bytes: 1, page: ""), .sentByOfficialClient,
      .sentByBoth(page: "p"), .empty, .running(process: 1, isOnline: true),
    ]
    let bad: [SyncOutcome] = [
      .recordedByOfficialClient(folder: "f"), .busy, .refused("r", remedy: ""), .unreachable("u"), .unusable("u"),
    ]
    #expect(good.allSatisfy(\.isGood) && !bad.contains { $0.isGood })
  }

  @Test func wordsOfOthersMoveNoCursor() {
    let outcomes: [SyncOutcome] = [
      .sent(page: "\u{1B}[2J"), .isThere(page: "\u{1B}"), .refused("\u{1B}", remedy: "\u{1B}"), .unreachable("\u{1B}"),
      .unusable("a\nb"), .recordedByOfficialClient(folder: "\n"),
    ]
    #expect(outcomes.allSatisfy { $0.text == $0.text.printable })
  }

  @Test func aNoNamesItsRemedy() {
    let refusal = JournalSync.Refusal("401 (not logged in)")
    #expect(refusal.concernsKey && refusal.remedy.contains("wandb login"))
    #expect(!JournalSync.Refusal("403").concernsKey && !JournalSync.Refusal("403").remedy.isEmpty)
    #expect(JournalSync.Refusal("no run\u{661}").remedy.isEmpty && JournalSync.Refusal("").remedy.isEmpty)
    #expect(JournalSync.Refusal("99999999999999999999").remedy.isEmpty)
  }
}

struct ProgressBarTests {
  let terminal = Terminal(columns: 60, isASCII: true)

  @Test func growsWithWhatIsSent() {
    var bar = ProgressBar(name: "run", total: 1000, start: 0)
    #expect(bar.text(terminal) == "run  ................  0 bytes of 1 kB")
    bar.reached(500, of: 1000, at: 1_000_000_000)
    #expect(bar.text(terminal) == "run  ########........  500 bytes of 1 kB  500 bytes/s")
    bar.reached(1000, of: 1000, at: 2_000_000_000)
    #expect(bar.text(terminal).contains("  1 kB of 1 kB  500 bytes/s") && !bar.text(terminal).contains("."))
  }

  @Test(arguments: [20, 40, 60, 80, 200])
  func neverReachesTheLastColumn(columns: Int) {
    var bar = ProgressBar(name: String(repeating: "n", count: 100), total: 5_000_000_000, start: 0)
    bar.reached(4_999_999_999, of: 5_000_000_000, at: 3_600_000_000_000)
    for isASCII in [true, false] {
      #expect(bar.text(Terminal(columns: columns, isASCII: isASCII)).count < columns)
    }
  }

  @Test func oddFiguresAreNoTrouble() {
    var bar = ProgressBar(name: "", total: 0, start: 5)
    bar.reached(-1, of: -1, at: 0)
    #expect(bar.text(terminal).hasSuffix("0 bytes of 0 bytes"))
    bar.reached(10, of: 5, at: 5)
    #expect(bar.text(terminal).hasSuffix("10 bytes of 10 bytes"))
  }
}

struct ServerStandingTests {
  func standing(_ rows: Int, _ lines: Int, isRunning: Bool = false, _ change: (inout JournalSync.State) -> Void)
    -> ServerStanding
  {
    var state = JournalSync.State()
    change(&state)
    return ServerStanding(state: state, rows: rows, consoleLines: lines, isRunning: isRunning)
  }

  @Test func aRunThatNeverWentThereSaysNothing() {
    let none = standing(5, 5) { _ in }
    #expect(none.text.isEmpty && !none.isOnServer)
  }

  @Test func whatIsMissingIsCounted() {
    let part = standing(5, 9) { ($0.page, $0.rows, $0.consoleLines) = ("page", 4, 2) }
    #expect(part.text == "page (1 row and 7 console lines missing; `trackshim sync` sends the rest)")
    let end = standing(5, 9) { ($0.page, $0.rows, $0.consoleLines) = ("page", 5, 9) }
    #expect(end.text == "page (its end is missing; `trackshim sync` sends the rest)" && !end.isOnServer)
    let live = standing(5, 9, isRunning: true) { ($0.page, $0.rows, $0.consoleLines) = ("page", 3, 9) }
    #expect(live.text == "page (2 rows to go)")
  }

  @Test func whoHasSentItAllIsTold() {
    let ours = standing(5, 9) { ($0.page, $0.isComplete) = ("page", true) }
    #expect(ours.text == "page" && ours.isOnServer)
    let theirs = standing(5, 9) { $0.isSentByOfficialClient = true }
    #expect(theirs.isOnServer && theirs.text.contains("W&B's own client"))
    let both = standing(5, 9) { ($0.page, $0.isSentByOfficialClient) = ("page", true) }
    #expect(both.isOnServer && both.text == "page, sent by W&B's own client")
  }
}
