import Testing

@testable import TrackShim

@Suite struct JSONValueTests {
  private func parse(_ text: String) -> JSONValue? { JSONValue(Array(text.utf8)) }

  private func compact(_ value: JSONValue?) -> String? {
    value.map {
      var out: [UInt8] = []
      $0.append(to: &out)
      return out.asText
    }
  }

  @Test(
    arguments: [
      "null", "true", "false", "0", "-0", "12", "-1.5", "1e-07", "1.25E+300", "NaN", "Infinity", "-Infinity", "\"\"",
      "\"é€😀\"", "[]", "{}", "[1,[2,[]],{}]", #"{"a":{"b":[null,NaN]},"":1,"a":2}"#, #""\"\\\n\u0001/""#,
    ])
  func compactTextReadsAndWritesBack(text: String) {
    #expect(compact(parse(text)) == text)
  }

  @Test func blanksAreLeftOut() {
    #expect(compact(parse(" \t\r\n[ 1 , { \"a\" : 2 , \"b\" : [ ] } ] \n")) == #"[1,{"a":2,"b":[]}]"#)
  }

  @Test(
    arguments: [
      "", " ", "nul", "nulll", "True", "01", "-01", "1.", ".5", "+1", "1e", "1e+", "--1", "-", "nan", "-NaN", "inf",
      "Infinit", "0x1", "1_0", "\"", "\"\\\"", "\"\\x\"", "\"\\u12\"", "\"\\u12G4\"", "\"a\nb\"", "[", "[1", "[1,",
      "[1,]",
      "[,1]", "]", "{", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,}", "{a:1}", "{1:1}", "{\"a\" 1}", "1 2", "[]x",
      "1\"a\"", "\u{FEFF}1", "[1}",
    ])
  func whatIsNoJSONIsRefused(text: String) {
    #expect(parse(text) == nil)
  }

  @Test(
    arguments: [
      (#""\b\t\n\f\r\/\"\\""#, "\u{8}\t\n\u{C}\r/\"\\"), (#""\u0041\u00e9\u20AC""#, "Aé€"), (#""\ud83d\ude00!""#, "😀!"),
      (#""\ud83d""#, "\u{FFFD}"), (#""\ude00a""#, "\u{FFFD}a"), (#""\ud83d\ud83d\ude00""#, "\u{FFFD}😀"),
      (#""\ud83d\u0041""#, "\u{FFFD}A"), (#""\ud83d\n""#, "\u{FFFD}\n"), (#""\u0000""#, "\u{0}"),
      (#""\uffff""#, "\u{FFFF}"),
    ])
  func escapes(text: String, expected: String) {
    #expect(parse(text) == .string(expected))
  }

  @Test func aLoneSurrogateDoesNotHideABrokenEscape() {
    #expect(parse(#""\ud83d\uZZZZ""#) == nil)
    #expect(parse(#""\ud83d\"#) == nil)
  }

  @Test func illFormedTextIsReplaced() {
    #expect(JSONValue([0x22, 0x61, 0xFF, 0x22]) == .string("a\u{FFFD}"))
  }

  @Test func nestsEndSomewhere() {
    func nest(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    #expect(compact(parse(nest(100))) == nest(100))
    #expect(parse(nest(101)) == nil)
    #expect(parse(String(repeating: "{\"a\":", count: 1_000_000)) == nil)
    #expect(parse(String(repeating: "[", count: 1_000_000)) == nil)
  }

  @Test func reading() {
    let value = parse(#"{"a":"x","n":3,"t":true,"l":[1,2],"o":{"k":null},"n":4}"#)
    #expect(value?["a"]?.text == "x" && value?["n"]?.integer == 4 && value?["t"]?.isTrue == true)
    #expect(value?["l"]?.elements == [.number("1"), .number("2")] && value?["o"]?["k"] == .null)
    #expect(value?["missing"] == nil && value?["a"]?["b"] == nil && value?["a"]?.isTrue == false)
    #expect(value?["n"]?.text == nil && value?["a"]?.integer == nil && value?["a"]?.double == nil)
    #expect(value?.members.map(\.key) == ["a", "n", "t", "l", "o", "n"] && value?.elements == [])
  }

  @Test(
    arguments: [
      ("0", 0), ("-0", 0), ("3.0", 3), ("3e0", 3), ("12.5e1", 125), ("1E3", 1000), ("-3.0", -3), ("3.5", nil),
      ("1e-1", nil), ("9223372036854775807", .max), ("-9223372036854775808", .min), ("9223372036854775808", nil),
      ("9007199254740991.0", 9_007_199_254_740_991), ("9007199254740993.0", nil), ("1e400", nil), ("NaN", nil),
      ("Infinity", nil), ("-Infinity", nil),
    ] as [(String, Int64?)])
  func integers(text: String, expected: Int64?) {
    #expect(parse(text)?.integer == expected)
  }

  @Test func doubles() {
    #expect(parse("1e-07")?.double == 1e-7 && parse("1e400")?.double == .infinity)
    #expect(parse("NaN")?.double?.isNaN == true && parse("-Infinity")?.double == -.infinity)
  }

  /// Any bytes: no trap, and what was read is written so that it reads the same.
  @Test func anyBytes() {
    let pieces =
      [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "d83d", "\\ude00", "a", "1", "-", "e", ".", "NaN", "null", " ",
        "\u{1}", "é", "\"k\":", "true",
      ].map { Array($0.utf8) } + [[0xFF], [0xE2, 0x82]]
    var random = SplitMix(seed: 11)
    var accepted = 0
    for _ in 0..<60_000 {
      let bytes = (0..<random.below(9)).flatMap { _ in pieces[random.below(pieces.count)] }
      guard let value = JSONValue(bytes) else { continue }
      accepted += 1
      var out: [UInt8] = []
      value.append(to: &out)
      if JSONValue(out) != value { Issue.record("\(bytes) became \(out)") }
    }
    #expect(accepted > 500)
  }

  /// Two bytes of text may be eighty of memory.
  @Test func aCountlessListIsRefused() {
    func list(_ count: Int) -> String { "[" + Array(repeating: "1", count: count).joined(separator: ",") + "]" }
    #expect(parse(list(JSONValue.countLimit - 1))?.elements.count == JSONValue.countLimit - 1)
    #expect(parse(list(JSONValue.countLimit)) == nil)
  }
}
