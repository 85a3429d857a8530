import Testing

@testable import TrackShim

private func said(_ template: String, _ line: String) -> String? {
  var held = HeldLines(template)
  return held.said(line)
}

@Suite struct NumberListTests {
  @Test(arguments: [
    ("a=1, b=2", "a=1 b=2"), ("a: 1 | b: 2", "a=1 b=2"), ("a = -1.5e3 b=nan", "a=-1.5e3 b=NaN"),
    ("Total Loss=1", nil), ("top-1@val/acc=91%, cer_ctc=0.5", "top_1_val_acc=91 cer_ctc=0.5"),
    ("a=1,234 b=2", nil), ("a=1, a=2", "a=1"), ("step=3, a=1", "a=1"), ("a=1)", nil), ("a 1", nil), ("1", nil),
    ("", nil),
    ("a=1.2k, b=2", nil), ("a=1 minute", nil), ("___=1, a=2", "a=2"), ("a=b", nil), ("a=1, b", nil),
  ]) func aList(_ list: String, _ expected: String?) {
    #expect(said("list {=}", "list " + list) == expected, "\(list)")
  }

  @Test(arguments: [
    ("a=1, time=1 minute and 2.2 seconds, b=2", "a=1"), ("a=1, b=2.5s", "a=1"), ("a=1 and b=2", nil), ("a=1)", "a=1"),
    ("a: 1 | b: 2 |", "a=1 b=2"), ("a=1;", "a=1"),
    ("a=1, b=2 c=3 d", "a=1 b=2"),
  ]) func whatFollowsIsNone(_ list: String, _ expected: String?) {
    #expect(said("{=}{*}", list) == expected, "\(list)")
  }

  @Test func namesHaveTheirPrefixAndTheStepItsOwnHole() {
    #expect(
      said("prefix val/ :: epoch {step}: {=}, eta {*}", "epoch 3: Loss=1, acc=2, eta 5 s")
        == "step 3 val/loss=1 val/acc=2")
    #expect(said("[{=}] {x}", "[a=1 b=2] 3") == "a=1 b=2 x=3")
  }

  @Test func aListHasAnEnd() {
    let list = (0..<70).map { "m\($0)=\($0)" }.joined(separator: " ")
    #expect(said("{=}{*}", list)?.split(separator: " ").count == Template.holeLimit)
    #expect(said("{=}", list) == nil)
  }
}
