import CTrackShim
import Testing

@testable import TrackShim

@Suite struct ConsoleFileTests {
  private func line(_ number: Int, _ text: String, _ stream: OutputStream = .standardOutput, open: Bool = false)
    -> ConsoleLine
  {
    ConsoleLine(number: number, stream: stream, time: 0, text: Array(text.utf8), isOpen: open)
  }

  private func withFile(_ body: (ConsoleFile, () -> String) throws -> Void) throws {
    let folder = TemporaryFolder()
    defer { folder.remove() }
    let file = try #require(ConsoleFile(folder("output.log")))
    try body(file) { folder.read("output.log").asText }
  }

  @Test func linesInOrder() throws {
    try withFile { file, text in
      #expect(file.size == 0 && file.flush() && text() == "")
      file.write(line(0, "a"))
      file.write(line(1, ""))
      file.write(line(2, "é", .standardError))
      #expect(file.size == 6)
      #expect(file.flush() && text() == "a\n\né\n")
    }
  }

  @Test func whatWasThereIsEmptied() throws {
    let folder = TemporaryFolder()
    defer { folder.remove() }
    folder.write("output.log", Array("old".utf8))
    #expect(ConsoleFile(folder("output.log")) != nil && folder.read("output.log") == [])
    #expect(ConsoleFile(folder("no/such/folder")) == nil)
  }

  @Test func theLastLineComesAgain() throws {
    try withFile { file, text in
      file.write(line(0, "a"))
      file.write(line(1, "long open", open: true))
      file.write(line(1, "longer open", open: true))
      #expect(file.flush() && text() == "a\nlonger open\n")
      file.write(line(1, "x", open: true))
      file.write(line(2, "y", .standardError))
      #expect(file.flush() && text() == "a\nx\ny\n" && file.size == 6)
    }
  }

  @Test(arguments: ["", "same", "longer", "s"])
  func anEarlierLineComesAgain(replacement: String) throws {
    try withFile { file, text in
      file.write(line(0, "zero"))
      file.write(line(1, "open", open: true))
      file.write(line(2, "err", .standardError, open: true))
      file.write(line(3, "three"))
      for isFlushedBefore in [false, true] {
        if isFlushedBefore { #expect(file.flush()) }
        file.write(line(2, "e\(isFlushedBefore)", .standardError, open: true))
        file.write(line(1, replacement, open: true))
      }
      #expect(file.flush() && text() == "zero\n\(replacement)\netrue\nthree\n")
      #expect(file.size == text().utf8.count)
    }
  }

  @Test func anOpenLineFarBackIsStillFound() throws {
    try withFile { file, text in
      file.write(line(0, "10%", .standardError, open: true))
      for number in 1...10_000 { file.write(line(number, "line \(number)")) }
      file.write(line(0, "100%", .standardError))
      #expect(file.flush())
      let lines = text().split(separator: "\n")
      #expect(
        lines.count == 10_001 && lines.first == "100%" && lines.last == "line 10000" && lines[5_000] == "line 5000")
    }
  }

  /// Bigger than the blocks in which it is moved.
  @Test(arguments: [1, 70_000])
  func aLongTail(growth: Int) throws {
    try withFile { file, text in
      let tail = (1...300).map { String(repeating: "\($0) ", count: 300) }
      file.write(line(0, "open", .standardError, open: true))
      for (index, text) in tail.enumerated() { file.write(line(index + 1, text)) }
      #expect(file.flush())
      file.write(line(0, String(repeating: "x", count: 4 + growth), .standardError, open: true))
      #expect(file.flush() && text() == ([String(repeating: "x", count: 4 + growth)] + tail).map { $0 + "\n" }.joined())
      file.write(line(0, "", .standardError))
      #expect(file.flush() && text() == ([""] + tail).map { $0 + "\n" }.joined())
    }
  }

  @Test func linesAreCutOff() throws {
    try withFile { file, text in
      file.write(line(0, "a"))
      file.write(line(1, "b", open: true))
      #expect(file.flush())
      file.write(line(2, "c", .standardError, open: true))
      file.write(line(1, "bb", open: true))
      file.cut(toLine: 2)
      #expect(file.flush() && text() == "a\nbb\n")
      file.cut(toLine: 7)
      file.cut(toLine: 1)
      #expect(file.size == 2)
      file.write(line(1, "again"))
      file.write(line(2, "more"))
      #expect(file.flush() && text() == "a\nagain\nmore\n")
      file.cut(toLine: 0)
      #expect(file.flush() && text() == "" && !file.isBroken)
    }
  }

  @Test func aCutFurtherBackThanItKnowsEndsIt() throws {
    try withFile { file, text in
      for number in 0..<10_000 { file.write(line(number, "\(number)")) }
      file.cut(toLine: 10_000 - ConsoleFile.keptLines)
      #expect(file.flush() && !file.isBroken)
      file.cut(toLine: 3)
      #expect(file.isBroken && !file.flush())
      file.write(line(3, "x"))
      #expect(file.isBroken)
    }
  }

  @Test func aFullDiskEndsIt() throws {
    let file = try #require(ConsoleFile("full", file: tsi_open("/dev/full", OpenFlags.readWrite, 0)))
    file.write(line(0, "a"))
    #expect(!file.isBroken && !file.flush() && file.isBroken)
    file.write(line(1, "b"))
    file.cut(toLine: 0)
    #expect(!file.flush())
  }

  @Test func aGapEndsIt() throws {
    try withFile { file, _ in
      file.write(line(0, "a"))
      file.write(line(2, "c"))
      #expect(file.isBroken)
    }
  }

  /// Against a plain list of lines.
  @Test func anyOrderOfThings() throws {
    var random = SplitMix(seed: 31)
    for round in 0..<60 {
      try withFile { file, text in
        var lines: [String] = []
        var open: [Int?] = [nil, nil]
        for _ in 0..<200 {
          let stream: OutputStream = random.below(2) == 0 ? .standardError : .standardOutput
          let content = String(repeating: "x", count: random.below(random.below(10) == 0 ? 3_000 : 8))
          let isOpen = random.below(3) == 0
          switch random.below(12) {
          case 0: #expect(file.flush())
          case 1:
            let number = max(0, lines.count - random.below(5))
            file.cut(toLine: number)
            lines.removeLast(lines.count - number)
            open = open.map { $0.flatMap { $0 < number ? $0 : nil } }
          case 2...5:
            guard let number = open[stream.index] else { continue }
            file.write(line(number, content, stream, open: isOpen))
            lines[number] = content
            if !isOpen { open[stream.index] = nil }
          default:
            file.write(line(lines.count, content, stream, open: isOpen))
            open[stream.index] = isOpen ? lines.count : nil
            lines.append(content)
          }
        }
        let isRight = file.flush() && text() == lines.map { $0 + "\n" }.joined() && file.size == text().utf8.count
        if !isRight { Issue.record("round \(round)") }
      }
    }
  }
}
