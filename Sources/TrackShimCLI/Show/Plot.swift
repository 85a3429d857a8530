/// One or two curves in a few rows of text: the first a line, the second marks on top of it.
struct Plot {
  struct Series {
    let name: String
    let curve: Curve
  }

  static let rows = 10

  private let series: [Series]
  private let terminal: Terminal
  private let steps: ClosedRange<Double>
  private let values: ClosedRange<Double>
  private let labels: [String]
  private let columns: Int

  /// `nil` when there is nothing that could be drawn.
  init?(_ series: [Series], terminal: Terminal) {
    self.series = series.prefix(2).filter { !$0.curve.pieces.isEmpty }
    guard let steps = Self.union(self.series.compactMap(\.curve.steps)),
      let values = Self.union(self.series.compactMap(\.curve.values))
    else { return nil }
    self.terminal = terminal
    self.steps = Self.widened(steps)
    self.values = Self.widened(values)
    labels = Self.labels(values: self.values)
    columns = max(10, terminal.columns - (labels.map(\.count).max() ?? 0) - 3)
  }

  var lines: [String] {
    let line = line, marks = marks
    let rows = (0..<Self.rows).map { row in axis(row) + cells(Self.rows - 1 - row, line, marks) }
    return [legend] + rows + [floor, stepLabels]
  }

  // MARK: Ranges

  private static func union(_ ranges: [ClosedRange<Double>]) -> ClosedRange<Double>? {
    guard let low = ranges.map(\.lowerBound).min(), let high = ranges.map(\.upperBound).max() else { return nil }
    return low...high
  }

  /// A single value gets a range around it.
  private static func widened(_ range: ClosedRange<Double>) -> ClosedRange<Double> {
    guard range.lowerBound == range.upperBound else { return range }
    let room = max(abs(range.lowerBound) / 10, 0.5)
    return (range.lowerBound - room)...(range.upperBound + room)
  }

  private static func labels(values: ClosedRange<Double>) -> [String] {
    (0..<rows).map { row in
      guard row == 0 || row == rows - 1 || row == rows / 2 else { return "" }
      let share = 1 - Double(row) / Double(rows - 1)
      return Figure.text(between(values, share), digits: 4)
    }
  }

  /// Also between ends whose difference is no number.
  private static func between(_ range: ClosedRange<Double>, _ share: Double) -> Double {
    range.lowerBound * (1 - share) + range.upperBound * share
  }

  private static func place(_ value: Double, in range: ClosedRange<Double>, of count: Int) -> Int {
    // Halves, for the difference of the largest numbers is infinite.
    let share = (value / 2 - range.lowerBound / 2) / (range.upperBound / 2 - range.lowerBound / 2)
    return Int(exactly: (share * Double(count - 1)).rounded()).map { min(max($0, 0), count - 1) } ?? 0
  }

  // MARK: Dots

  private var dotsPerCell: (x: Int, y: Int) { terminal.isASCII ? (1, 1) : (2, 4) }

  private var line: Raster {
    var raster = Raster(width: columns * dotsPerCell.x, height: Self.rows * dotsPerCell.y)
    var previous: (x: Int, y: Int)?
    for piece in series[0].curve.pieces {
      let x = Self.place((piece.from + piece.to) / 2, in: steps, of: raster.width)
      let y = { Self.place($0, in: values, of: raster.height) }
      raster.line(from: previous ?? (x, y(piece.first)), to: (x, y(piece.first)))
      raster.line(from: (x, y(piece.low)), to: (x, y(piece.high)))
      previous = (x, y(piece.last))
    }
    return raster
  }

  private var marks: Raster {
    var raster = Raster(width: columns, height: Self.rows)
    for piece in series.dropFirst().first?.curve.pieces ?? [] {
      let x = Self.place((piece.from + piece.to) / 2, in: steps, of: columns)
      raster.set(x, Self.place(piece.last, in: values, of: Self.rows))
    }
    return raster
  }

  private func cells(_ row: Int, _ line: Raster, _ marks: Raster) -> String {
    var text = "", run = ""
    var ink: Terminal.Ink?
    for column in 0..<columns {
      let isMark = marks[column, row]
      let glyph = isMark ? mark : terminal.isASCII ? (line[column, row] ? "*" : " ") : braille(column, row, line)
      let next: Terminal.Ink? = isMark ? .second : glyph == " " ? nil : .first
      if next != ink {
        text += terminal.painted(run, ink)
        (run, ink) = ("", next)
      }
      run += glyph
    }
    return ink == nil ? text : text + terminal.painted(run, ink)
  }

  /// Unicode's eight dots: bits 0 to 2 and 6 go down the left side, 3 to 5 and 7 down the right.
  private func braille(_ column: Int, _ row: Int, _ dots: Raster) -> String {
    let bits: [[UInt32]] = [[0x40, 0x80], [0x04, 0x20], [0x02, 0x10], [0x01, 0x08]]
    var pattern: UInt32 = 0
    for (up, pair) in bits.enumerated() {
      for (across, bit) in pair.enumerated() where dots[column * 2 + across, row * 4 + up] { pattern |= bit }
    }
    guard pattern != 0, let scalar = Unicode.Scalar(0x2800 + pattern) else { return " " }
    return String(scalar)
  }

  // MARK: Around them

  private var mark: String { terminal.isASCII ? "o" : "●" }

  private var indent: String { String(repeating: " ", count: (labels.map(\.count).max() ?? 0) + 1) }

  private var legend: String {
    let glyphs = [terminal.isASCII ? "*" : "⠒", mark]
    let inks: [Terminal.Ink] = [.first, .second]
    let names = series.enumerated().map { terminal.painted(glyphs[$0], inks[$0]) + " " + $1.name.printable }
    return indent + "  " + names.joined(separator: "   ")
  }

  private func axis(_ row: Int) -> String {
    let isLabelled = !labels[row].isEmpty
    let edge = terminal.isASCII ? (isLabelled ? "+" : "|") : (isLabelled ? "┤" : "│")
    return labels[row].aligned(right: indent.count - 1) + " " + terminal.painted(edge, .faint)
  }

  private var floor: String {
    let (corner, edge) = terminal.isASCII ? ("+", "-") : ("└", "─")
    return indent + terminal.painted(corner + String(repeating: edge, count: columns), .faint)
  }

  private var stepLabels: String {
    let first = "step " + Figure.text(steps.lowerBound), last = Figure.text(steps.upperBound)
    return indent + " " + first + last.aligned(right: columns - first.count)
  }
}
