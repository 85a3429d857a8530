import CTrackShim
import Synchronization
import Testing

@testable import TrackShim

@Suite struct RunDirectoryTests {
  private let start: Int64 = 1_795_331_147

  private func withFolder(_ body: (TemporaryFolder) throws -> Void) rethrows {
    let folder = TemporaryFolder()
    defer { folder.remove() }
    try body(folder)
  }

  private func create(in parent: String, temporary: String = "/dev/null/nowhere", id: String = "abc") throws
    -> RunDirectory
  {
    try RunDirectory.create(parent: parent, temporary: temporary, runID: id, startSeconds: start)
  }

  @Test func isLaidOutAsWandbDoes() throws {
    try withFolder { folder in
      let run = try create(in: folder.path)
      let name = run.path.lastPathComponent
      #expect(run.path == folder("wandb/" + name))
      #expect(name.hasPrefix("offline-run-2026112"))
      #expect(name.hasSuffix("-abc"))
      #expect(name.utf8.count == "offline-run-20261122_070653-abc".utf8.count)
      #expect(run.journalPath == run.path + "/run-abc.wandb")
      #expect(Set(Files.list(run.path)) == ["files", "logs", "tmp"])
      #expect(Files.list(folder("wandb")) == [name])
    }
  }

  @Test func latestRunPointsToTheLatest() throws {
    try withFolder { folder in
      for id in ["one", "two", "three"] {
        let run = try create(in: folder.path, id: id)
        run.becomeLatest()
        #expect(Files.linkTarget(folder("wandb/latest-run")) == run.path.lastPathComponent)
        #expect(Files.isDirectory(folder("wandb/latest-run/files")))
      }
      #expect(Files.list(folder("wandb")).count == 4)
    }
  }

  @Test func latestRunReplacesALinkButNoFolder() throws {
    try withFolder { folder in
      let run = try create(in: folder.path)
      _ = tsi_symlink("gone", folder("wandb/latest-run"))
      run.becomeLatest()
      #expect(Files.linkTarget(folder("wandb/latest-run")) == run.path.lastPathComponent)
      _ = tsi_unlink(folder("wandb/latest-run"))
      _ = tsi_mkdir(folder("wandb/latest-run"), 0o777)
      run.becomeLatest()
      #expect(Files.linkTarget(folder("wandb/latest-run")) == "")
      #expect(Set(Files.list(folder("wandb"))) == ["latest-run", run.path.lastPathComponent])
    }
  }

  @Test func theHiddenFolderIsPreferredWhereItIs() throws {
    try withFolder { folder in
      _ = tsi_mkdir(folder("wandb"), 0o777)
      folder.write(".wandb", [])
      try #expect(create(in: folder.path, id: "a").path.hasPrefix(folder("wandb/")))
      _ = tsi_unlink(folder(".wandb"))
      _ = tsi_mkdir(folder(".wandb"), 0o777)
      try #expect(create(in: folder.path, id: "b").path.hasPrefix(folder(".wandb/")))
    }
  }

  @Test func theParentsAreMade() throws {
    try withFolder { folder in
      try #expect(create(in: folder("new")).path.hasPrefix(folder("new/wandb/")))
      try #expect(create(in: folder("a/b c/d/")).path.hasPrefix(folder("a/b c/d/wandb/")))
    }
  }

  /// Root may write everywhere, so the place that cannot be written lies below a file.
  @Test func whatCannotBeWrittenFallsBackToTheTemporaryFolder() throws {
    try withFolder { folder in
      folder.write("file", [])
      _ = tsi_mkdir(folder("tmp"), 0o777)
      let run = try create(in: folder("file/x"), temporary: folder("tmp"))
      #expect(run.path.hasPrefix(folder("tmp/wandb/offline-run-")))
      // The name that the folder should have is a file's.
      _ = tsi_mkdir(folder("taken"), 0o777)
      folder.write("taken/wandb", [])
      try #expect(create(in: folder("taken"), temporary: folder("tmp"), id: "x").path.hasPrefix(folder("tmp/wandb/")))
      #expect(throws: SystemError(20)) { try create(in: folder("file/x"), temporary: folder("file/y")) }
    }
  }

  @Test func theSameIDWithinASecond() throws {
    try withFolder { folder in
      var paths: Set<String> = []
      for _ in 0..<5 { paths.insert(try create(in: folder.path).path) }
      #expect(paths.count == 5)
      // A sixth finds no free second: the temporary folder has one.
      #expect(throws: SystemError(20)) { try create(in: folder.path) }
      _ = tsi_mkdir(folder("tmp"), 0o777)
      try #expect(create(in: folder.path, temporary: folder("tmp")).path.hasPrefix(folder("tmp/wandb/")))
    }
  }

  /// The ranks of one training all begin at once, and one of them makes the wandb folder.
  @Test func manyAtOnceStayInOneFolder() {
    withFolder { folder in
      for round in 0..<60 {
        let parent = folder("p\(round)")
        _ = tsi_mkdir(parent, 0o777)
        let elsewhere = Mutex<[String]>([])
        Threads.run(4) { thread in
          let path = (try? create(in: parent, temporary: folder.path, id: "r\(thread)"))?.path ?? "none"
          if !path.hasPrefix(parent) { elsewhere.withLock { $0.append(path) } }
        }
        #expect(elsewhere.withLock { $0 } == [])
      }
    }
  }
}
