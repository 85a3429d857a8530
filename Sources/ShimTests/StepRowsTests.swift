import Testing

@testable import TrackShim

@Suite struct StepRowsTests {
  struct Observation: Equatable {
    var step: Int64
    var name: Int
    var value: String
  }

  /// Rows as `History` has them written.
  private struct Written {
    var rows = StepRows()
    var written: [StepRows.Row] = []
    /// Which observations departed from the printed step.
    var departures: [Int] = []
    private var count = 0

    mutating func add(_ name: Int, _ value: String, _ step: Int64) {
      if rows.closesRow(name: name, printedStep: step) { close() }
      let time = Moment(wall: Int64(count), runtime: Int64(count))
      let departs = Array(value.utf8).withUnsafeBytes { rows.add(name: name, value: $0, printedStep: step, time: time) }
      if departs { departures.append(count) }
      count += 1
    }

    mutating func close() {
      guard rows.isOpen else { return }
      written.append(rows.row)
      rows.close()
    }

    static func of(_ observations: [Observation]) -> Written {
      var written = Written()
      for one in observations { written.add(one.name, one.value, one.step) }
      written.close()
      return written
    }

    var steps: [Int64] { written.map(\.step) }
    var printedSteps: [Int64] { written.map(\.printedStep) }

    var observations: [Observation] {
      written.flatMap { row in
        row.all.map { Observation(step: row.printedStep, name: $0.name, value: $0.value) }
      }
    }
  }

  private static func observations(_ steps: [Int64]) -> [Observation] {
    steps.enumerated().map { Observation(step: $1, name: 0, value: "\($0)") }
  }

  @Test func metricsOfOneStepAreOneRow() {
    var rows = Written()
    for (name, value) in ["1.5", "NaN", "-Infinity"].enumerated() { rows.add(name, value, 3) }
    #expect(rows.written.isEmpty)
    rows.add(0, "2", 4)
    rows.close()
    #expect(rows.steps == [3, 4])
    #expect(rows.written.first?.names == [0, 1, 2])
    #expect(rows.written.first?.all.map(\.value) == ["1.5", "NaN", "-Infinity"])
    // A row is as old as its last metric.
    #expect(rows.written.map(\.time.runtime) == [2, 3])
    #expect(rows.departures.isEmpty)
    #expect(!rows.rows.isRenumbering)
  }

  @Test(
    arguments: [
      ([1, 2, 3], [1, 2, 3], []), ([0, 0, 0], [0, 1, 2], [1]), ([5, 3, 4, 5, 6], [5, 6, 7, 8, 9], [1]),
      ([5, 3, 100, 4, 200], [5, 6, 100, 101, 200], [1]), ([-1, 0, 1], [0, 1, 2], [0]), ([-5, -4], [0, 1], [0]),
      ([.min, .max], [0, .max], [0]), ([10, 7, 11, 12], [10, 11, 12, 13], [1]), ([0], [0], []),
    ] as [([Int64], [Int64], [Int])])
  func aStepThatGoesBackGetsTheNextFreeOne(printed: [Int64], steps: [Int64], departures: [Int]) {
    let rows = Written.of(Self.observations(printed))
    #expect(rows.steps == steps)
    #expect(rows.printedSteps == printed)
    #expect(rows.departures == departures)
    #expect(rows.rows.isRenumbering == !departures.isEmpty)
  }

  @Test func aMetricPrintedAgainOverwritesNothing() {
    let printed = [(0, "1"), (1, "2"), (0, "3"), (0, "4"), (1, "5")].map {
      Observation(step: 7, name: $0.0, value: $0.1)
    }
    let rows = Written.of(printed)
    #expect(rows.steps == [7, 8, 9])
    #expect(rows.written.map(\.names) == [[0, 1], [0], [0, 1]])
    #expect(rows.observations == printed)
    #expect(rows.departures == [2])
  }

  @Test func stepsThatAreTakenAreNotGivenOut() {
    var rows = StepRows()
    rows.goOn(after: 41)
    rows.goOn(after: 3)
    _ = [0x31].withUnsafeBytes { rows.add(name: 0, value: $0, printedStep: 7, time: Moment(wall: 0, runtime: 0)) }
    #expect(rows.row.step == 42)
    #expect(rows.lastStep == 42)
  }

  /// Behind the largest number there is none; the values are kept all the same.
  @Test func theEndOfTheNumbersLosesNothing() {
    let printed = Self.observations([.min, .max, .max, 0, .min, .max])
    let rows = Written.of(printed)
    #expect(rows.steps == [0, .max, .max, .max, .max, .max])
    #expect(rows.observations == printed)
  }

  @Test func tenThousandNames() {
    let names = 10_000
    let printed = (0..<2 * names).map { Observation(step: 1, name: $0 % names, value: "\($0)") }
    let rows = Written.of(printed)
    #expect(rows.steps == [1, 2])
    #expect(rows.observations == printed)
  }

  /// Every observation is in exactly one row, in the order of printing, and the rows' steps are those of a
  /// model that is too simple to be wrong.
  @Test func anyOrderOfStepsAndMetrics() {
    var random = SplitMix(seed: 21)
    for _ in 0..<2_000 {
      let reach = 1 + random.below(12), names = 1 + random.below(6)
      let printed = (0..<random.below(60)).map {
        Observation(step: Int64(random.below(reach)) - Int64(reach / 4), name: random.below(names), value: "\($0)")
      }
      let rows = Written.of(printed)
      let model = Self.model(printed)
      guard rows.observations != printed || rows.steps != model.steps || rows.departures != model.departures else {
        continue
      }
      Issue.record("\(printed) gave \(rows.written)")
      return
    }
  }

  private static func model(_ printed: [Observation]) -> (steps: [Int64], departures: [Int]) {
    var steps: [Int64] = []
    var departures: [Int] = []
    var names: Set<Int> = []
    var previous: Int64?
    for (index, one) in printed.enumerated() {
      if one.step != previous || names.contains(one.name) {
        let last = steps.last ?? -1
        if departures.isEmpty, one.step <= last { departures.append(index) }
        steps.append(one.step > last ? one.step : last + 1)
        names = []
      }
      previous = one.step
      names.insert(one.name)
    }
    return (steps, departures)
  }

  @Test func stepsGrowWhateverIsPrinted() {
    var random = SplitMix(seed: 22)
    for _ in 0..<500 {
      let printed = Self.observations((0..<30).map { _ in Int64(bitPattern: random.next()) / 2 })
      let steps = Written.of(printed).steps
      #expect(zip(steps, steps.dropFirst()).allSatisfy { $0 < $1 })
    }
  }
}

extension StepRows.Row {
  fileprivate var all: [(name: Int, value: String)] {
    var all: [(name: Int, value: String)] = []
    values.forEach { all.append(($0, Array($1).asText)) }
    return all
  }

  fileprivate var names: [Int] { all.map(\.name) }
}
