import Testing

@testable import TrackShim

@Suite struct TextsTests {
  @Test(
    arguments: [
      ("", ""), (" ", ""), ("a", "a"), (" \t a b\r", "a b"), ("\u{A0}a", "\u{A0}a"), ("\t\r ", ""), ("é ", "é"),
    ])
  func trims(_ text: String, _ trimmed: String) { #expect(text.trimmed == trimmed) }

  @Test(
    arguments: [
      ("plain é 世", "plain é 世"), ("\u{1B}[2J", "?[2J"), ("a\r\nb", "a??b"), ("\u{9B}31m", "?31m"), ("\0\u{7F}", "??"),
      ("\u{1B}]0;title\u{7}", "?]0;title?"), ("a\u{202E}b\u{2066}c", "a?b?c"), ("\u{200B}\u{FEFF}\u{E0041}", "???"),
      ("👩\u{200D}💻 e\u{301}", "👩\u{200D}💻 e\u{301}"),
    ])
  func movesNoCursor(_ text: String, _ shown: String) { #expect(text.printable == shown) }

  @Test func everyControlCharacterIsHarmless() {
    for value in 0..<0x300 as Range<UInt32> {
      guard let scalar = UnicodeScalar(value) else { continue }
      let isControl = value < 0x20 || (0x7F..<0xA0).contains(value) || value == 0xAD
      #expect(String(scalar).printable == (isControl ? "?" : String(scalar)))
    }
  }

  @Test func cutsWhatIsLong() {
    let text = String(repeating: "x", count: 120)
    #expect(text.printable == text)
    #expect((text + "y").printable == text + "…")
    #expect((text + "y").printablePath == text + "y")
    // One character, but of a thousand code points.
    let marks = "a" + String(repeating: "\u{301}", count: 1_000)
    #expect(marks.printable.unicodeScalars.count == 121)
  }

  @Test(
    arguments: [
      ("/a/b", "b"), ("b", "b"), ("/", ""), ("a/", ""), ("", ""), ("/a/\u{301}b", "\u{301}b"),
    ])
  func lastComponents(_ path: String, _ last: String) { #expect(path.lastPathComponent == last) }

  @Test func joinsPaths() {
    #expect("/".path(adding: "a") == "/a")
    #expect("/x".path(adding: "a") == "/x/a")
    #expect("x/".path(adding: "a/b") == "x/a/b")
  }
}
