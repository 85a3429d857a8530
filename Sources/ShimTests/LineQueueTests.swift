import Testing

@testable import TrackShim

@Suite struct LineQueueTests {
  private func queue(_ lines: [String], acknowledged: Int = 0) -> LineQueue {
    var queue = LineQueue()
    for line in lines { queue.append(Array(line.utf8), acknowledged: acknowledged) }
    return queue
  }

  @Test func linesAreNumberedAndQuoted() {
    let lines = queue(["{\"a\":1}", "b\n", ""])
    #expect(lines.count == 3 && lines.first == 0 && lines.held == 3)
    #expect(lines.bytes.asText == #""{\"a\":1}","b\n","""#)
  }

  @Test func whatIsOnTheServerIsOnlyCounted() {
    let lines = queue(["a", "b", "c", "d"], acknowledged: 2)
    #expect(lines.count == 4 && lines.first == 2 && lines.bytes.asText == #""c","d""#)
    #expect(queue(["a"], acknowledged: 5).isEmpty)
  }

  @Test func aPrefixIsOfWholeLines() {
    let lines = queue(["aa", "bb", "cc"])
    #expect(lines.prefix(bytes: 14).count == 3 && lines.prefix(bytes: 14).bytes == lines.bytes)
    for (limit, count) in [(13, 2), (9, 2), (8, 1), (4, 1), (0, 1)] {
      let part = lines.prefix(bytes: limit)
      #expect(part.count == count, "\(limit)")
      #expect(part.bytes.asText == [#""aa""#, #""aa","bb""#][count - 1])
    }
    #expect(queue(["long"]).prefix(bytes: 1).count == 1 && LineQueue().prefix(bytes: 9).count == 0)
  }

  /// Against a list that is kept beside it.
  @Test func droppingAndAppending() {
    var random = SplitMix(seed: 21)
    for _ in 0..<200 {
      var lines = LineQueue()
      var kept: [(number: Int, line: String)] = []
      for number in 0..<40 {
        let line = String(repeating: "x\"", count: random.below(5))
        lines.append(Array(line.utf8), acknowledged: 3)
        if number >= 3 { kept.append((number, line)) }
        if random.below(3) == 0 {
          let below = random.below(number + 3)
          lines.drop(below: below)
          kept.removeAll { $0.number < below }
        }
        #expect(
          lines.count == number + 1 && lines.held == kept.count && (kept.isEmpty || lines.first == kept[0].number))
        #expect(JSONValue(Array("[".utf8) + lines.bytes + Array("]".utf8)) == .array(kept.map { .string($0.line) }))
      }
    }
  }
}
