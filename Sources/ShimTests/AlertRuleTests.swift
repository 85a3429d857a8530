import Testing

@testable import TrackShim

@Suite struct AlertRuleTests {
  @Test(arguments: [
    ("train_loss nan", AlertRule.Kind.metric(Array("train_loss".utf8), .isNaN)),
    ("  *   INF ", .metric(Array("*".utf8), .isInfinite)),
    ("val/loss > 10", .metric(Array("val/loss".utf8), .above(10))),
    ("a >= -1e3", .metric(Array("a".utf8), .atLeast(-1000))), ("a < 0.5", .metric(Array("a".utf8), .below(0.5))),
    ("a <= 0", .metric(Array("a".utf8), .atMost(0))), ("no line for 10m", .silence(600_000_000_000)),
    ("no line for 1.5h", .silence(5_400_000_000_000)), ("no line for 1s", .silence(1_000_000_000)),
    ("no > 5", .metric(Array("no".utf8), .above(5))),
  ])
  func rules(_ text: String, _ kind: AlertRule.Kind) {
    #expect(AlertRule(text)?.kind == kind)
  }

  @Test(arguments: [
    "", "loss", "loss >", "loss > x", "loss > 1 2", "nan", "loss nan 1", "no line for", "no line for 10",
    "no line for 0s",
    "no line for 1000h", "no line for nanm", "loss ~ 3",
  ])
  func whatIsNone(_ text: String) { #expect(AlertRule(text) == nil, "\(text)") }

  private func told(_ rules: inout AlertRules, _ name: String, _ json: String, step: Int64? = nil) -> [String] {
    Array(json.utf8).withUnsafeBytes { rules.see(Array(name.utf8), $0, step: step) }.map {
      "\($0.title.asText): \($0.text.asText)"
    }
  }

  @Test func oneIsToldWhenItComesToHold() {
    var rules = AlertRules(["loss > 10", "* nan", "no line for 2s"].compactMap { AlertRule($0) })
    #expect(told(&rules, "loss", "3", step: 1) == [])
    #expect(told(&rules, "loss", "11.50", step: 2) == ["loss > 10: loss is 11.50 at step 2"])
    #expect(told(&rules, "loss", "12", step: 3) == [])
    #expect(told(&rules, "loss", "9") == [])
    #expect(told(&rules, "loss", "Infinity") == ["loss > 10: loss is Infinity"])
    #expect(told(&rules, "other", "NaN", step: 5) == ["* nan: other is NaN at step 5"])
    // Another metric is no reason to tell of it again.
    #expect(told(&rules, "fine", "1", step: 5) == [] && told(&rules, "other", "NaN", step: 6) == [])
    #expect(told(&rules, "other", "\"text\"") == [] && told(&rules, "loss", "null") == [])
    #expect(rules.see(silence: 1_900_000_000).isEmpty)
    #expect(rules.see(silence: 2_000_000_000).map { $0.text.asText } == ["nothing has been printed for 2 s"])
    #expect(rules.see(silence: 9_000_000_000).isEmpty && rules.see(silence: 0).isEmpty)
    #expect(rules.see(silence: 3_000_000_000).count == 1)
  }

  @Test func anEndThatIsTakenBackTellsNothingTwice() {
    var queue = AlertQueue(sent: 1)
    let before = queue
    for _ in 0..<3 { queue.append(AlertRecord()) }
    #expect(queue.first != nil)
    queue.drop(below: 3)
    #expect(queue.first == nil)
    var again = before
    again.drop(below: 3)
    for _ in 0..<3 { again.append(AlertRecord()) }
    #expect(again.first == nil)
    again.append(AlertRecord())
    #expect(again.first != nil)
  }
}
