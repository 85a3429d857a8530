import Testing
import TrackShim

@testable import TrackShimCLI

struct StrictJSONTests {
  @Test(arguments: [
    ("1", "1"), ("-1.50e+3", "-1.50e+3"), (" true ", "true"), ("null", "null"), ("\"a\\n\"", "\"a\\n\""),
    ("NaN", "\"NaN\""), ("-Infinity", "\"-Infinity\""), ("[1, NaN]", "[1,\"NaN\"]"),
    ("{\"a\": {\"NaN\": Infinity}}", "{\"a\":{\"NaN\":\"Infinity\"}}"), ("\"NaN\"", "\"NaN\""), ("[]", "[]"),
  ])
  func copiesAndMends(journal: String, strict: String) {
    #expect(StrictJSON.value(journal) == strict)
  }

  @Test(arguments: [
    "", "01", "1.", ".5", "+1", "nan", "[1,]", "{1:2}", "\"a", "1 2", "{\"a\"}", "-", "tru", "1e", "\"a\u{1}\"",
  ])
  func nonsenseBecomesAString(text: String) {
    #expect(StrictJSON.value(text) == StrictJSON.string(text))
  }

  @Test func deepNestsDoNoHarm() {
    let nest = String(repeating: "[", count: 100_000)
    #expect(StrictJSON.value(nest) == StrictJSON.string(nest))
    let usable = String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
    #expect(StrictJSON.value(usable) == usable)
  }

  @Test func stringsAreEscaped() {
    #expect(StrictJSON.string("a\"\\\n\u{1B}é") == "\"a\\\"\\\\\\n\\u001bé\"")
  }

  @Test(
    arguments: [
      (1, "1"), (0.5, "0.5"), (.nan, "\"NaN\""), (-.infinity, "\"-Infinity\""), (1e300, "1e+300"),
    ] as [(Double, String)])
  func numbers(value: Double, text: String) {
    #expect(StrictJSON.number(value) == text)
  }
}

struct JSONStringTests {
  @Test(
    arguments: [
      ("\"plain\"", "plain"), ("\"\"", ""), ("\"\\\"\\\\\\/\\n\"", "\"\\/\n"), ("\"\\u00e9\\ud83d\\ude00\"", "é😀"),
      ("12", nil), ("\"", nil), ("\"a\"b\"", nil), ("\"\\x\"", nil), ("\"\\u12\"", nil), ("\"\\\"", nil),
    ] as [(String, String?)])
  func decodes(json: String, text: String?) {
    #expect(JSONString.decode(json) == text)
  }
}

struct FigureTests {
  @Test(
    arguments: [
      (3, "3"), (-2.5, "-2.5"), (0.000123456789, "0.000123457"), (1e20, "1e+20"), (.nan, "NaN"), (-.infinity, "-inf"),
    ] as [(Double, String)])
  func numbers(value: Double, text: String) { #expect(Figure.text(value) == text) }

  @Test(
    arguments: [
      (1_230_000_000, "1.23 s"), (61_000_000_000, "1 min 1 s"), (7_260_000_000_000, "2 h 1 min"),
    ] as [(Int64, String)])
  func durations(nanoseconds: Int64, text: String) { #expect(Figure.duration(nanoseconds: nanoseconds) == text) }

  @Test(arguments: [
    (0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1000, "1 kB"), (12_345, "12.3 kB"), (999_499, "999.5 kB"),
    (999_500, "1 MB"), (4_200_000_000, "4.2 GB"), (Int.max, "9223372 TB"),
  ])
  func sizes(bytes: Int, text: String) { #expect(Figure.bytes(bytes) == text) }

  @Test func nothingFromAJournalMovesTheCursor() {
    #expect("a\u{1B}[2Jb\n\u{9B}é".printable == "a?[2Jb??é")
  }
}

struct RunStateTests {
  @Test func theOwnerThenTheExitRecordDecide() {
    var exit = ExitRecord()
    #expect(RunState(exit: exit, owner: nil) == .finished)
    #expect(RunState(exit: exit, owner: 7) == .running(process: 7))
    exit.exitCode = 134
    #expect(RunState(exit: exit, owner: nil).text == "failed, exit code 134")
    #expect(RunState(exit: nil, owner: nil) == .crashed)
  }
}
