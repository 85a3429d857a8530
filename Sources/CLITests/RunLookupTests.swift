import Testing

@testable import TrackShimCLI

struct RunLookupTests {
  let folder = TemporaryFolder()

  var lookup: RunLookup { RunLookup(parent: folder.path, temporary: folder.path("tmp")) }

  /// Its journal.
  func makeRun(_ id: String, day: Int, below parent: String = "wandb") -> String {
    folder.write("\(parent)/offline-run-2026110\(day)_070653-\(id)/run-\(id).wandb")
  }

  @Test func theLatestRunIsTheOneTheLinkNames() throws {
    let older = makeRun("older", day: 1)
    let newer = makeRun("newer", day: 2)
    #expect(try lookup.journal(nil) == newer)
    folder.link("wandb/latest-run", to: "offline-run-20261101_070653-older")
    #expect(FileAccess.resolved(try lookup.journal(nil)) == FileAccess.resolved(older))
  }

  @Test func aLinkToNothingIsPassedOver() throws {
    let run = makeRun("abc", day: 1)
    folder.link("wandb/latest-run", to: "offline-run-20261109_000000-gone")
    #expect(try lookup.journal(nil) == run)
  }

  @Test func aRunIsFoundByEveryNameOfIt() throws {
    let run = makeRun("abc-d", day: 1)
    _ = makeRun("other", day: 2)
    let runFolder = folder.path("wandb/offline-run-20261101_070653-abc-d")
    for name in ["abc-d", "offline-run-20261101_070653-abc-d", run, runFolder, runFolder + "/"] {
      let found = try lookup.journal(name)
      #expect(FileAccess.resolved(found) == FileAccess.resolved(run), "\(name)")
    }
  }

  @Test func foldersAboveGiveTheirLatest() throws {
    let run = makeRun("abc", day: 1)
    #expect(try lookup.journal(folder.path("wandb")) == run)
    #expect(try lookup.journal(folder.path) == run)
  }

  @Test func ofOneIDTheNewestRunIsMeant() throws {
    _ = makeRun("again", day: 1)
    let second = makeRun("again", day: 2)
    #expect(try lookup.journal("again") == second)
  }

  @Test func runsThatWentToTheTemporaryFolderAreFoundByID() throws {
    folder.write("tmp/wandb/x")
    let run = makeRun("away", day: 1, below: "tmp/wandb")
    #expect(try lookup.journal("away") == run)
  }

  @Test func aHiddenFolderCountsToo() throws {
    let run = makeRun("abc", day: 1, below: ".wandb")
    #expect(try lookup.journal(nil) == run)
  }

  @Test func whatIsNotThereIsNamed() {
    for name in [nil, "nope", folder.path] {
      do {
        _ = try lookup.journal(name)
        Issue.record("found something for \(name ?? "nothing")")
      } catch {
        #expect(error.reason.contains(folder.path))
      }
    }
  }

  @Test func severalJournalsInAFolderMustBeNamed() {
    folder.write("a.wandb")
    folder.write("b.wandb")
    #expect(throws: RunLookup.NotFound.self) { try lookup.journal(folder.path) }
  }
}
