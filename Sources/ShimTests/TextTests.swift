import Testing

@testable import TrackShim

@Suite struct UTF8TextTests {
  private func sanitised(_ bytes: [UInt8]) -> [UInt8] {
    bytes.withUnsafeBytes { raw in
      var out: [UInt8] = []
      out.appendValidUTF8(raw)
      let text = UTF8Text(raw)
      #expect(text.validCount == out.count)
      #expect(text.isValid == (out == bytes))
      var again: [UInt8] = []
      text.append(to: &again)
      #expect(again == out)
      return out
    }
  }

  private func expected(_ bytes: [UInt8]) -> [UInt8] { Array(String(decoding: bytes, as: UTF8.self).utf8) }

  @Test(
    arguments: [
      [], [0x41], [0xFF], [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x41], [0xC3, 0xA9],
      [0xE0, 0x80, 0x80], [0xE0, 0xA0], [0xE2, 0x82, 0xAC], [0xE2, 0x82, 0x41], [0xED, 0xA0, 0x80],
      [0xED, 0x9F, 0xBF], [0xEF, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x9F, 0x98], [0xF0, 0x9F, 0x98, 0x80],
      [0xF4, 0x90, 0x80, 0x80], [0xF4, 0x8F, 0xBF, 0xBF], [0xF5, 0x80], [0x41, 0xF0, 0x9F, 0xE2, 0x82, 0xFF, 0x42],
      Array("plain text of more than eight bytes, caf\u{E9} \u{1F600}".utf8),
    ] as [[UInt8]])
  func replacesAsTheStandardLibraryDoes(bytes: [UInt8]) {
    #expect(sanitised(bytes) == expected(bytes))
  }

  /// The quick test for ASCII takes eight bytes at a time.
  @Test func oneByteThatIsNotASCIIAnywhere() {
    for length in 1...40 {
      for position in 0..<length {
        var bytes = [UInt8](repeating: 0x61, count: length)
        bytes[position] = 0x80
        #expect(sanitised(bytes) == expected(bytes))
      }
    }
  }

  @Test func twoBytePairsExhaustively() {
    for first in 0...255 {
      for second in stride(from: 0, through: 255, by: 5) {
        let bytes = [UInt8(first), UInt8(second), 0x80]
        let out = sanitised(bytes)
        guard out != expected(bytes) else { continue }
        Issue.record("\(bytes) became \(out)")
      }
    }
  }

  @Test func mixturesOfLeadsAndContinuations() {
    var random = SplitMix(seed: 3)
    let alphabet: [UInt8] = [
      0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC2, 0xE0, 0xE1, 0xED, 0xF0, 0xF3, 0xF4, 0xFF,
    ]
    for _ in 0..<5_000 {
      let bytes = (0..<random.below(24)).map { _ in alphabet[random.below(alphabet.count)] }
      let out = sanitised(bytes)
      guard out != expected(bytes) else { continue }
      Issue.record("\(bytes) became \(out)")
    }
  }
}

@Suite struct JSONTextTests {
  private func json(_ bytes: [UInt8]) -> String {
    var out: [UInt8] = []
    out.appendJSONString(bytes)
    return String(decoding: out, as: UTF8.self)
  }

  @Test(
    arguments: [
      ([], #""""#), (Array("plain".utf8), #""plain""#), (Array(#"a"b\c/d"#.utf8), #""a\"b\\c/d""#),
      ([0x08, 0x09, 0x0A, 0x0C, 0x0D], #""\b\t\n\f\r""#),
      ([0x00, 0x01, 0x0B, 0x1B, 0x1F], #""\u0000\u0001\u000b\u001b\u001f""#),
      ([0x7F], "\"\u{7F}\""), (Array("é€😀".utf8), #""é€😀""#), ([0x61, 0xFF, 0x22], #""a\#u{FFFD}\"""#),
      ([0xE2, 0x82, 0x22], #""\#u{FFFD}\"""#), ([0xE2, 0x82], #""\#u{FFFD}""#),
    ] as [([UInt8], String)])
  func escapes(bytes: [UInt8], expected: String) {
    #expect(json(bytes) == expected)
  }

  /// Short ones are written in another way, and so are those of plain text.
  @Test(arguments: [1, 4_000, 4_095, 4_096, 4_097, 70_000])
  func length(count: Int) {
    let quotes = [UInt8](repeating: 0x22, count: count)
    #expect(json(quotes) == "\"" + String(repeating: #"\""#, count: count) + "\"")
    #expect(json(quotes + [0x0A]) == "\"" + String(repeating: #"\""#, count: count) + #"\n""#)
    var out = Array("[".utf8)
    out.appendJSONString(quotes + [0xFF])
    #expect(out.first == 0x5B && String(decoding: out.dropFirst(), as: UTF8.self) == json(quotes + [0xFF]))
  }

  @Test func stringsAndBytesAgree() {
    let text = "x \"quoted\" \n é \u{0}"
    var out: [UInt8] = []
    out.appendJSONString(text)
    #expect(String(decoding: out, as: UTF8.self) == json(Array(text.utf8)))
  }

  /// Whatever comes in, what goes out is UTF-8 without control characters or unescaped quotes.
  @Test func anyBytesGiveOneLiteral() {
    var random = SplitMix(seed: 4)
    for _ in 0..<5_000 {
      var out: [UInt8] = []
      out.appendJSONString(random.bytes(random.below(20)))
      let isWhole = out.count >= 2 && out.first == 0x22 && out.last == 0x22
      let body = out.dropFirst().dropLast()
      let isValid = String(validating: out, as: UTF8.self) != nil
      guard !isWhole || !isValid || body.contains(where: { $0 < 0x20 }) || hasBareQuote(body) else { continue }
      Issue.record("\(out)")
    }
  }

  private func hasBareQuote(_ body: ArraySlice<UInt8>) -> Bool {
    var isEscaped = false
    for byte in body {
      if byte == 0x22, !isEscaped { return true }
      isEscaped = byte == 0x5C && !isEscaped
    }
    return isEscaped
  }
}

@Suite struct NumberTextTests {
  private func text(_ append: (inout [UInt8]) -> Void) -> String {
    var out: [UInt8] = Array("x".utf8)
    append(&out)
    return String(decoding: out.dropFirst(), as: UTF8.self)
  }

  @Test(arguments: [0, 1, 9, 10, 99, 100, 999, 1000, -1, -10, 1_234_567_890, .max, .min] as [Int64])
  func integers(value: Int64) {
    #expect(text { $0.appendDecimal(value) } == String(value))
    #expect(text { $0.append(size: 30) { $0.appendDecimal(value) } } == String(value))
    #expect(value.decimalSize == String(value).count)
  }

  /// At the end of a line, with more behind it, with too many digits, and with none.
  @Test func integersOfLines() {
    var random = SplitMix(seed: 5)
    for _ in 0..<5_000 {
      let digits = String(Int64((random.next() >> 1) >> UInt64(random.below(64))))
      let text =
        String(repeating: "0", count: random.below(3)) + digits + ["", " ", "/", ":", " of 1000 x"][random.below(5)]
      let found = Array(text.utf8).withUnsafeBytes { bytes in
        var scanner = ByteScanner(bytes)
        return (scanner.unsignedInteger(), scanner.position)
      }
      let end = text.prefix { $0.isNumber }.count
      #expect(found.0 == Int64(digits) && found.1 == end)
    }
    for text in ["", "x", " 12", "99999999999999999999 ", "-1       "] {
      let isNone = Array(text.utf8).withUnsafeBytes { bytes in
        var scanner = ByteScanner(bytes)
        return scanner.unsignedInteger() == nil && scanner.position == 0
      }
      #expect(isNone)
    }
  }

  @Test(
    arguments: [
      (0, "0"), (-0.0, "-0"), (4, "4"), (-4, "-4"), (0.1, "0.1"), (1e-7, "1e-07"), (1e300, "1e+300"),
      (1e16, "1e+16"), (100000, "100000"), (.nan, "NaN"), (-.nan, "NaN"), (.infinity, "Infinity"),
      (-.infinity, "-Infinity"),
      (3.9022396481133304, "3.9022396481133304"), (5e-324, "5e-324"),
      (1.7976931348623157e308, "1.7976931348623157e+308"),
    ] as [(Double, String)])
  func doubles(value: Double, expected: String) {
    #expect(text { $0.appendDouble(value) } == expected)
  }

  @Test(
    arguments: [
      (0, "0.000"), (1_795_331_147_062_548_123, "1795331147.062"), (999_999, "0.000"), (1_000_000, "0.001"),
      (-999_999, "0.000"), (-1_000_000, "-0.001"), (-1_500_000_000, "-1.500"), (.max, "9223372036.854"),
      (.min, "-9223372036.854"),
    ] as [(Int64, String)])
  func seconds(nanoseconds: Int64, expected: String) {
    #expect(text { $0.appendSeconds(nanoseconds: nanoseconds) } == expected)
  }
}
