import Testing

@testable import TrackShim

/// What PyYAML writes and reads, and what it does not; each expectation is what `yaml.safe_load` gives.
@Suite struct YAMLReaderTests {
  private func json(_ yaml: String) -> String? { YAMLReader.read(Array(yaml.utf8))?.text(asJSON: true) }

  @Test func asTheAgentWritesIt() {
    let yaml = """
      wandb_version: 1

      lr:
        value: 1.0e-05
      layers:
        value:
        - 16
        - - 1
          - 2
        - name: a
          size: 3
        - {}
      empty:
        value: []
      none:
        value: null
      odd: key
      'a: b':
        value: 'it''s: # fine'
      "tab\\t":
        value: "a\\nb \\
          \\ c\\x41\\u00e9\\U0001F600"
      """
    #expect(
      json(yaml)
        == #"{"wandb_version":1,"lr":{"value":1.0e-05},"layers":{"value":[16,[1,2],{"name":"a","size":3},{}]},"#
        + #""empty":{"value":[]},"none":{"value":null},"odd":"key","a: b":{"value":"it's: # fine"},"#
        + #""tab\t":{"value":"a\nb  cAé😀"}}"#)
  }

  @Test(
    arguments: [
      ("", "null"), ("# nothing\n", "null"), ("a", #""a""#), ("---\na: 1\n...\n", #"{"a":1}"#),
      ("\u{FEFF}a: 1\r\nb: 2\r\n", #"{"a":1,"b":2}"#), ("a:\nb:\n", #"{"a":null,"b":null}"#),
      ("a: # none\n  1 # one\n", #"{"a":1}"#), ("a: b#c\n", ##"{"a":"b#c"}"##),
      ("a: http://x:1/y\n", #"{"a":"http://x:1/y"}"#),
      ("- 1\n-\n- - 2\n  -\n", "[1,null,[2,null]]"), ("- a: 1\n  b: 2\n- c: 3\n", #"[{"a":1,"b":2},{"c":3}]"#),
      (
        "? long\n: a: 1\n  b: 2\n? 'z\n\n  y'\n:\n  - 2\n? w\n: - 3\n  - 4\n",
        #"{"long":{"a":1,"b":2},"z\ny":[2],"w":[3,4]}"#
      ),
      (#"{"a": [1, 2.5], "b": {c: d, e: }, }"#, #"{"a":[1,2.5],"b":{"c":"d","e":null}}"#),
      ("[a b,\n c\n d]\n", #"["a b","c d"]"#), ("a: one\n  two\n\n  three\nb: 1\n", #"{"a":"one two\nthree","b":1}"#),
      ("a: 'one\n\n  two'\n", #"{"a":"one\ntwo"}"#), ("a: \"one  \n  two\"\n", #"{"a":"one two"}"#),
      ("a: \"one\\  \n\n\n  two\"\n", #"{"a":"one \n\ntwo"}"#), ("a: \"one\\\n\n  two\"\n", #"{"a":"one\ntwo"}"#),
      ("\"a\" : 1\n", #"{"a":1}"#), ("a: -1\n", #"{"a":-1}"#), ("a: - 1", nil), ("a: -b\n", #"{"a":"-b"}"#),
      ("a:\n - 1\n - 2\nb: 3", #"{"a":[1,2],"b":3}"#), ("a: b: c\n", nil), ("a: 1\n b: 2\n", nil), ("a\nb: 1\n", nil),
      ("a: [1\n", nil), ("a: {b: 1\n", nil), ("a: 'x\n", nil), ("a: \"\\q\"\n", nil), ("a: \"\\xZZ\"\n", nil),
      ("a: *b\n", nil), ("a: &b 1\n", nil), ("a: !x 1\n", nil), ("a: |\n  x\n", nil), ("%YAML 1.1\n---\na: 1\n", nil),
      ("a: 1\n---\nb: 2\n", nil), ("a:\n\tb: 1\n", nil), ("- 1\na: 2\n", nil), ("a: 1\n- 2\n", nil),
      ("a: 'x\u{2028}y'\n", nil), ("a: x\u{85}y\n", nil), ("@a: 1\n", nil), ("]", nil), ("a: 1\nb\n", nil),
    ] as [(String, String?)])
  func asPyYAMLReadsIt(yaml: String, expected: String?) {
    #expect(json(yaml) == expected)
  }

  @Test(
    arguments: [
      ("12", "12"), ("-3", "-3"), ("+3", "3"), ("0", "0"), ("1_000", "1000"), ("017", "15"), ("0o17", #""0o17""#),
      ("0x1F", "31"), ("-0x1f", "-31"), ("0b101", "5"), ("09", #""09""#), ("1.5", "1.5"), ("1.", "1.0"), (".5", "0.5"),
      ("+.5", #""+.5""#), ("1.0e-05", "1.0e-05"), ("1.0e+20", "1.0e+20"), ("1e5", #""1e5""#), ("1.0e5", #""1.0e5""#),
      ("1.5.2", #""1.5.2""#), ("007.5", "7.5"), (".inf", "Infinity"), ("-.inf", "-Infinity"), (".nan", "NaN"),
      ("nan", #""nan""#), ("~", "null"), ("Null", "null"), ("True", "true"), ("off", "false"), ("y", #""y""#),
      ("2026-01-02", #""2026-01-02""#), ("_1", #""_1""#), ("1 2", #""1 2""#), ("0x", #""0x""#),
      ("123456789012345678901234567890", "123456789012345678901234567890"),
    ])
  func words(word: String, expected: String) {
    #expect(json("a: \(word)\n") == "{\"a\":\(expected)}")
  }

  @Test func whatOurOwnWriterWrites() throws {
    let value = try #require(
      JSONValue(#"{"a":{"value":[1,"x: y",{"z":null,"y":[[]]}]},"b":"é\n\u0007","1":"1","c":-1e-7}"#))
    let read = try #require(YAMLReader.read(YAMLText.make(value)))
    #expect(YAMLText.make(read) == YAMLText.make(value))
    let long = JSONValue.make([(String(repeating: "k", count: 2_000), .make([("v", .number("1"))]))])
    #expect(YAMLReader.read(YAMLText.make(long)) == long)
  }

  @Test(arguments: ["[", "{a: ", "- ", "? ", "- - ", "a: [", "\""])
  func nestsAreBounded(piece: String) {
    let nest = Array(String(repeating: piece, count: 100_000).utf8)
    #expect(YAMLReader.read(nest) == nil)
  }

  @Test func manyValuesAreBounded() {
    #expect(YAMLReader.read(Array(("[" + String(repeating: "1,", count: 500_000) + "]").utf8)) == nil)
    #expect(YAMLReader.read(Array(String(repeating: "- 1\n", count: 1_000).utf8))?.elements.count == 1_000)
  }

  /// Whatever stands there, and wherever it breaks off.
  @Test func nonsenseTrapsNothing() {
    let sample = Array("a: [1, {b: 'c'}]\n\"x\\u00e9\\\n  y\": - 1\n? k\n: v\n- z: \t# c\n...\n---\n".utf8)
    var random = SplitMix(seed: 11)
    for _ in 0..<20_000 {
      var bytes = Array(sample.prefix(random.below(sample.count + 1)))
      for _ in 0..<random.below(6) where !bytes.isEmpty {
        let place = random.below(bytes.count)
        if random.below(2) == 0 {
          bytes[place] = UInt8(random.below(256))
        } else {
          bytes.insert(sample[random.below(sample.count)], at: place)
        }
      }
      _ = SweepParameters(bytes)
    }
  }
}
