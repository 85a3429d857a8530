import Testing

@testable import TrackShim

@Suite struct ConsoleLinesTests {
  /// What comes of chunks on stdout, the last line included.
  private func texts(_ chunks: [String]) -> [String] {
    var lines = ConsoleLines()
    for chunk in chunks { lines.take(chunk, .standardOutput) }
    return lines.takeChanges(includingOpen: true).map(\.text.asText)
  }

  /// Checked against W&B's own client (0.31.0), but for the cases marked.
  @Test(
    arguments: [
      ([], []), (["abc\ndef\n"], ["abc", "def"]), (["a", "bc", "\n"], ["abc"]), (["unfinished"], ["unfinished"]),
      (["abc\r\ndef\r\n"], ["abc", "def"]), (["abc", "\r", "\n"], ["abc"]), (["abc\r\r\n"], ["abc"]),
      (["aaaa\rbb\n"], ["bbaa"]), (["10%\r20%\r30%\n"], ["30%"]), (["a\n", "\r"], ["a"]),
      (["keep  \n"], ["keep"]), (["ab  ", "c\n"], ["ab  c"]), (["  x\n"], ["  x"]), (["   \n"], [""]),
      (["\n\nx\n"], ["", "", "x"]), (["\r\n"], [""]), (["\rx\n"], ["x"]),
      (["\u{1B}[31mred\u{1B}[0m\n"], ["\u{1B}[31mred\u{1B}[0m"]), (["ab\u{8}c\n"], ["ab\u{8}c"]),
      (["\u{1B}[31maaaa\u{1B}[0m\r\u{1B}[32mbb\u{1B}[0m\n"], ["\u{1B}[32mbb\u{1B}[0m0m"]),
      (["a\tb\u{B}\u{0}c\n"], ["a\tb\u{B}\u{0}c"]), (["日本語\rab\n"], ["ab語"]), (["abc\ré\n"], ["ébc"]),
      // Otherwise than there: blanks that cover older text are not shown.
      (["aaaa", "\rbb  \n"], ["bb"]), (["[####]\r[##]  \nnext\n"], ["[##]", "next"]), (["abc", "\r   ", "\n"], [""]),
      // Otherwise than there: empty lines at the end are lines.
      (["abc\n\n\n"], ["abc", "", ""]),
    ] as [([String], [String])])
  func linesOfAStream(chunks: [String], expected: [String]) {
    #expect(texts(chunks) == expected)
    // The same, a byte at a time.
    let bytes = chunks.joined().utf8.map { [$0] }
    var lines = ConsoleLines()
    for byte in bytes { lines.take(byte, .standardOutput) }
    #expect(lines.takeChanges(includingOpen: true).map(\.text.asText) == expected)
  }

  @Test func aNumberComesWithTheFirstCharacter() {
    var lines = ConsoleLines()
    lines.take("out1", .standardOutput)
    lines.take("err1", .standardError)
    lines.take("more\n\n", .standardOutput)
    lines.take("\r", .standardOutput)
    lines.take("x\n", .standardError)
    lines.take("z\n", .standardOutput)
    let taken = lines.takeChanges(includingOpen: false)
    #expect(taken.map(\.number) == [0, 1, 2, 3] && lines.count == 4)
    #expect(taken.map(\.text.asText) == ["out1more", "err1x", "", "z"])
    #expect(taken.map(\.stream) == [.standardOutput, .standardError, .standardOutput, .standardOutput])
    #expect(taken.allSatisfy { !$0.isOpen })
  }

  @Test func anOpenLineComesWithALaterOneAndWhenItIsFinished() {
    var lines = ConsoleLines()
    lines.take("open", .standardOutput)
    #expect(lines.takeChanges(includingOpen: false) == [] && lines.count == 1)
    lines.take("e1\ne2\n", .standardError)
    #expect(lines.takeChanges(includingOpen: false).map(\.text.asText) == ["open", "e1", "e2"])
    lines.take(" changed", .standardOutput)
    lines.take("e3\n", .standardError)
    #expect(lines.takeChanges(includingOpen: false).map(\.number) == [3])
    lines.take("!\nnext\n", .standardOutput)
    let last = lines.takeChanges(includingOpen: false)
    #expect(last.map(\.number) == [0, 4] && last.first?.text.asText == "open changed!")
    #expect(lines.takeChanges(includingOpen: true) == [])
  }

  @Test func anOpenLineWithoutALaterOneWaits() {
    var lines = ConsoleLines()
    lines.take("a\nopen", .standardOutput)
    lines.take("err", .standardError)
    #expect(lines.takeChanges(includingOpen: false).map(\.number) == [0])
    lines.take("\n", .standardOutput)
    #expect(lines.takeChanges(includingOpen: false).map(\.number) == [1])
    lines.take("b\n", .standardOutput)
    let both = lines.takeChanges(includingOpen: false)
    #expect(both.map(\.number) == [2, 3] && both.map(\.isOpen) == [true, false])
  }

  @Test func includingOpenGivesChangesOnce() {
    var lines = ConsoleLines()
    lines.take("10%", .standardError)
    #expect(lines.takeChanges(includingOpen: true).map(\.text.asText) == ["10%"])
    #expect(lines.takeChanges(includingOpen: true) == [])
    lines.take("\r20%", .standardError)
    let again = lines.takeChanges(includingOpen: true)
    #expect(again.map(\.text.asText) == ["20%"] && again.map(\.isOpen) == [true] && again.map(\.number) == [0])
    lines.take("\r20%  ", .standardError)
    #expect(lines.takeChanges(includingOpen: true) == [])
    lines.take("\n", .standardError)
    let finished = lines.takeChanges(includingOpen: false)
    #expect(finished.map(\.text.asText) == ["20%"] && finished.map(\.isOpen) == [false])
    #expect(lines.takeChanges(includingOpen: true) == [])
  }

  @Test func timesAreThoseOfTheLatestChange() {
    var lines = ConsoleLines()
    #expect(lines.openSince == nil)
    lines.take("a", .standardOutput, at: 10)
    lines.take("e", .standardError, at: 15)
    lines.take("b", .standardOutput, at: 20)
    #expect(lines.openSince == 10)
    #expect(lines.takeChanges(includingOpen: true).map(\.time) == [20, 15] && lines.openSince == nil)
    lines.take("\r  ", .standardOutput, at: 25)
    #expect(lines.openSince == 25)
    lines.take("\n", .standardOutput, at: 30)
    lines.take("whole\n\n", .standardOutput, at: 40)
    #expect(lines.openSince == nil)
    #expect(lines.takeChanges(includingOpen: false).map(\.time) == [25, 40, 40])
  }

  @Test func aCopyIsAStateOfItsOwn() {
    var lines = ConsoleLines()
    lines.take("a\nb", .standardOutput)
    let earlier = lines
    lines.take("c\n", .standardOutput)
    #expect(lines.takeChanges(includingOpen: true).map(\.text.asText) == ["a", "bc"])
    var back = earlier
    #expect(back.takeChanges(includingOpen: true).map(\.text.asText) == ["a", "b"])
  }

  // MARK: Bounds and odd bytes

  private func longText(_ count: Int) -> [UInt8] { [UInt8](repeating: 0x78, count: count) }

  @Test func aLineCutByTheCaptureIsNotCutAgain() {
    let cut = longText(65_536) + Array(" [... 12345678 bytes cut]".utf8)
    var lines = ConsoleLines()
    lines.take(cut + [0x0A], .standardOutput)
    #expect(lines.takeChanges(includingOpen: false).first?.text == cut)
  }

  @Test(arguments: [1, 7, 70_000, 200_000])
  func longLinesAreCut(piece: Int) {
    for blanks in [0, 5] {
      let all = longText(100_000) + [UInt8](repeating: 0x20, count: blanks)
      var lines = ConsoleLines()
      for start in stride(from: 0, to: all.count, by: piece) {
        lines.take(Array(all[start..<min(start + piece, all.count)]), .standardOutput)
      }
      lines.take("\n", .standardOutput)
      let text = lines.takeChanges(includingOpen: false).first?.text ?? []
      #expect(text == longText(65_600) + Array(" [... 34400 bytes cut]".utf8))
    }
  }

  @Test func blanksBeyondTheEndAreNotMissed() {
    var lines = ConsoleLines()
    lines.take(longText(65_600), .standardOutput)
    lines.take([UInt8](repeating: 0x20, count: 1_000), .standardOutput)
    lines.take("\r", .standardOutput)
    lines.take(longText(65_600) + [0x20, 0x20, 0x0A], .standardOutput)
    #expect(lines.takeChanges(includingOpen: false).first?.text == longText(65_600))
  }

  @Test func aCharacterIsCutAsAWhole() {
    for piece in [100_000, 3] {
      let all = Array(String(repeating: "é", count: 32_799).utf8) + Array("€€€".utf8)
      var lines = ConsoleLines()
      for start in stride(from: 0, to: all.count, by: piece) {
        lines.take(Array(all[start..<min(start + piece, all.count)]), .standardOutput)
      }
      let text = lines.takeChanges(includingOpen: true).first?.text.asText ?? ""
      #expect(text == String(repeating: "é", count: 32_799) + " [... 9 bytes cut]")
    }
  }

  @Test func aLongLineThatIsOverwrittenStaysBounded() {
    var lines = ConsoleLines()
    lines.take(longText(1_000_000), .standardOutput)
    for _ in 0..<3 { lines.take(Array("\r".utf8) + longText(70_000), .standardOutput) }
    let text = lines.takeChanges(includingOpen: true).first?.text ?? []
    #expect(text.count < 65_700 && text.starts(with: longText(65_600)) && text.last == UInt8(ascii: "]"))
  }

  @Test(
    arguments: [
      ([0x61, 0xFF, 0x62, 0x0A], "a\u{FFFD}b"), ([0x61, 0xE2, 0x82, 0x0A], "a\u{FFFD}"),
      ([0x61, 0x0D, 0xE2, 0x82, 0x62, 0x0A], "\u{FFFD}b"), ([0x61, 0x62, 0x0D, 0xE2, 0x0D, 0x63, 0x0A], "cb"),
      ([0x61, 0x0D, 0xFF, 0xC3, 0xA9, 0x0A], "\u{FFFD}é"), ([0x61, 0x0D, 0xE2, 0x82, 0x0A], "\u{FFFD}"),
      ([0x61, 0x0D, 0xE2, 0xE2, 0x82, 0xAC, 0x0A], "\u{FFFD}€"),
    ] as [([UInt8], String)])
  func illFormedTextIsReplaced(bytes: [UInt8], expected: String) {
    var whole = ConsoleLines()
    whole.take(bytes, .standardOutput)
    #expect(whole.takeChanges(includingOpen: true).map(\.text.asText) == [expected])
    var pieces = ConsoleLines()
    for byte in bytes { pieces.take([byte], .standardOutput) }
    #expect(pieces.takeChanges(includingOpen: true).map(\.text.asText) == [expected])
  }

  /// Whatever comes in whatever pieces: taking now and then gives the same lines as taking once, numbers are
  /// without gaps, and at no time is a line there before all lines above it are.
  @Test func piecesAndMomentsDoNotMatter() {
    let pieces =
      ["a", "bc ", "\n", "\r", "\r\n", "é", "  ", "\u{1B}[1m", "x\ny\n", "zzzz", "€\rq"]
      .map { Array($0.utf8) } + [[0xE2], [0x82], [0xFF]]
    var random = SplitMix(seed: 23)
    for round in 0..<3_000 {
      var once = ConsoleLines()
      var often = ConsoleLines()
      var known: [Int: ConsoleLine] = [:]
      for _ in 0..<random.below(30) {
        let chunk = (0...random.below(3)).flatMap { _ in pieces[random.below(pieces.count)] }
        let stream: OutputStream = random.below(2) == 0 ? .standardError : .standardOutput
        once.take(chunk, stream)
        for byte in chunk { often.take([byte], stream) }
        guard random.below(3) == 0 else { continue }
        receive(often.takeChanges(includingOpen: random.below(2) == 0), into: &known, round)
      }
      receive(often.takeChanges(includingOpen: true), into: &known, round)
      let expected = once.takeChanges(includingOpen: true)
      if expected != known.values.sorted(by: { $0.number < $1.number }) || once.count != expected.count {
        Issue.record("round \(round): \(expected.map(\.text.asText)) / \(known)")
      }
    }
  }

  private func receive(_ lines: [ConsoleLine], into known: inout [Int: ConsoleLine], _ round: Int) {
    for line in lines {
      let isAgain = known[line.number] != nil
      if !isAgain, line.number != known.count { Issue.record("round \(round): gap before \(line.number)") }
      if known[line.number]?.isOpen == false { Issue.record("round \(round): \(line.number) came after its end") }
      known[line.number] = line
    }
    if zip(lines, lines.dropFirst()).contains(where: { $0.number >= $1.number }) {
      Issue.record("round \(round): not in order")
    }
  }
}

extension ConsoleLines {
  fileprivate mutating func take(_ bytes: [UInt8], _ stream: OutputStream, at wall: Int64 = 0) {
    bytes.withUnsafeBytes { take($0, stream, at: wall) }
  }

  fileprivate mutating func take(_ text: String, _ stream: OutputStream, at wall: Int64 = 0) {
    take(Array(text.utf8), stream, at: wall)
  }
}
