import Testing

@testable import TrackShimCLI

struct MetricTraceTests {
  func trace(_ values: [Double]) -> MetricTrace {
    var trace = MetricTrace()
    for (step, value) in values.enumerated() { trace.add(value, step: Double(step)) }
    return trace
  }

  @Test func tellsFirstLastAndRange() {
    let trace = trace([3, -1, 7, 2])
    #expect(trace.points == 4 && trace.first == 3 && trace.last == 2 && trace.min == -1 && trace.max == 7)
  }

  @Test func nanIsNoMinimumButCanBeLast() {
    let trace = trace([.nan, 3, 1, .nan])
    #expect(trace.points == 4 && trace.first.isNaN && trace.last.isNaN && trace.min == 1 && trace.max == 3)
  }

  @Test func infinitiesAreInTheRangeAndNotInTheCurve() {
    let trace = trace([1, .infinity, 2, -.infinity])
    #expect(trace.max == .infinity && trace.min == -.infinity)
    #expect(trace.curve.values == 1...2)
  }

  @Test func nothingButNaN() {
    let trace = trace([.nan])
    #expect(trace.points == 1 && trace.min.isNaN && trace.max.isNaN && trace.curve.pieces.isEmpty)
  }
}

struct CurveTests {
  @Test(arguments: [1, 2, 1023, 1024, 1025, 2048, 2049, 100_000])
  func staysSmallAndKeepsTheRange(count: Int) {
    var curve = Curve()
    // One spike that must not get lost.
    for step in 0..<count { curve.add(step == count / 3 ? 1e6 : Double(step % 10), at: Double(step)) }
    #expect(curve.pieces.count <= Curve.limit && curve.pieces.count >= min(count, Curve.limit / 2))
    #expect(curve.steps == 0...Double(count - 1))
    #expect(curve.values?.upperBound == 1e6)
    #expect(curve.pieces.last?.last == (count == 1 ? 1e6 : Double((count - 1) % 10)))
  }

  @Test func piecesStayInOrder() {
    var curve = Curve()
    for step in 0..<5000 { curve.add(Double(step), at: Double(step)) }
    for (piece, next) in zip(curve.pieces, curve.pieces.dropFirst()) {
      #expect(piece.to + 1 == next.from && piece.last + 1 == next.first)
    }
  }
}
