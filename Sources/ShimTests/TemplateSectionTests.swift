import Testing

@testable import TrackShim

@Suite struct TemplateSectionTests {
  private static let text = """
    heading :: name | loss
    below :: {step} | {loss}
    heading :: fit {fit}
    below :: {step} | {acc}
    {other}
    """

  @Test func linesBelongToTheHeadingAbove() {
    var held = HeldLines(Self.text)
    #expect(
      held.said(["1 | 2", "name | loss", "1 | 2", "7", "2 | 3", "fit 9", "3 | 4", "name | loss", "4 | 5"]) == [
        nil, "", "step 1 loss=2", "other=7", "step 2 loss=3", "fit=9", "step 3 acc=4", "", "step 4 loss=5",
      ])
  }

  @Test func whereLinesAreLostNobodyKnowsTheHeading() {
    var held = HeldLines(Self.text)
    #expect(held.said(["name | loss", "1 | 2"]) == ["", "step 1 loss=2"])
    held.format.loseTrack()
    #expect(held.said("1 | 2") == nil)
  }

  /// What stands below a heading that cannot be used is not below the one before.
  @Test func aWrongHeadingHasNoLines() {
    let set = TemplateSet(Array("heading :: a\nbelow :: a {x}\nheading :: {b\nbelow :: b {y}".utf8), origin: "T")
    #expect(set.complaints.count == 1)
    var held = HeldLines(set)
    #expect(held.said(["a", "a 1", "b 2"]) == ["", "x=1", nil])
  }

  @Test func headingsOfTwoSourcesAreTwo() {
    var set = TemplateSet(Array("heading :: a\nbelow :: {x}".utf8), origin: "T")
    set.add(Array("heading :: b\nbelow :: {y}".utf8), origin: "U")
    #expect(set.complaints == [])
    var held = HeldLines(set)
    #expect(held.said(["b", "1", "a", "1"]) == ["", "y=1", "", "x=1"])
  }
}
