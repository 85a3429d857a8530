import Testing

@testable import TrackShim

@Suite struct APIKeyTests {
  static let good = String(repeating: "0aZ_", count: 10)

  static let whatIsAKeyCases: [String] = [
    good, "local-" + good, "-" + good, "on_prem-" + good + "-x", String(repeating: "a", count: 86),
    "a-b-" + String(repeating: "x", count: 38), "head.pay-load_.signature", "a.b.c",
    String(repeating: "k", count: 1023),
  ]

  /// Judged as `wandb.sdk.lib.wbauth.validation.check_api_key` of client 0.31.0 judges them.
  @Test(arguments: whatIsAKeyCases) func whatIsAKey(_ text: String) throws {
    #expect(try APIKey(text) == APIKey(text))
  }

  static let whatIsNoneCases: [(String, APIKey.Problem)] = [
    ("", APIKey.Problem.tooShort(0)), (String(good.dropLast()), .tooShort(39)),
    ("local-\(good.dropLast())", .tooShort(39)), ("\(good.dropLast())é", .characters), ("\(good)\n", .characters),
    ("\(good) ", .characters), ("\(good)\r\nX: y", .characters), ("\(good).b", .characters), ("a..c", .characters),
    ("a.b.c.d", .characters), ("lo cal-\(good)", .characters), (String(repeating: "k", count: 1024), .tooLong),
  ]

  @Test(arguments: whatIsNoneCases) func whatIsNone(_ text: String, _ problem: APIKey.Problem) {
    #expect(throws: problem) { try APIKey(text) }
    #expect(!problem.text.isEmpty)
  }

  @Test func theHeader() throws {
    // printf 'api:0aZ_…' | base64
    let key = try APIKey("local-" + Self.good)
    #expect(
      key.authorization
        == "Authorization: Basic YXBpOmxvY2FsLTBhWl8wYVpfMGFaXzBhWl8wYVpfMGFaXzBhWl8wYVpfMGFaXzBhWl8=")
  }

  @Test func nothingThatPrintsItShowsIt() throws {
    struct Holder { let key: APIKey }
    let key = try APIKey(Self.good)
    var dumped = ""
    dump(Holder(key: key), to: &dumped)
    for shown in [
      "\(key)", String(reflecting: key), String(describing: Holder(key: key)), "\(Optional(key) as Any)", dumped,
    ] {
      #expect(shown.contains("APIKey"))
      #expect(!shown.contains("0aZ_"))
    }
  }
}
