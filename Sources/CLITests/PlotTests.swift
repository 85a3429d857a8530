import Testing

@testable import TrackShimCLI

struct PlotTests {
  static let ascii = Terminal(columns: 80, isColoured: false, isASCII: true)
  static let unicode = Terminal(columns: 80, isColoured: false, isASCII: false)

  func series(_ values: [Double], name: String = "loss") -> Plot.Series {
    var curve = Curve()
    for (step, value) in values.enumerated() { curve.add(value, at: Double(step)) }
    return Plot.Series(name: name, curve: curve)
  }

  func lines(_ series: [Plot.Series], _ terminal: Terminal = Self.ascii) throws -> [String] {
    try #require(Plot(series, terminal: terminal)).lines
  }

  @Test func aStraightLineGoesFromCornerToCorner() throws {
    let lines = try lines([series((0..<10).map(Double.init))])
    #expect(lines.count == 13)
    #expect(lines[1].hasPrefix("9 +") && lines[1].hasSuffix("*"))
    #expect(lines[10].hasPrefix("0 +*"))
    #expect(lines[12].contains("step 0") && lines[12].hasSuffix("9"))
  }

  @Test func marksLieOnTheLine() throws {
    let lines = try lines([series([1, 1, 1]), series([1, 1, 1], name: "val")])
    #expect(lines[0].contains("* loss") && lines[0].contains("o val"))
    #expect(lines.contains { $0.contains("*o*") || $0.contains("o**") || $0.contains("**o") })
  }

  @Test(arguments: [40, 57, 80])
  func isNoWiderThanTheTerminal(columns: Int) throws {
    for isASCII in [true, false] {
      let terminal = Terminal(columns: columns, isColoured: false, isASCII: isASCII)
      for line in try lines([series([1e-9, 123456.789, 3])], terminal) { #expect(line.count <= columns) }
    }
  }

  @Test func asciiIsASCII() throws {
    let lines = try lines([series([1, 5, 2]), series([3], name: "val")])
    #expect(lines.joined().utf8.allSatisfy { $0 < 0x80 })
  }

  @Test func brailleUsesAllEightDots() throws {
    let full = try lines([series((0..<4000).map { Double($0 % 2) })], Self.unicode)
    #expect(full[1...10].allSatisfy { $0.contains("⣿") })
    let flat = try lines([series([5, 5])], Self.unicode)
    #expect(flat[1...10].filter { $0.contains { "⠒⠤⠉⣀".contains($0) } }.count == 1)
  }

  @Test(arguments: [
    [0], [5, 5, 5], [-1.7e308, 1.7e308], [1e-300, 2e-300], [1e300, 1e300], [-0.0, 0.0], [9_007_199_254_740_992, 1],
  ])
  func oddRangesDoNoHarm(values: [Double]) throws {
    #expect(try lines([series(values)], Self.unicode).count == 13)
  }

  @Test func nothingIsNoPlot() {
    #expect(Plot([], terminal: Self.ascii) == nil)
    #expect(Plot([series([])], terminal: Self.ascii) == nil)
  }

  @Test func coloursComeInRuns() throws {
    let terminal = Terminal(columns: 80, isColoured: true, isASCII: true)
    let lines = try lines([series([1, 1])], terminal)
    #expect(lines.contains { $0.contains("\u{1B}[36m***") })
  }

  @Test(
    arguments: [
      (["LANG": "de_DE.UTF-8"], true), (["LANG": "C.utf8"], true), ([:], false), (["LANG": "C"], false),
      (["LANG": "C.UTF-8", "LC_ALL": "C"], false), (["LANG": "C", "LC_CTYPE": "C.UTF-8"], true),
    ] as [([String: String], Bool)])
  func theLocaleSaysWhetherThereIsUnicode(variables: [String: String], expected: Bool) {
    #expect(Terminal.isUTF8 { variables[$0] } == expected)
  }
}
