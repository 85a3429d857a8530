import Testing

@testable import TrackShim

@Suite struct SavedFileTests {
  private func file(_ path: String, from directory: String = "/home/me") -> [String]? {
    SavedFile(Array(path.utf8), from: Array(directory.utf8)).map { [$0.name, $0.path.asText] }
  }

  @Test func namesAreThoseOfTheOfficialClient() {
    #expect(file("m.bin") == ["m.bin", "/home/me/m.bin"])
    #expect(file("./ckpt//m.bin") == ["ckpt/m.bin", "/home/me/ckpt/m.bin"])
    #expect(file("a/../b") == ["b", "/home/me/b"])
    #expect(file("../b") == ["home/b", "/home/b"])
    #expect(file("a/../../../b/c/d") == ["c/d", "/b/c/d"])
    #expect(file("/data/run7/m.bin", from: "") == ["run7/m.bin", "/data/run7/m.bin"])
    #expect(file("/m.bin") == ["m.bin", "/m.bin"])
    #expect(file("../../../../../m") == ["m", "/m"])
    #expect(SavedFile([0x66, 0xFF], from: Array("/w".utf8))?.path == Array("/w/f".utf8) + [0xFF])
  }

  @Test func whatNamesNoFileIsNone() {
    for path in ["", "/", "a/", ".", "..", "a/..", "a/.", "a\u{0}b", "a\nb", String(repeating: "x", count: 241)] {
      #expect(file(path) == nil, "\(path)")
    }
    for name in ["config.yaml", "./output.log", "wandb-summary.json", "wandb-history.jsonl", "x/../wandb-x"] {
      #expect(file(name) == nil, "\(name)")
    }
    #expect(file("sub/config.yaml") != nil)
    #expect(file("m.bin", from: "") == nil)
    #expect(file(String(repeating: "x/", count: 2100) + "y") == nil)
  }

  @Test func namesFromAJournalNeverLeaveTheFolder() {
    for name in ["../x", "/etc/passwd", "a//b", "a/../b", "", ".", "a/.", "config.yaml"] {
      #expect(!SavedFile.isUsable(name), "\(name)")
    }
  }

  // MARK: What is still to be sent

  private func record(_ names: String...) -> FilesRecord {
    var record = FilesRecord()
    for name in names { record.files += FilesRecord(saved: name).files }
    return record
  }

  @Test func aFileThatIsNamedAgainIsSentOnce() throws {
    var queue = SavedFileQueue()
    queue.append(record("a", "b", "../bad", "a"))
    #expect(queue.left == ["b", "a"] && queue.count == 4)
    let first = try #require(queue.next(isEnding: false))
    queue.finish(first, isRefused: false)
    #expect(queue.marks == SavedFileMarks(seen: 4, left: [3]))
    let second = try #require(queue.next(isEnding: false))
    // Written and named once more while it is on its way.
    queue.append(record("a"))
    queue.finish(second, isRefused: false)
    #expect(queue.left == ["a"] && queue.marks == SavedFileMarks(seen: 5, left: [4]))
  }

  @Test func whatWasRefusedIsLeftForTheNext() throws {
    var queue = SavedFileQueue()
    queue.append(record("a", "b"))
    queue.finish(try #require(queue.next(isEnding: false)), isRefused: true)
    queue.finish(try #require(queue.next(isEnding: false)), isRefused: false)
    #expect(queue.next(isEnding: true) == nil)
    var next = SavedFileQueue(done: queue.marks)
    next.append(record("a", "b"))
    #expect(next.left == ["a"])
  }

  @Test func whatIsForTheEndWaits() {
    var queue = SavedFileQueue()
    var live = FilesRecord(saved: "a")
    live.files[0].policy = .live
    queue.append(live)
    #expect(queue.next(isEnding: false) == nil && queue.next(isEnding: true)?.name == "a")
  }

  @Test func moreThanCanBeRememberedIsNotTakenForDone() {
    var queue = SavedFileQueue()
    for number in 0..<500 { queue.append(record("f\(number)")) }
    let marks = queue.marks
    #expect(marks.left.count == 100 && !marks.contains(499) && !marks.contains(100) && !marks.contains(5))
  }
}
