import Testing

@testable import TrackShim

@Suite struct RunIDTests {
  @Test func looksAsWandbsOwn() {
    let letters = Set("abcdefghijklmnopqrstuvwxyz0123456789")
    for _ in 0..<200 {
      let id = RunID.random()
      #expect(id.utf8.count == 8)
      #expect(id.allSatisfy(letters.contains))
      #expect(SettingsReader.Rule.runID.accepts(id))
    }
    #expect(RunID.writer().utf8.count == 32)
  }

  @Test func everyLetterComesAndNoneTwiceInAThousand() {
    let ids = (0..<1_000).map { _ in RunID.random() }
    #expect(Set(ids).count == 1_000)
    // 8,000 letters: that one of 36 is missing happens in one of 10^90 runs.
    #expect(Set(ids.joined()).count == 36)
  }
}
