import Testing

@testable import TrackShim

@Suite struct SavedFileTests {
  private func file(_ path: String, from directory: String = "/home/me") -> [String]? {
    SavedFile(Array(path.utf8), from: Array(directory.utf8)).map { [$0.name, $0.path.asText] }
  }

  @Test func namesAreThoseOfTheOfficialClient() {
    #expect(file("m.bin") == ["m.bin", "/home/me/m.bin"])
    #expect(file("./ckpt//m.bin") == ["ckpt/m.bin", "/home/me/./ckpt//m.bin"])
    // Where `a` is a link, its `..` is elsewhere.
    #expect(file("a/../b") == ["b", "/home/me/a/../b"])
    #expect(file("../b") == ["home/b", "/home/me/../b"])
    #expect(file("a/../../../b/c/d") == ["c/d", "/home/me/a/../../../b/c/d"])
    #expect(file("/data/run7/m.bin", from: "") == ["run7/m.bin", "/data/run7/m.bin"])
    #expect(file("/m.bin") == ["m.bin", "/m.bin"])
    #expect(file("../../../../../m")?.first == "m")
    #expect(SavedFile([0x66, 0xFF], from: Array("/w".utf8))?.path == Array("/w/f".utf8) + [0xFF])
  }

  @Test func whatNamesNoFileIsNone() {
    for path in ["", "/", "a/", ".", "..", "a/..", "a/.", "a\u{0}b", "a\nb", String(repeating: "x", count: 241)] {
      #expect(file(path) == nil, "\(path)")
    }
    for name in [
      "config.yaml", "./output.log", "wandb-summary.json", "wandb-history.jsonl", "x/../wandb-x", "output.log/x",
      "wandb-x/y",
    ] {
      #expect(file(name) == nil, "\(name)")
    }
    #expect(file("sub/config.yaml") != nil)
    #expect(file("m.bin", from: "") == nil && file("m.bin", from: "home") == nil)
    #expect(file(String(repeating: "x/", count: 2100) + "y") == nil)
  }

  /// What is let through at a glance is let through by all that is asked, wherever it is.
  @Test func aPlainPathIsUsable() {
    var random = SplitMix(seed: 7)
    let steps = ["a", "ckpt", ".", "..", "...", ".x", "wandb", "wandb-x", "output.log", "m\u{7F}", "ü", "", "x y"]
    let longer = RunFile.own + [String(repeating: "x", count: 120), "\n"]
    var plain = 0
    for _ in 0..<1_000 {
      let path = (0..<(1 + random.below(4))).map { _ in (steps + longer)[random.below(steps.count + longer.count)] }
        .joined(separator: "/")
      // As an argument is: neither empty nor with a slash at its end.
      guard !path.isEmpty, !path.hasSuffix("/"), Array(path.utf8).withUnsafeBytes({ SavedFile.isPlain($0) }) else {
        continue
      }
      plain += 1
      for directory in ["/", "/home/me", "/wandb-x"] { #expect(file(path, from: directory) != nil, "\(path)") }
    }
    #expect(plain > 100)
    #expect(Array("ckpt/step-100.bin".utf8).withUnsafeBytes { SavedFile.isPlain($0) })
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

  /// The next one is sent, or not taken.
  private func finishNext(_ queue: inout SavedFileQueue, isRefused: Bool = false) throws -> SavedFileQueue.Entry {
    let next = queue.next(isEnding: true)
    let entry = try #require(next)
    queue.finish(entry, isRefused: isRefused)
    return entry
  }

  @Test func aFileThatIsNamedAgainIsSentOnce() throws {
    var queue = SavedFileQueue()
    queue.append(record("a", "b", "../bad", "a"))
    #expect(queue.waiting(most: 9) == ["b", "a"] && queue.count == 4)
    #expect(try finishNext(&queue).name == "b")
    #expect(queue.marks == SavedFileMarks(seen: 4, left: [3]))
    let second = queue.next(isEnding: false)
    // Written and named once more while it is on its way.
    queue.append(record("a"))
    queue.finish(try #require(second), isRefused: false)
    #expect(queue.waiting(most: 9) == ["a"] && queue.marks == SavedFileMarks(seen: 5, left: [4]))
  }

  @Test func whatWasRefusedIsLeftForTheNext() throws {
    var queue = SavedFileQueue()
    queue.append(record("a", "b"))
    _ = try finishNext(&queue, isRefused: true)
    _ = try finishNext(&queue)
    #expect(queue.hasRefused && !queue.hasWaiting)
    var next = SavedFileQueue(done: queue.marks)
    next.append(record("a", "b"))
    #expect(next.waiting(most: 9) == ["a"])
  }

  @Test func whatIsForTheEndWaits() {
    var queue = SavedFileQueue()
    var live = FilesRecord(saved: "a")
    live.files[0].policy = .live
    queue.append(live)
    let now = queue.next(isEnding: false), later = queue.next(isEnding: true)
    #expect(now == nil && later?.name == "a")
  }

  @Test func spellingsThatLookAlikeAreTwoFiles() {
    var queue = SavedFileQueue()
    queue.append(record("e\u{301}", "\u{e9}"))
    #expect(queue.waitingCount == 2)
  }

  @Test func anotherStateOfTheSameQueueCatchesUp() throws {
    var queue = SavedFileQueue()
    queue.append(record("a", "b"))
    var before = queue
    _ = try finishNext(&queue)
    before.adopt(queue.marks)
    #expect(before.waiting(most: 9) == ["b"])
    #expect(try finishNext(&before).name == "b")
  }

  /// 40,000 names, each twice, are a matter of moments.
  @Test func manyFilesTakeNoLongerEach() throws {
    var queue = SavedFileQueue()
    for number in 0..<80_000 { queue.append(record("f\(number % 40_000)")) }
    #expect(queue.waitingCount == 40_000)
    for number in 0..<2000 {
      #expect(try finishNext(&queue).number == 40_000 + number)
      #expect(queue.marks.left.first == 40_001 + number)
    }
  }

  @Test func moreThanCanBeRememberedIsNotTakenForDone() {
    var queue = SavedFileQueue()
    for number in 0..<500 { queue.append(record("f\(number)")) }
    let marks = queue.marks
    #expect(marks.left.count == 100 && !marks.contains(499) && !marks.contains(100) && !marks.contains(5))
  }
}
