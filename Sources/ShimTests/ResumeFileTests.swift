import Testing

@testable import TrackShim

@Suite struct ResumeFileTests {
  @Test func itIsKeptAndRemoved() {
    let folder = TemporaryFolder()
    defer { folder.remove() }
    Files.makeFolder(folder("wandb"))
    let file = ResumeFile(parent: folder.path)
    #expect(file.path == folder("wandb/wandb-resume.json"))
    #expect(file.runID() == nil)
    for id in ["k3x9q0ab", "a \"quoted\" ü id"] {
      #expect(file.write(id))
      #expect(file.runID() == id)
    }
    #expect(Files.list(folder("wandb")) == ["wandb-resume.json"])
    file.remove()
    file.remove()
    #expect(Files.list(folder("wandb")) == [])
  }

  /// What json.dump of the official client writes.
  @Test func theOfficialFile() {
    let folder = TemporaryFolder()
    defer { folder.remove() }
    Files.makeFolder(folder(".wandb"))
    let file = ResumeFile(parent: folder.path)
    folder.write(".wandb/wandb-resume.json", Array("{\"run_id\": \"\\u00fcx9\"}".utf8))
    #expect(file.runID() == "üx9")
    _ = file.write("plain")
    #expect(folder.read(".wandb/wandb-resume.json").asText == "{\"run_id\": \"plain\"}")
  }

  @Test(arguments: [
    "", "{", "[]", "{}", "\"x\"", "{\"run_id\": 1}", "{\"run_id\": \"\"}", "{\"run_id\": \"../x\"}",
    "{\"run_id\": \"a\\nb\"}",
    "{\"run_id\": null}",
  ]) func whatIsNoID(_ text: String) {
    let folder = TemporaryFolder()
    defer { folder.remove() }
    Files.makeFolder(folder("wandb"))
    folder.write("wandb/wandb-resume.json", Array(text.utf8))
    #expect(ResumeFile(parent: folder.path).runID() == nil)
  }

  @Test func withoutAFolderNothingIsWritten() {
    let file = ResumeFile(parent: "/nonexistent/trackshim")
    #expect(!file.write("x"))
    #expect(file.runID() == nil)
    file.remove()
  }
}
