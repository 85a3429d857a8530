import Testing

@testable import TrackShim

@Suite struct TemplateBeginningsTests {
  private static func lists(_ text: String, _ first: String) -> [[Int]] {
    let set = TemplateSet(Array(text.utf8), origin: "T")
    #expect(set.complaints == [])
    return TemplateBeginnings(set.templates).candidates(first.utf8.first).map { [$0.template, $0.shared] }
  }

  @Test func theFirstByteChooses() {
    let text = "a {x}\n{x} b\n{*} c {x}\nA {x}\n{_} d {x}"
    #expect(Self.lists(text, "a").map(\.[0]) == [0, 2, 4])
    #expect(Self.lists(text, "7").map(\.[0]) == [1, 2, 4])
    #expect(Self.lists(text, "n").map(\.[0]) == [1, 2, 4])
    #expect(Self.lists(text, "A").map(\.[0]) == [2, 3, 4])
    #expect(Self.lists(text, "").map(\.[0]) == [2, 4])
  }

  @Test func whatStandsBehindTheNumberChooses() {
    func taken(_ template: String, _ line: String) -> Bool {
      let set = TemplateSet(Array(template.utf8), origin: "T")
      return TemplateBeginnings(set.templates).candidates(line.utf8.first).contains { candidate in
        Array(line.utf8).withUnsafeBytes {
          candidate.mayTake($0, from: 0, head: EightBytes.load($0, 0, min(8, $0.count)))
        }
      }
    }
    #expect(
      taken("{x}: b", "12: b") && taken("{x}: b", "12.5: b") && taken("{x} b", "12\tb") && taken("{x}% b", "12% b")
        && taken("{x}: b", "12 : b"))
    #expect(!taken("{x}: b", "12-3: b") && !taken("{x} b", "12: b") && !taken("{x}: b", "12"))
    #expect(taken("{*} {x} b", "12-3 b") && taken("{x:text}: b", "12-3: b"))
  }

  @Test(arguments: [
    ("a {x} b {y}\na {x} c {y}", 4), ("a {x} b\na {y} b", 5), ("a {step} b\na {y} b", 2), ("a {x}, b\na {x}; b", 2),
    ("a {x} {*} b\na {x} c", 3), ("{*} a {x}\n{*} a {y}", 0), ("a {_} {x}\na {x} {_}", 2),
  ]) func beginningsAreCompared(_ text: String, _ shared: Int) {
    #expect(Self.lists(text, "a").last?[1] == shared, "\(text)")
  }

  /// Together templates take what the first of them would take that takes anything.
  @Test func togetherAsAlone() {
    let pieces = [
      "a", "b", "{_}", "{x}", "{y}", "{step}", "{*}", "{=}", " ", ":", "=", "1", "[", "]", "a {x} ", "[{_}] ",
    ]
    let printed = ["a", "b", " ", ":", "=", "1", "2.5", "[", "]", "a 1 ", "[b] ", "x=3"]
    let starts = [("", ""), ("a ", "a "), ("[{_}] ", "[b] "), ("{x}: ", "1: "), ("a {_} {x} ", "a b 2 ")]
    var random = SplitMix(seed: 11)
    var matches = 0
    for _ in 0..<800 {
      let (start, begun) = starts[random.below(starts.count)]
      let texts = (0..<5).map { _ in
        start
          + (0..<Int.random(in: 1..<6, using: &random)).compactMap { _ in pieces.randomElement(using: &random) }
          .joined()
      }
      let sets = texts.map { TemplateSet(Array($0.utf8), origin: "T") }.filter { $0.complaints.isEmpty && !$0.isEmpty }
      var together = HeldLines(TemplateSet(Array(texts.joined(separator: "\n").utf8), origin: "T"))
      for _ in 0..<6 {
        let line =
          begun
          + (0..<Int.random(in: 0..<5, using: &random)).compactMap { _ in printed.randomElement(using: &random) }
          .joined()
        let alone = sets.lazy.compactMap { set in
          var held = HeldLines(set)
          return held.said(line)
        }.first
        #expect(together.said(line) == alone, "\(texts): \(line)")
        matches += alone == nil ? 0 : 1
      }
    }
    #expect(matches > 200)
  }
}
