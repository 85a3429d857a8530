/// A metric's course, thinned out so that it can be drawn: neighbouring points are put together, always the
/// same number of them, and of each such piece its range is kept.
struct Curve {
  /// More pieces than any terminal has columns of dots.
  static let limit = 1024

  struct Piece: Equatable {
    var from, to: Double
    var low, high: Double
    /// In the order they came, so that a line can be drawn through them.
    var first, last: Double

    init(_ value: Double, at step: Double) {
      (from, to) = (step, step)
      (low, high, first, last) = (value, value, value, value)
    }

    mutating func append(_ next: Piece) {
      from = min(from, next.from)
      to = max(to, next.to)
      low = min(low, next.low)
      high = max(high, next.high)
      last = next.last
    }
  }

  private(set) var pieces: [Piece] = []
  private var pointsInLast = 0
  private var pointsPerPiece = 1

  var steps: ClosedRange<Double>? {
    guard let from = pieces.map(\.from).min(), let to = pieces.map(\.to).max() else { return nil }
    return from...to
  }

  var values: ClosedRange<Double>? {
    guard let low = pieces.map(\.low).min(), let high = pieces.map(\.high).max() else { return nil }
    return low...high
  }

  mutating func add(_ value: Double, at step: Double) {
    if let last = pieces.indices.last, pointsInLast < pointsPerPiece {
      pieces[last].append(Piece(value, at: step))
      pointsInLast += 1
      return
    }
    if pieces.count == Self.limit { halve() }
    pieces.append(Piece(value, at: step))
    pointsInLast = 1
  }

  private mutating func halve() {
    pieces = stride(from: 0, to: pieces.count, by: 2).map { index in
      var piece = pieces[index]
      if index + 1 < pieces.count { piece.append(pieces[index + 1]) }
      return piece
    }
    pointsPerPiece *= 2
  }
}
