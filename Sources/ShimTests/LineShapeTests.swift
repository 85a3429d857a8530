import Testing

@testable import SavedLogs
@testable import TrackShim

/// Numbers in braces, tokens in angle brackets; nil for a line that is not learned from.
private func shown(_ line: String) -> String? {
  var shape = LineShape()
  var line = line
  return line.withUTF8 { bytes in
    let bytes = UnsafeRawBufferPointer(bytes)
    guard shape.take(bytes) else { return nil }
    return shape.pieces.map { piece in
      let text = Array(bytes[piece.range]).asText
      return piece.kind == .number ? "{\(text)}" : piece.kind == .token ? "<\(text)>" : text
    }.joined()
  }
}

private func key(_ line: String) -> [UInt8] {
  var shape = LineShape()
  var line = line
  _ = line.withUTF8 { shape.take(UnsafeRawBufferPointer($0)) }
  return shape.key
}

@Suite struct LineShapeTests {
  @Test(arguments: [
    ("loss 0.5", "loss {0.5}"),
    ("loss=-1.5e-3, nan inf", "loss={-1.5e-3}, {nan} {inf}"),
    ("val/loss:0.5 at 84,000 tok/s", "val/loss:{0.5} at {84,000} tok/s"),
    ("step 3/100: took 5.", "step {3}/{100}: took {5}."),
    ("12.3ms 91.2% 5it/s", "{12.3}ms {91.2}% {5}it/s"),
    ("2024-01-01 12:00:00,123 3", "<2024-01-01> <12:00:00,123> {3}"),
    ("12:30 2024-01-01T12:00:00Z v1.2.3 3", "<12:30> <2024-01-01T12:00:00Z> <v1.2.3> {3}"),
    ("01/02/2024 99/100/100", "<01/02/2024> {99}/{100}/{100}"),
    ("10.0.0.1:80 train.py:88 cuda:0", "<10.0.0.1:80> <train.py:88> cuda:{0}"),
    ("acc@1 top5 rank0 f1 7", "acc@1 top5 rank0 f1 {7}"),
    ("ckpt_100.pt 3-5 0x1f 1f3a9c 1,2 5", "<ckpt_100.pt> <3-5> <0x1f> <1f3a9c> <1,2> {5}"),
    // Another number than 99.8.
    ("99.8k words 3", "<99.8k> words {3}"),
    ("{'loss': 0.5}", "{'loss': {0.5}}"),
  ])
  func pieces(line: String, expected: String) { #expect(shown(line) == expected) }

  @Test(arguments: ["", "no number", "\u{1B}[1mloss\u{1B}[0m 5", "bell \u{7} 5", "turned \u{202E} 5"])
  func isNotLearnedFrom(line: String) { #expect(shown(line) == nil) }

  @Test func boundsAndBytes() {
    var shape = LineShape()
    let takes = { (line: [UInt8]) in line.withUnsafeBytes { shape.take($0) } }
    #expect(!takes([0xFF, 0x20, 0x35]))
    #expect(!takes([UInt8](repeating: 0x35, count: LineShape.longest + 1)))
    #expect(!takes(Array(String(repeating: "5 ", count: LineShape.mostHoles + 1).utf8)))
    #expect(takes(Array(String(repeating: "5 ", count: LineShape.mostHoles).utf8)))
  }

  @Test func linesOfAShape() {
    #expect(key("loss=  5 at 2024-01-01") == key("loss=0.25 at 2023-12-31"))
    #expect(key("step   5: x") == key("step 5:  x").filter { _ in true })
    #expect(key("train loss 5") != key("val loss 5"))
    #expect(key("top1 5") != key("top5 5"))
  }
}
