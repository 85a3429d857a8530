import Testing

@testable import TrackShim

@Suite struct SavePatternTests {
  @Test(arguments: [
    ("model.bin", "*.bin", true), ("model.bin", "*", true), ("model.bin", "m?del.bin", true),
    ("model.bin", "*.bi", false),
    ("a.b.bin", "*.bin", true), ("", "*", true), ("", "?", false), ("ab", "a*b*", true), ("ab", "**a**b**", true),
    ("abab", "*aab", false), ("aXbXc", "a*b*c", true), ("model", "model", true), ("model", "Model", false),
  ])
  func names(_ name: String, _ pattern: String, _ matches: Bool) {
    #expect(Wildcard.matches(Array(name.utf8), Array(pattern.utf8)) == matches)
  }

  @Test func manyStarsTakeNoLonger() {
    let pattern = Array(String(repeating: "*a", count: 100).utf8) + [UInt8(ascii: "b")]
    #expect(!Wildcard.matches([UInt8](repeating: UInt8(ascii: "a"), count: 2000), pattern))
  }

  private func names(_ files: [SavedFile]) -> [String] { files.map(\.name) }

  @Test func aFileIsSavedWhenItRests() {
    let folder = TemporaryFolder()
    defer { folder.remove() }
    Files.makeFolder(folder("ckpt/a"))
    folder.write("ckpt/a/old.bin", [1])
    var patterns = SavePatterns(["ckpt/*/*.bin", folder("*.pt")], directory: folder(""), since: 0)
    #expect(patterns.isDue(now: 0) && names(patterns.look(now: 0, isLast: false)) == [])
    folder.write("ckpt/a/old.bin", [1, 2])
    folder.write("ckpt/a/new.bin", [1])
    folder.write("ckpt/a/.hidden.bin", [1])
    folder.write("ckpt/b.bin", [1])
    folder.write("x.pt", [1])
    #expect(!patterns.isDue(now: 1) && names(patterns.look(now: SavePatterns.pause, isLast: false)) == [])
    let rested = names(patterns.look(now: 2 * SavePatterns.pause, isLast: false))
    #expect(Set(rested.map(\.lastPathComponent)) == ["old.bin", "new.bin", "x.pt"])
    #expect(rested.contains("ckpt/a/new.bin"))
    #expect(patterns.look(now: 3 * SavePatterns.pause, isLast: true).isEmpty)
    folder.write("ckpt/a/new.bin", [1, 2, 3])
    #expect(names(patterns.look(now: 4 * SavePatterns.pause, isLast: true)) == ["ckpt/a/new.bin"])
  }

  @Test func moreFilesThanALookTakesAreSaid() {
    let folder = TemporaryFolder()
    defer { folder.remove() }
    var patterns = SavePatterns(["*.bin"], directory: folder(""), since: 0)
    for number in 0..<SavePatterns.mostFiles { folder.write("\(number).bin", [1]) }
    #expect(patterns.look(now: 0, isLast: true).count == SavePatterns.mostFiles && !patterns.isCut)
    folder.write("a.bin", [1])
    #expect(patterns.look(now: 0, isLast: true).isEmpty && patterns.isCut)
  }

  @Test func whatWasThereBeforeIsNotOfThisRun() {
    let folder = TemporaryFolder()
    defer { folder.remove() }
    folder.write("a.bin", [1])
    var patterns = SavePatterns(["*.bin"], directory: folder(""), since: 4_000_000_000_000_000_000)
    #expect(patterns.look(now: 0, isLast: true).isEmpty)
  }
}
