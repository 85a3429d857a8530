import Testing

@testable import TrackShim

@Suite struct ServerAddressTests {
  static let whatIsAnAddressCases: [(String, String, String)] = [
    ("https://api.wandb.ai", "https://api.wandb.ai", "https://wandb.ai"),
    ("https://api.wandb.ai//", "https://api.wandb.ai", "https://wandb.ai"),
    ("https://api.forge.coreweave.com", "https://api.forge.coreweave.com", "https://forge.coreweave.com/wandb"),
    ("https://forge.coreweave.com/api/wandb", "https://api.forge.coreweave.com", "https://forge.coreweave.com/wandb"),
    ("https://api.foo.com/sub", "https://api.foo.com/sub", "https://app.foo.com/sub"),
    ("https://api.wandb.test", "https://api.wandb.test", "https://app.wandb.test"),
    ("https://api.wandb.corp.example", "https://api.wandb.corp.example", "https://wandb.corp.example"),
    ("https://wandb.corp.example/", "https://wandb.corp.example", "https://wandb.corp.example"),
    ("http://127.0.0.1:8080/", "http://127.0.0.1:8080", "http://127.0.0.1:8080"),
    ("http://[::1]:80", "http://[::1]:80", "http://[::1]:80"),
    ("http://localhost", "http://localhost", "http://localhost"),
    ("HTTP://Foo:8080/Bar/", "HTTP://Foo:8080/Bar", "HTTP://Foo:8080/Bar"),
  ]

  /// Address, what is kept of it, the dashboard's address: as client 0.31.0 makes them, but that it links runs of
  /// the public server to that server's second name.
  @Test(arguments: whatIsAnAddressCases) func whatIsAnAddress(_ text: String, _ base: String, _ app: String) throws {
    let address = try ServerAddress(base: text)
    #expect(address.base == base)
    #expect(address.app == app)
    #expect(address.graphQL == base + "/graphql")
  }

  static let whatIsNoneCases: [(String, ServerAddress.Problem)] = [
    ("", ServerAddress.Problem.notAnAddress), ("api.wandb.ai", .notAnAddress), ("ftp://x", .notAnAddress),
    ("file:///etc/passwd", .notAnAddress), ("http://", .notAnAddress), ("http:///x", .notAnAddress),
    ("http://:80", .notAnAddress), ("http://x:", .notAnAddress), ("http://x:0", .notAnAddress),
    ("http://x:99999", .notAnAddress), ("http://x:8a", .notAnAddress), ("http://x:+8", .notAnAddress),
    ("http://a b", .notAnAddress), ("http://x\r\nY: z", .notAnAddress), ("http://x?y", .notAnAddress),
    ("http://x#y", .notAnAddress), ("http://ü.example", .notAnAddress), ("http://x\\@y", .notAnAddress),
    ("http://x/" + String(repeating: "y", count: 3000), .notAnAddress), (" https://x", .notAnAddress),
    ("https://u:p@host.example", .hasUser), ("https://t@host.example", .hasUser), ("https://wandb.ai", .notTheAPI),
    ("https://www.wandb.ai/me", .notTheAPI), ("http://WANDB.AI", .notTheAPI), ("http://api.wandb.ai", .insecure),
  ]

  @Test(arguments: whatIsNoneCases) func whatIsNone(_ text: String, _ problem: ServerAddress.Problem) {
    #expect(throws: problem) { try ServerAddress(base: text) }
    #expect(!problem.accepted.isEmpty)
  }

  @Test func theDashboardMayBeElsewhere() throws {
    let address = try ServerAddress(base: "https://api.wandb.ai", app: "http://app.example:1/x/")
    #expect(address.app == "http://app.example:1/x")
    #expect(throws: ServerAddress.Problem.notAnAddress) { try ServerAddress(base: "https://x", app: "x") }
    #expect(throws: ServerAddress.Problem.hasUser) { try ServerAddress(base: "https://x", app: "https://u@x") }
    // Only requests must go to the API's address.
    #expect(try ServerAddress(base: "https://x", app: "https://wandb.ai").app == "https://wandb.ai")
  }

  /// As `urlsplit(…).netloc`.
  @Test func theMachineOfTheNetrcFile() throws {
    #expect(try ServerAddress(base: "http://127.0.0.1:8080/x").netlocs == ["127.0.0.1:8080"])
    #expect(try ServerAddress(base: "http://Foo").netloc == "Foo")
    #expect(try ServerAddress(base: "http://[::1]:80").netloc == "[::1]:80")
    #expect(ServerAddress().netlocs == ["api.wandb.ai", "api.forge.coreweave.com"])
    #expect(try ServerAddress(base: "https://api.forge.coreweave.com").netlocs.last == "api.wandb.ai")
  }

  @Test func pathsOfARun() {
    let address = ServerAddress()
    #expect(
      address.fileStream(entity: "my team", project: "a/b", run: "r%1")
        == "https://api.wandb.ai/files/my%20team/a%2Fb/r%251/file_stream")
    #expect(
      address.page(entity: "t", project: "größe+1", run: "..")
        == "https://wandb.ai/t/gr%C3%B6%C3%9Fe%2B1/runs/%2E%2E")
  }

  @Test func everyByteIsEncodedOrHarmless() {
    let all = String(String.UnicodeScalarView((0x00...0xFF).compactMap(Unicode.Scalar.init)))
    let encoded = all.percentEncoded
    #expect(Self.decoded(encoded) == Array(all.utf8))
    #expect(encoded.contains("-._~") == false)
    #expect("-._~aZ09".percentEncoded == "-._~aZ09")
    #expect(encoded.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"/?#[]@!$&'()*+,;=:\"<>\\^`{|}".utf8.contains($0) })
  }

  private static func decoded(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      bytes.append(UInt8(Array(rest.prefix(2)).asText, radix: 16) ?? 0)
      rest = rest.dropFirst(2)
    }
    return bytes
  }

  @Test func anyBytesAreAnAddressOrNot() {
    var random = SplitMix(seed: 302)
    let parts = [
      "http", "https", ":", "//", "/", "@", "[", "]", "::", "a", "api.", "wandb.ai", "80", "?", "#", "é", "\0", "\\",
    ]
    var accepted = 0
    for round in 0..<4_000 {
      let start = round % 2 == 0 ? "https://" : ""
      let text = start + (0..<random.below(8)).map { _ in parts[random.below(parts.count)] }.joined()
      guard let address = try? ServerAddress(base: text) else { continue }
      accepted += 1
      #expect(!address.base.hasSuffix("/") && !address.netloc.isEmpty && !address.base.contains("@a"))
    }
    #expect(accepted > 50)
    for _ in 0..<1_000 { _ = URLParts(random.bytes(random.below(40)).asText)?.host }
  }
}
