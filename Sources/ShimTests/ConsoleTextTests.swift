import Testing

@testable import TrackShim

@Suite struct ConsoleTextTests {
  private func sent(_ stream: OutputStream, _ text: String, isStructured: Bool) -> String {
    let line = ConsoleLine(
      number: 0, stream: stream, time: 1_795_331_146_926_308_999, text: Array(text.utf8), isOpen: false)
    var out: [UInt8] = []
    ConsoleText.append(line, isStructured: isStructured, to: &out)
    return out.asText
  }

  @Test func plainLines() {
    #expect(sent(.standardOutput, "val loss 4", isStructured: false) == "2026-11-22T07:05:46.926308 val loss 4")
    #expect(sent(.standardError, "", isStructured: false) == "ERROR 2026-11-22T07:05:46.926308 ")
  }

  @Test func structuredLines() {
    #expect(
      sent(.standardOutput, "a \u{1B}[31m\"", isStructured: true)
        == #"{"ts":"2026-11-22T07:05:46.926308","content":"a \u001b[31m\""}"#)
    #expect(
      sent(.standardError, "é", isStructured: true)
        == #"{"level":"error","ts":"2026-11-22T07:05:46.926308","content":"é"}"#)
  }

  @Test(
    arguments: [
      (0, "1970-01-01T00:00:00.000000"), (-1, "1969-12-31T23:59:59.999999"), (999, "1970-01-01T00:00:00.000000"),
      (1_709_251_199_999_999_999, "2024-02-29T23:59:59.999999"),
      (951_868_800_000_000_000, "2000-03-01T00:00:00.000000"),
      (-2_208_988_800_000_000_000, "1900-01-01T00:00:00.000000"), (.max, "2262-04-11T23:47:16.854775"),
      (.min, "1677-09-21T00:12:43.145224"),
    ] as [(Int64, String)])
  func times(nanoseconds: Int64, expected: String) {
    var out: [UInt8] = []
    out.appendUTCTime(nanoseconds: nanoseconds)
    #expect(out.asText == expected)
  }
}
