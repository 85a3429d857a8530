import Testing

@testable import SavedLogs
@testable import TrackShim

@Suite struct PresetsTests {
  @Test func allCanBeUsed() {
    #expect(Presets.set.complaints == [])
    #expect(Presets.set.templates.count < TemplateSet.limit)
  }

  /// What each line would be searched for is dear.
  @Test func allBeginWithTextOrANumber() {
    for template in Presets.set.templates {
      let only = TemplateBeginnings([template])
      #expect(only.candidates(nil) == [], "line \(template.line)")
    }
  }

  /// A line whose outline no preset had is not shown to them again, unless one looks for digits.
  @Test func oneThatLooksForDigitsIsAskedAgain() {
    func asksAgain(_ template: String, _ line: String) -> Bool {
      var held = HeldLines(template)
      #expect(held.said(line) == nil)
      return held.format.dependsOnDigits
    }
    #expect(asksAgain("a 20 {x}", "a 30 b") && asksAgain("{*} a 20 {x}", "b a 30 b"))
    #expect(
      !asksAgain("a top5 {x}", "a 30 b") && !asksAgain("a 20 {x}", "a 20 b") && !asksAgain("20{_} b {x}", "2024 c 5"))
  }

  /// Lines without a digit are shown to the presets only where one may be a heading.
  @Test func headingsWithoutADigitAreLookedAt() {
    for template in Presets.set.templates where template.opens != nil && template.holes.isEmpty {
      guard !template.text.contains(where: { $0.isDigit }) else { continue }
      #expect(template.text.withUnsafeBytes { Presets.mayBeHeading($0) }, "\(template.text.asText)")
    }
  }

  /// Much like a line of theirs, and not theirs.
  @Test(arguments: [
    "nu = 0.5", "Total nSV = 3", "all 1 2 3 4 5 6", "1/3 2.6G 1 2 3 4 640: 100%|", "1 6 5.9 1.0 5.3 5 6 0:00.0",
    "1 2 3 4 5 6 7", "1.5 2.5 3 4 5 6 7 hours", "tick 3", "[2024-01-01 10:00:00] [valid] bleu : 3",
    "2024-01-01 10:00:00 | INFO | valid | epoch 1", "LOG (a) Average is 3 over 4 frames.", "Iter 3: Val loss 2",
    "Epochs 5", "overall accuracy: 0.5", "12: 3, 4 avg", "Alpha: 1 Progress: 2%",
  ]) func othersLinesAreLeft(_ line: String) {
    var held = HeldLines(Presets.set)
    #expect(held.said(line) == nil)
  }

  @Test func aHeadingWithoutADigitReachesThem() {
    var check = LogCheck()
    let text = "Epoch GPU_mem box_loss cls_loss dfl_loss Instances Size\n 1/3 2.6G 1.5 2.5 3.5 9 640: 100%|\n"
    let lines = Array(text.utf8).withUnsafeBytes { check.feed($0) }
    #expect(lines.map(\.rule) == [nil, "preset"])
    #expect(lines.last?.metrics.map(\.json) == ["1.5", "2.5", "3.5"])
  }
}
