import Testing

@testable import TrackShim

/// A line is looked at once for its end and for whether it says anything.
@Suite struct LineScanTests {
  private static func scan(_ text: String, from start: Int = 0) -> LineScan {
    Array(text.utf8).withUnsafeBytes { LineScan($0, from: start) }
  }

  @Test(arguments: [
    "", "a", "a b c", "no number in this line, however long it is", "banana, finances and a final word",
  ])
  func text(_ line: String) {
    for rest in ["", "\n", "\nloss 1.5\n", "\n7", "\rnan"] {
      let found = Self.scan(line + rest)
      #expect(found.end == line.utf8.count && (found.isText || line.contains("nan")), "\(line)\(rest)")
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

/// Whether a line can be a report is told from its words.
@Suite struct TellingLineTests {
  private static func mayBeOne(_ line: String) -> Bool {
    Array(line.utf8).withUnsafeBytes { TellingLine.mayBeOne($0, from: 0) }
  }

  @Test(arguments: [
    "Listening on port 8080", "Copyright (C) 1999-2001, 2003 Nobody", "used 12 of the files",
    "see a/b and http://x/src 3",
    "foo = 3, bar = 4", "#define SIZE 0x12", "status unpacked libc6:amd64 2.36-9", "the 3rd attempt",
    "100 %".dropFirst(3) + "",
  ]) func cannot(_ line: String) { #expect(!Self.mayBeOne(line), "\(line)") }

  @Test(arguments: [
    "loss 3", "my_loss: 3", "TrainAcc=3", "step 3", "Epoch: 3", "n_gen 3", "top1 3", "hits@10 3", "12: foo 3",
    "  [3/4] foo 3",
    "foo [ 1/79] 3", "foo 3 of 10 batches", "foo 3 / 10", "12.3 tok/s", "8100/s", "words per second: 3", "шаг 3",
    "foo ███ 3",
    "val -0.99", "+3 foo", ".5 foo", "<3> foo",
  ]) func may(_ line: String) { #expect(Self.mayBeOne(line), "\(line)") }

  @Test func endsOfResultsAreKnown() {
    for end in Words.resultEnds {
      let word = Array("my".utf8) + end
      #expect(word.withUnsafeBytes { Words.endsInResult($0) } && Self.mayBeOne(word.asText + " 3"), "\(end.asText)")
    }
  }
}
