import Testing

@testable import TrackShim

@Suite struct LineAssemblerTests {
  /// What is printed, and the lines that a terminal shows.
  private static let table: [(String, [String])] = [
    ("", []), ("\n", [""]), ("a\n", ["a"]), ("a\nb", ["a", "b"]), ("a\n\n\nb\n", ["a", "", "", "b"]),
    ("a\r\n", ["a"]), ("\r\n", [""]), ("a\r", ["a"]), ("a\r\r\n", ["a"]), ("a\r\r\nb\r\n", ["a", "b"]),
    ("hello\rab\n", ["abllo"]), ("10%\r20%\r30%\n", ["30%"]), ("abc\rx\r\n", ["xbc"]), ("\rabc\n", ["abc"]),
    ("progress backspace\u{8}\u{8}\u{8}\u{8}\u{8}wards\n", ["progress backwards"]),
    ("ab\u{8}\u{8}\u{8}\u{8}c\n", ["cb"]), ("\u{8}a\n", ["a"]), ("ab\u{8}\n", ["ab"]),
    ("hello\r\u{1B}[Kab\n", ["ab"]), ("hello\rab\u{1B}[K\n", ["ab"]), ("hello\rab\u{1B}[0Kc\n", ["abc"]),
    ("hello\u{1B}[2K\rab\n", ["ab"]), ("hello\u{1B}[2Kab\n", ["     ab"]), ("hello\u{1B}[2K\n", [""]),
    ("hello\rab\u{1B}[1K\n", ["   lo"]), ("hello\u{1B}[1Kx\n", ["     x"]), ("hello\u{1B}[3K\n", ["hello\u{1B}[3K"]),
    ("hello\u{1B}[2K\u{1B}[2Kx\ry\n", ["y    x"]), ("ab\u{1B}[2K\rc\n", ["c"]),
    ("\u{1B}[31mred\u{1B}[0m\n", ["\u{1B}[31mred\u{1B}[0m"]),
    ("\u{1B}[31m50%\u{1B}[0m\r\u{1B}[32m60%\u{1B}[0m\n", ["\u{1B}[32m60%\u{1B}[0m"]),
    ("\u{1B}[32m50%\r\u{1B}[Kdone\n", ["\u{1B}[32mdone"]), ("ab\r\u{1B}[1mc\n", ["\u{1B}[1mcb"]),
    ("\u{1B}]0;title\u{7}ab\rc\n", ["\u{1B}]0;title\u{7}cb"]),
    ("\u{1B}]8;;http://x\u{1B}\\ab\u{1B}]8;;\u{1B}\\\rc\n", ["\u{1B}]8;;http://x\u{1B}\\cb\u{1B}]8;;\u{1B}\\"]),
    ("\u{1B}(Bab\rc\n", ["\u{1B}(Bcb"]), ("ab\u{1B}7\rc\n", ["cb\u{1B}7"]), ("ab\u{1B}\rc\n", ["cb"]),
    ("ab\u{1B}[3\rc\n", ["cb"]), ("ab\u{1B}[3\n", ["ab\u{1B}[3"]), ("ab\u{1B}\n", ["ab\u{1B}"]),
    ("a NUL \0 inside\n", ["a NUL \0 inside"]), ("\0\0\r\0\n", ["\0\0"]), ("tab\tbell\u{7}\n", ["tab\tbell\u{7}"]),
    ("héllo\rjé\n", ["jéllo"]), ("世界\rab\n", ["ab"]), ("ab\r世\n", ["世b"]), ("a😀c\rxyz\n", ["xyz"]),
    ("██  \r███\n", ["███ "]), ("HellaSwag 10/314\rHellaSwag: 0.25\n", ["HellaSwag: 0.254"]),
  ]

  @Test(arguments: table) func showsWhatATerminalShows(_ printed: String, _ lines: [String]) {
    let bytes = Array(printed.utf8)
    #expect(RecordedLines.of([bytes]).lines.map(\.text) == lines)
    #expect(RecordedLines.of(bytes.map { [$0] }).lines.map(\.text) == lines)
  }

  @Test func invalidBytesAreKeptAndOneCellWide() {
    let cases: [([UInt8], [UInt8])] = [
      ([0x61, 0xE2, 0x80, 0x62, 0x0A], [0x61, 0xE2, 0x80, 0x62]),
      ([0xE2, 0x80, 0x0D, 0x78, 0x0A], [0x78, 0x80]),
      ([0xFF, 0xFE, 0x0D, 0x78, 0x0A], [0x78, 0xFE]),
      ([0xE0, 0x80, 0x80, 0x0D, 0x78, 0x0A], [0x78, 0x80, 0x80]),
      ([0xED, 0xA0, 0x80, 0x0D, 0x78, 0x0A], [0x78, 0xA0, 0x80]),
      ([0xF5, 0x80, 0x0D, 0x78, 0x0A], [0x78, 0x80]),
      ([0xF0, 0x9F, 0x98, 0x0D, 0x78, 0x0A], [0x78, 0x9F, 0x98]),
      ([0xC3, 0xC3, 0xA9, 0x0D, 0x78, 0x79, 0x0A], [0x78, 0x79]),
    ]
    for (printed, shown) in cases {
      #expect(RecordedLines.of([printed]).lines.map(\.bytes) == [shown])
      #expect(RecordedLines.of(printed.map { [$0] }).lines.map(\.bytes) == [shown])
    }
  }

  @Test func aWholeLineIsOneChunkWhereItLies() {
    let recorded = RecordedLines.of("one\ntwo\r\nthr\ree\n")
    #expect(recorded.chunks.map { String(decoding: $0, as: UTF8.self) } == ["one\n", "two\n", "eer\n"])
  }

  @Test func linesOfOnePieceAreOneChunk() {
    let recorded = RecordedLines.of("one\n\ntwo\n\u{1B}[31mred\u{1B}[0m\nthree\nfour\nfi")
    let chunks = ["one\n\ntwo\n", "\u{1B}[31mred\u{1B}[0m\n", "three\nfour\n", "fi"]
    #expect(recorded.chunks.map { String(decoding: $0, as: UTF8.self) } == chunks)
    #expect(recorded.lines.map(\.text) == ["one", "", "two", "\u{1B}[31mred\u{1B}[0m", "three", "four", "fi"])
  }

  /// A chunk ends with the first line that reaches beyond its bound; a line that is too long is in none of them.
  @Test func aChunkIsBounded() {
    let line = [UInt8](repeating: 0x61, count: 99) + [0x0A]
    let long = [UInt8](repeating: 0x62, count: LineAssembler.longestLine + 1) + [0x0A]
    let recorded = RecordedLines.of([Array(repeatElement(line, count: 8).joined()) + long + line])
    #expect(LineAssembler.longestRun == 512)
    #expect(recorded.chunks.map(\.count) == [600, 200, LineAssembler.longestLine + 19, 100])
    #expect(recorded.lines.count == 10)
    #expect(recorded.lines.map(\.cut).firstIndex(of: true) == 8)
  }

  @Test func aLineHasTheTimeOfItsEnd() {
    #expect(RecordedLines.of([[0x61], [0x0A, 0x62], [0x0A], [0x63]]).times == [1, 2, 3])
  }

  // MARK: Wake-ups in the middle of a line

  /// Pieces with a wake-up after each, and the chunks that the console log gets.
  private static let partials: [([String], [String])] = [
    (["ab", "c\n"], ["ab", "c\n"]), (["ab", "", "\n"], ["ab", "\n"]), (["ab", "\r", "\n"], ["ab", "\n"]),
    (["10%", "\r20%", "\r30%", "\n"], ["10%", "\r20%", "\r30%", "\n"]),
    (["10%", "\r", "\n"], ["10%", "\n"]), (["100%", "\r5%\u{1B}[K", "\n"], ["100%", "\r5%  ", "\n"]),
    (["abc", "\r\u{1B}[K", "x", "y\n"], ["abc", "\r   ", "\rx  ", "\rxy \n"]),
    (["abc\u{8}", "d\n"], ["abc", "\rabd\n"]), (["ab\rc", "d", "e\n"], ["cb", "\rcd", "e\n"]),
    (["ab\u{1B}[1", "mc", "\rd\n"], ["ab\u{1B}[1", "mc", "\rdb\u{1B}[1mc\n"]),
    (["a\n\n", "b"], ["a\n\n", "b"]), (["", "\n"], ["\n"]),
  ]

  @Test(arguments: partials) func theConsoleFollows(_ pieces: [String], _ chunks: [String]) {
    let recorded = RecordedLines.of(pieces.map { Array($0.utf8) }, partials: { _ in true })
    #expect(recorded.chunks.map { String(decoding: $0, as: UTF8.self) } == chunks)
  }

  @Test func halfACharacterIsKeptBack() {
    let euro: [UInt8] = Array("a€".utf8)
    let recorded = RecordedLines.of(euro.map { [$0] } + [[0x0A]], partials: { _ in true })
    #expect(recorded.chunks == [[0x61], [0xE2, 0x82, 0xAC], [0x0A]])
    #expect(RecordedLines.of([[0x61, 0xE2], [0x0A]], partials: { _ in true }).chunks == [[0x61], [0xE2, 0x0A]])
    #expect(RecordedLines.of([[0x61, 0xE2]], partials: { _ in true }).chunks == [[0x61], [0xE2]])
    #expect(RecordedLines.of([[0x61, 0xFF]], partials: { _ in true }).chunks == [[0x61, 0xFF]])
  }

  // MARK: Long lines

  @Test func longLinesAreCut() {
    let long = [UInt8](repeating: 0x61, count: 300_000)
    for length in [1, 1_000, 65_536, 300_001] {
      let recorded = RecordedLines.of(pieces(long + [0x0A, 0x62, 0x0A], length))
      #expect(recorded.lines == [.init(bytes: Array(long.prefix(65_536)), cut: true), .init(bytes: [0x62])])
      #expect(recorded.chunks.count == 2)
      #expect(recorded.chunks.first?.count == 65_536 + " [... 234464 bytes cut]\n".utf8.count)
    }
  }

  @Test func theLongestLineIsWhole() {
    let longest = [UInt8](repeating: 0x61, count: 65_536)
    for length in [1_000, 65_536, 65_537] {
      #expect(RecordedLines.of(pieces(longest + [0x0A], length)).lines == [.init(bytes: longest)])
      #expect(RecordedLines.of(pieces(longest + [0x61, 0x0A], length)).lines == [.init(bytes: longest, cut: true)])
      #expect(RecordedLines.of(pieces(longest + [0x0D, 0x0A], length)).lines == [.init(bytes: longest)])
      #expect(
        RecordedLines.of(pieces(longest + [0x0D, 0x62, 0x0A], length)).lines == [
          .init(bytes: [0x62] + longest.dropFirst())
        ])
    }
  }

  @Test func whatIsCutIsCounted() {
    var recorded = RecordedLines()
    var assembler = LineAssembler()
    for end: [UInt8] in [[0x0A], [0x0D, 0x62, 0x0A]] {
      ([UInt8](repeating: 0x61, count: 70_000) + end).withUnsafeBytes { assembler.feed($0, at: 0, into: &recorded) }
    }
    #expect(assembler.cutBytes == 2 * (70_000 - 65_536))
    #expect(recorded.lines.map(\.cut) == [true, true])
  }

  private func pieces(_ bytes: [UInt8], _ length: Int) -> [[UInt8]] {
    stride(from: 0, to: bytes.count, by: length).map { Array(bytes[$0..<min($0 + length, bytes.count)]) }
  }
}
