import Testing

@testable import SavedLogs
@testable import TrackShim

private func learned(_ lines: [String], fewest: Int = 2, all: Bool = false, formats: String = "")
  -> FormatLearning.Result
{
  var options = FormatLearning.Options()
  options.fewestLines = fewest
  options.takesAll = all
  let text = Array(lines.joined(separator: "\n").utf8)
  let learning = FormatLearning(options, TemplateSet(Array(formats.utf8), origin: "T"))
  return learning.learn { body in text.withUnsafeBytes { body($0) } }
}

private func templates(_ lines: [String], all: Bool = false) -> [String] {
  learned(lines, all: all).proposals.map(\.template)
}

/// A line for each number.
private func each(_ numbers: ClosedRange<Int>, _ line: (Int) -> String) -> [String] { numbers.map(line) }

@Suite struct FormatLearningTests {
  /// `$n` rises from 1 to 8, `$m` falls, `$t` is ten times the first.
  @Test(arguments: [
    // The words before, the unit, the words behind, nothing.
    ("after $t steps the val loss went down to 0.$n", "after {step} steps the val loss went down to {val_loss}"),
    (
      "it was 0.$n of it, it took $m.5s at 8$n,000 tok/s",
      "it was {value_1} of it, it took {time_s}s at {tok_per_sec} tok/s"
    ),
    ("693.$n avg it was", "{avg} avg it was"),
    ("Runde Nr. $n/100 ergibt Verlust=$m <x$n00>", "Runde Nr. {step}/{_} ergibt Verlust={ergibt_verlust} <{_}>"),
    ("they went to the shop $n.5 ($n.7) $m.1", "they went to the shop {shop} ({value_1}) {value_2}"),
    // A counter that is none.
    (
      "Seconds required for this iteration: 0.$n",
      "Seconds required for this iteration: {required_for_this_iteration}"
    ),
    // What is another in the next run.
    ("2024-05-01 12:00:0$n from 10.0.0.1 got $n.5 rings at 0x1f$nab", "{_} {_} from {_} got {rings} rings at {_}"),
    // What the language wants to be written otherwise.
    ("# {norm} was $n.5 :: there", ":: # {{norm}} was {value_1} :: there"),
    ("it is :: at $n.5 km", ":: it is :: at {km} km"),
    // Units are not part of the next name.
    (
      "Zeit $m.5 ms loss $n.25 3$n tok/s lr 1e-$n",
      "Zeit {zeit} ms loss {loss} {tok_per_sec} tok/s lr {lr}"
    ),
    // Twice the same.
    ("was loss $n.5 then, is loss $n.25 now", "was loss {loss} then, is loss {loss_2} now"),
  ])
  func aTemplate(line: String, expected: String) {
    let lines = (1...8).map { number in
      line.replacing("$n", with: "\(number)").replacing("$m", with: "\(9 - number)").replacing(
        "$t", with: "\(number * 10)")
    }
    #expect(templates(lines) == [expected])
  }

  @Test func valuesAndCounts() throws {
    let result = learned(each(1...5) { "Runde Nr. \($0) ergibt Abstand=\($0).5e-3" } + ["and nothing else 5"])
    let proposal = try #require(result.proposals.first)
    #expect(result.proposals.count == 1 && proposal.lines == 5 && proposal.exampleLine == 1)
    #expect(proposal.example == "Runde Nr. 1 ergibt Abstand=1.5e-3" && !proposal.isUnderstood)
  }

  @Test func mostLinesFirst() {
    let lines = each(1...3) { "it was a cost of \($0).5 here" } + each(1...6) { "it was a gain of \($0).5 here" }
    #expect(templates(lines) == ["it was a gain of {gain} here", "it was a cost of {cost} here"])
  }

  @Test func whatIsUnderstoodIsLast() {
    let lines = each(1...9) { "step \($0): loss 0.\($0)" } + each(1...3) { "and the width was \($0).5 here" }
    #expect(templates(lines) == ["and the width was {width} here"])
    let all = learned(lines, all: true).proposals
    #expect(all.map(\.isUnderstood) == [false, true] && all.last?.template == "step {step}: loss {loss}")
    // With its template it is understood.
    let again = learned(lines, formats: "and the width was {width} here")
    #expect(again.proposals.isEmpty && again.understood == 2)
  }

  @Test func constantsStayText() {
    #expect(
      templates(each(1...4) { "so with 5 layers: the width was \($0).5 of 7" })
        == ["so with 5 layers: the width was {width} of 7"])
    #expect(templates(each(1...4) { _ in "it was 5 again" }).isEmpty)
  }

  @Test func aCounterThatFallsIsAMetric() {
    #expect(
      templates([3, 1, 2].map { "so in epoch \($0) the width was \($0).5 here" })
        == ["so in epoch {epoch} the width was {width} here"])
  }

  @Test func wordsThatVary() {
    let names = ["apple", "pear", "plum", "fig"]
    #expect(
      templates(names.map { "Class \($0): AP 0.\($0.count) over \($0.count) boxes" }) == [
        "Class {_}: AP {ap} over {boxes} boxes"
      ])
    let ranks = (0..<8).map { "12:00:0\($0) host\($0 % 4) says: after \($0) steps it was \($0).5" }
    #expect(templates(ranks) == ["{_} {_} says: after {step} steps it was {value_1}"])
    // Names of what is measured are none.
    #expect(templates(names.flatMap { name in each(1...3) { "so the \(name) is \($0).5 here" } }).count == 4)
  }

  @Test func aLineThatOnlyCountsGoesWithThoseThatDoNot() {
    let rounds = each(1...4) { "=> so now comes iteration \($0) of it all" }
    #expect(templates(rounds).isEmpty)
    let lines = zip(rounds, each(1...4) { "and the width was \($0).5 here" }).flatMap { [$0, $1] }
    #expect(
      templates(lines).sorted() == [
        "=> so now comes iteration {step} of it all", "and the width was {width} here",
      ])
  }

  /// Two shapes, of which the template of one takes the lines of the other.
  @Test func whatTakesTheLinesOfOthersIsAskedLater() throws {
    let names = ["apple", "pear", "plum", "fig", "kiwi"]
    let lines =
      names.flatMap { name in each(1...3) { "Class \(name): so it was a \($0) of 5" } }
      + each(1...2) { "Class a_b_100.txt: so it was a \($0) of 5" }
    let result = learned(lines)
    #expect(result.proposals.reduce(0) { $0 + $1.lines } >= 15)
    check(result, lines)
  }

  /// What no template can take is not proposed: behind the hole stands a comma, so the number has no thousands.
  @Test func whatDoesNotWorkIsNotProposed() {
    let result = learned(each(1...4) { "so it is \($0),000, as it was" })
    #expect(result.proposals.isEmpty && result.failed == 1)
  }

  @Test func noMoreThanAFileTakes() {
    let lines = (0..<300).flatMap { kind in each(1...2) { "so \(Self.word(kind)) was \($0).5 here" } }
    let result = learned(lines)
    #expect(result.proposals.count + result.failed <= TemplateSet.limit && result.leftOut == 44)
  }

  @Test func manyShapes() {
    var lines = (0..<10_000).map { "so \(Self.word($0)) it was 5" }
    lines.insert(contentsOf: each(1...200) { "and the width was \($0).5 here" }, at: 100)
    let result = learned(lines)
    #expect(result.forgotten > 4_000)
    #expect(result.proposals.map(\.template).contains("and the width was {width} here"))
  }

  @Test func emptyAndOdd() {
    #expect(learned([]).proposals.isEmpty)
    #expect(learned(["\u{1B}[1mloss\u{1B}[0m was so 5"]).unshowable == 1)
  }

  /// Any text: what is proposed can be used, and takes as many lines as it says.
  @Test(arguments: 0..<40) func whateverTheLog(seed: Int) {
    var random = SplitMix(seed: UInt64(seed))
    let pool = [
      "loss", "step", "it", "was", "{", "}", "::", "#", ",", "|", "(", ")", "[", "]", "=", ":", "/", "%", " ", "  ",
      "5", "0.25", "1e-3", "nan", "84,000", "2024-01-01", "12:30:00", "a_100.txt", "-", "+", "ms", "'", "\t", "é", "→",
    ]
    let shapes = (0..<6).map { _ in (0...random.below(12)).map { _ in pool[random.below(pool.count)] } }
    let lines = (0..<120).map { _ in
      let separator = random.below(2) == 0 ? " " : ""
      return shapes[random.below(6)].map { word in
        word.first?.isNumber == true && random.below(2) == 0 ? "\(random.below(100))" : word
      }.joined(separator: separator)
    }
    check(learned(lines, all: true), lines)
  }

  /// Without digits.
  private static func word(_ number: Int) -> String {
    String(number, radix: 2).replacing("0", with: "a").replacing("1", with: "b")
  }

  private func check(_ result: FormatLearning.Result, _ lines: [String]) {
    let text = result.proposals.map(\.template).joined(separator: "\n")
    let set = TemplateSet(Array(text.utf8), origin: "T")
    #expect(set.complaints == [] && set.templates.count == result.proposals.count)
    var format = TemplateFormat(set, stream: .standardOutput)
    var counts = [Int](repeating: 0, count: set.templates.count)
    var found = Observations()
    let names = MetricNames()
    for line in lines {
      found.removeAll()
      _ = Array(line.utf8).withUnsafeBytes { format.understand($0, names: names, into: &found) }
      if let match = format.lastMatch { counts[match] += 1 }
    }
    #expect(counts == result.proposals.map(\.lines))
  }
}
