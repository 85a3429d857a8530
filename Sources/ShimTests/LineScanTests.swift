import Testing

@testable import TrackShim

/// A line is looked at once for its end and for whether it says anything.
@Suite struct LineScanTests {
  private static func scan(_ text: String, from start: Int = 0) -> LineScan {
    Array(text.utf8).withUnsafeBytes { LineScan($0, from: start) }
  }

  @Test(arguments: [
    "", "a", "a b c", "no number in this line, however long it is", "in front of a final word\tand a tab",
  ])
  func text(_ line: String) {
    for rest in ["", "\n", "\nloss 1.5\n", "\n7", "\rnan"] {
      let found = Self.scan(line + rest)
      #expect(found.end == line.utf8.count && found.isText, "\(line)\(rest)")
    }
  }

  @Test(arguments: [
    "7", "a 7", "the loss of all of this is 7", "the loss of all of this is nan", "inf", "a │ b",
    "the loss is -Inf here",
  ]) func whatMaySaySomething(_ line: String) {
    for rest in ["", "\n", "\nand a line of text that is long enough\n"] {
      let found = Self.scan(line + rest)
      #expect(found.end == line.utf8.count && !found.isText, "\(line)\(rest)")
    }
  }

  /// `nan` within a word: whoever looks closer finds that it is none.
  @Test func aWordWithinAnother() {
    let line = Array("banana, finances and a final word".utf8)
    #expect(!Self.scan(line.asText).isText && line.withUnsafeBytes { LineMarks($0).isText })
  }

  /// What it takes for text is text for whoever looks closer, wherever the line lies.
  @Test func asLookedAtCloser() {
    let pieces = [
      "a", "b c", " ", "\t", "\n", "\r", "\u{1B}", "\u{8}", "3", "nan", "NaN", "inf", "é", "│", "the words ",
    ]
    var random = SplitMix(seed: 5)
    var texts = 0
    for _ in 0..<20_000 {
      let bytes = (0..<random.below(12)).flatMap { _ in Array(pieces[random.below(pieces.count)].utf8) }
      bytes.withUnsafeBytes { bytes in
        let start = random.below(bytes.count + 1)
        let found = LineScan(bytes, from: start)
        #expect(found.end == Control.next(in: bytes, from: start))
        if found.isText {
          texts += 1
          #expect(LineMarks(bytes.part(start, found.end)).isText)
        }
      }
    }
    #expect(texts > 2_000)
  }
}
