import Testing

@testable import TrackShim

@Suite struct ConfigYAMLTests {
  private func yaml(_ items: [(String, String)], wandb: String = "") -> String {
    ConfigYAML.make(items: items.map { (key: $0.0, json: Array($0.1.utf8)) }, wandb: Array(wandb.utf8)).asText
  }

  @Test func keysAreSortedAndWrapped() {
    #expect(
      yaml(
        [("resume_from", "null"), ("batch_size", "4"), ("lr", "0.1"), ("lr", "0.2")],
        wandb: #"{"t":{"13":"linux-x86_64"},"m":[]}"#)
          == """
          _wandb:
              value:
                  m: []
                  t:
                      "13": linux-x86_64
          batch_size:
              value: 4
          lr:
              value: 0.2
          resume_from:
              value: null

          """)
  }

  @Test func nests() {
    #expect(
      yaml([("l", #"[1,{"b":[2,{"x":null}],"a":"q"},[[3],[]],{},"s"]"#)])
        == """
        l:
            value:
                - 1
                - a: q
                  b:
                      - 2
                      - x: null
                - - - 3
                  - []
                - {}
                - s

        """)
  }

  @Test func nothingAndNonsense() {
    #expect(yaml([]) == "{}\n")
    #expect(yaml([("bad", "nan"), ("worse", ""), ("a", "1")], wandb: "{") == "a:\n    value: 1\n")
    #expect(yaml([("_wandb", "1")], wandb: "2") == "_wandb:\n    value: 2\n")
    #expect(yaml([("o", #"{"a":1,"a":2}"#)]) == "o:\n    value:\n        a: 2\n")
  }

  @Test(
    arguments: [
      ("1e-07", "1.0e-07"), ("1E5", "1.0e+5"), ("1.5e3", "1.5e+3"), ("-2e+1", "-2.0e+1"), ("4", "4"), ("-0", "-0"),
      ("0.0003", "0.0003"), ("3.0", "3.0"), ("NaN", ".nan"), ("Infinity", ".inf"), ("-Infinity", "-.inf"),
      ("true", "true"), ("null", "null"), ("{}", "{}"), ("[]", "[]"),
    ])
  func valuesThatAreNoText(json: String, expected: String) {
    #expect(yaml([("k", json)]) == "k:\n    value: \(expected)\n")
  }

  @Test(
    arguments: [
      "gpt2-124M", "linux-x86_64", "BANDED (FC1 only)", "/data/model_1.bin", "_x", "a b", "Norway", "nullable", "one",
    ])
  func plainText(text: String) {
    #expect(YAMLScalar.text(text).asText == text)
  }

  @Test(
    arguments: [
      ("", #""""#), (" a", #"" a""#), ("a ", #""a ""#), ("1", #""1""#), ("1e3", #""1e3""#), ("0x1F", #""0x1F""#),
      ("1_000", #""1_000""#), ("1:30", #""1:30""#), (".5", #"".5""#), ("-1", #""-1""#), (".nan", #"".nan""#),
      (".inf", #"".inf""#), ("~", #""~""#), ("null", #""null""#), ("True", #""True""#), ("NO", #""NO""#),
      ("on", #""on""#), ("off", #""off""#), ("y", #""y""#), ("N", #""N""#), ("2026-01-01", #""2026-01-01""#),
      ("a: b", #""a: b""#), ("a:", #""a:""#), ("a #b", #""a #b""#), ("# b", ##""# b""##), ("- a", #""- a""#),
      ("?", #""?""#), ("[a]", #""[a]""#), ("{a}", #""{a}""#), ("*a", #""*a""#), ("&a", #""&a""#), ("!a", #""!a""#),
      ("%a", #""%a""#), ("@a", #""@a""#), ("`a", #""`a""#), ("|", #""|""#), (">", #"">""#), ("---", #""---""#),
      ("...", #""...""#), ("<<", #""<<""#), ("=", #""=""#), ("'a'", #""'a'""#), (#"a"b\"#, #""a\"b\\""#),
      ("a\nb\tc\r", #""a\nb\tc\r""#), ("\u{0}\u{7}\u{1B}\u{7F}\u{85}", #""\u0000\u0007\u001b\u007f\u0085""#),
      ("\u{2028}\u{FEFF}\u{FFFF}\u{1FFFE}", #""\u2028\ufeff\uffff\U0001fffe""#), ("é😀", #""é😀""#),
    ])
  func quotedText(text: String, expected: String) {
    #expect(YAMLScalar.text(text).asText == expected)
    #expect(yaml([(text, "1")]) == "\(expected):\n    value: 1\n")
  }

  /// Two ways to write an é are two keys, and sorting is by bytes.
  @Test func keysAreBytes() {
    #expect(yaml([("\u{E9}", "1"), ("e\u{301}", "2"), ("Z", "3")]).split(separator: "\n").count == 6)
    #expect(yaml([("a", "1"), ("Z", "3")]) == "Z:\n    value: 3\na:\n    value: 1\n")
  }

  @Test func aLongKeyIsAnnounced() {
    let key = String(repeating: "k", count: 2_000)
    #expect(yaml([(key, "4"), ("z", "1")]) == "? \(key)\n:\n    value: 4\nz:\n    value: 1\n")
    #expect(yaml([("o", "{\"\(key)\":4}")]) == "o:\n    value:\n        ? \(key)\n        : 4\n")
  }
}
