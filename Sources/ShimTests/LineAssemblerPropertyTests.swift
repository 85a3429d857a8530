import Testing

@testable import TrackShim

/// Random streams, in random pieces, with wake-ups at random places.
@Suite struct LineAssemblerPropertyTests {
  private static let particles: [[UInt8]] =
    [
      "a", "bc", "10%", " ", "\n", "\n", "\r", "\r", "\r\n", "\u{8}", "\u{8}\u{8}", "é", "世", "😀", "\0", "\t",
      "\u{1B}[K", "\u{1B}[1K", "\u{1B}[2K", "\u{1B}[0K", "\u{1B}[?K", "\u{1B}[31m", "\u{1B}[0m", "\u{1B}[A", "\u{1B}",
      "\u{1B}[",
      "\u{1B}]0;t\u{7}", "\u{1B}]0;u\u{1B}\\", "\u{1B}(B", "K", "[", "m", "\\", "\u{1B}]",
    ].map { Array($0.utf8) }
    + [[0xE2], [0x80], [0xAC], [0xFF], [0xF0, 0x9F], [0xC3]]

  private static func stream(_ random: inout SeededRandom) -> [UInt8] {
    let isNoise = Int.random(in: 0..<8, using: &random) == 0
    return (0..<Int.random(in: 0...24, using: &random)).flatMap { _ in
      isNoise ? [UInt8.random(in: 0...255, using: &random)] : particles.randomElement(using: &random) ?? []
    }
  }

  private static func split(_ bytes: [UInt8], _ random: inout SeededRandom) -> [[UInt8]] {
    var pieces: [[UInt8]] = []
    var start = 0
    while start < bytes.count {
      let end = min(start + Int.random(in: 0...6, using: &random), bytes.count)
      pieces.append(Array(bytes[start..<end]))
      start = end
    }
    return pieces
  }

  /// What the console log shows may have blanks at a line's end, where something was erased.
  private static func shown(_ recorded: RecordedLines) -> [[UInt8]] {
    var lines = recorded.lines.map { Array($0.bytes.reversed().drop { $0 == 0x20 }.reversed()) }
    while lines.last == [] { lines.removeLast() }
    return lines
  }

  @Test func piecesDoNotMatter() {
    var random = SeededRandom(3)
    var failures = 0
    for _ in 0..<20_000 where failures < 5 {
      let bytes = Self.stream(&random)
      let whole = RecordedLines.of([bytes])
      let wakeUps = UInt64.random(in: 0...UInt64.max, using: &random)
      let inPieces = RecordedLines.of(Self.split(bytes, &random), partials: { wakeUps >> UInt64($0 & 63) & 1 == 1 })
      if whole.lines != inPieces.lines {
        failures += 1
        Issue.record("\(bytes) gave \(whole.lines) and \(inPieces.lines)")
      }
    }
  }

  @Test func theConsoleLogShowsTheSameLines() {
    var random = SeededRandom(4)
    var failures = 0
    for _ in 0..<20_000 where failures < 5 {
      let pieces = Self.split(Self.stream(&random), &random)
      let wakeUps = UInt64.random(in: 0...UInt64.max, using: &random)
      let recorded = RecordedLines.of(pieces, partials: { wakeUps >> UInt64($0 & 63) & 1 == 1 })
      let replayed = RecordedLines.of([Array(recorded.chunks.joined())])
      if Self.shown(recorded) != Self.shown(replayed) {
        failures += 1
        Issue.record("\(pieces) gave \(recorded.lines), but \(recorded.chunks) show \(replayed.lines)")
      }
    }
  }

  /// The console log must be right at every moment, not only when the line is over.
  @Test func theConsoleLogIsRightAfterEveryWakeUp() {
    var random = SeededRandom(5)
    var failures = 0
    for _ in 0..<5_000 where failures < 5 {
      let pieces = Self.split(Self.stream(&random).filter { $0 < 0x80 }, &random)
      for count in 0...pieces.count {
        let until = Array(pieces[..<count])
        var recorded = RecordedLines()
        var assembler = LineAssembler()
        for piece in until {
          piece.withUnsafeBytes { assembler.feed($0, at: 0, into: &recorded) }
          assembler.takePartial(into: &recorded)
        }
        let printed = RecordedLines.of([Array(until.joined())])
        let replayed = RecordedLines.of([Array(recorded.chunks.joined())])
        guard Self.shown(printed) != Self.shown(replayed) else { continue }
        failures += 1
        Issue.record("\(until) show \(printed.lines), but \(recorded.chunks) show \(replayed.lines)")
        break
      }
    }
  }

  // MARK: Hostile streams

  private static let floods: [(String, [UInt8])] = [
    ("no line end", Array("x".utf8)), ("returns", Array("\r".utf8)), ("backspaces", Array("a\u{8}".utf8)),
    ("bars", Array("\r[=====>    ] 50%".utf8)), ("colours", Array("\u{1B}[31m".utf8)),
    ("coloured bars", Array("\r\u{1B}[31m5%\u{1B}[0m".utf8)),
    ("coloured columns", Array("\u{8}\u{1B}[1mab\u{8}c".utf8)), ("erasing", Array("xyz\u{1B}[1K".utf8)),
    ("erasing all", Array("xyz\u{1B}[2K".utf8)), ("erasing and returning", Array("xyz\u{1B}[2K\rab\u{1B}[K".utf8)),
    ("escapes", [0x1B]), ("titles without end", Array("\r\u{1B}]0;t".utf8)), ("half a character", [0xE2, 0x80, 0x0D]),
    ("long bars", Array(repeating: 0x61, count: 70_000) + [0x0D]),
  ]

  /// Nothing grows and nothing becomes slow. Ten times the stream may take ten times as long; half as
  /// much again is allowed for the machine's moods, twice over.
  @Test(arguments: floods) func floodsAreBounded(_ name: String, _ unit: [UInt8]) {
    let clock = ContinuousClock()
    func time(_ size: Int) -> (Duration, Int) {
      let piece = Array((0..<max(65_536 / unit.count, 1)).map { _ in unit }.joined())
      var recorded = RecordedLines()
      var assembler = LineAssembler()
      let spent = clock.measure {
        var fed = 0
        while fed < size {
          piece.withUnsafeBytes { assembler.feed($0, at: 0, into: &recorded) }
          fed += piece.count
        }
        assembler.finish(into: &recorded)
      }
      return (spent, recorded.lines.reduce(0) { $0 + $1.bytes.count } + recorded.chunks.reduce(0) { $0 + $1.count })
    }
    _ = time(300_000)
    let (short, _) = time(300_000)
    let (long, kept) = time(3_000_000)
    #expect(long < short * 25 + .milliseconds(200), "\(name): \(short) and \(long)")
    #expect(kept <= 2 * LineAssembler.longestLine + 64)
  }
}
