import Testing

@testable import TrackShim

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
