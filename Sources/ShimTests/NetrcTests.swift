import Testing

@testable import TrackShim

/// The expectations are what Python 3.11's netrc module answers, but where a comment says otherwise.
@Suite struct NetrcTests {
  @Test func theFileOfWandbLogin() throws {
    let netrc = try Netrc("machine api.wandb.ai\n  login user\n  password abc\n")
    #expect(netrc.ownPassword(for: "api.wandb.ai") == "abc")
    #expect(netrc.ownPassword(for: "wandb.ai") == nil)
    #expect(netrc.defaultPassword == nil)
  }

  static let whatAFileSaysCases: [(String, String)] = [
    ("machine a password p", "p"), ("machine a login l account c password p", "p"),
    ("machine a user l password p", "p"),
    ("machine a password p1 password p2", "p2"), ("machine a\tpassword\r\np\r\n", "p"),
    ("machine a password \"p q\"", "p q"), ("machine a password \"p\\\"q\\\\\"", "p\"q\\"),
    ("machine a password p\\ q", "p q"), ("machine a password p\"q\"", "p\"q\""), ("machine a password #p", "#p"),
    ("machine a password machine", "machine"), ("machine \"a\" password p", "p"), ("machine a login l", ""),
    ("machine a", ""), ("machine a password", ""), ("machine a password \"p q", "p q"),
    ("machine a password p1 machine a password p2", "p2"), ("machine a password p1 machine a login l", ""),
    ("machine b password q machine a password p", "p"), ("default password q machine a password p", "p"),
    ("# a comment\nmachine a # of it\n password p # of that\n", "p"), ("#c\nmachine a #c\n password p", "p"),
    ("macdef init\nget x\nmachine z\n\nmachine a password p", "p"),
    ("machine a password p\nmacdef init\nmachine a password q\n\n", "p"),
    // Three where that module gives up.
    ("#two words\nmachine a password p", "p"), ("machine a\n\n# two words\n\n#more words\npassword p", "p"),
    ("machine a password p\nmacdef init\nget x", "p"),
  ]

  @Test(arguments: whatAFileSaysCases) func whatAFileSays(_ text: String, _ password: String) throws {
    #expect(try Netrc(text).ownPassword(for: "a") == password)
  }

  static let aFileWithAnErrorHasNothingCases: [(String, Int)] = [
    ("machien a", 1), ("\n\nmachine a\nlogin l\npasswort p\n", 5), ("machine", 1), ("machine \"\" password p", 1),
    ("password p", 1), ("machine a password p\nq\nmachine b", 2), ("{\"key\": 1}", 1),
  ]

  @Test(arguments: aFileWithAnErrorHasNothingCases) func aFileWithAnErrorHasNothing(_ text: String, _ line: Int) {
    #expect(throws: Netrc.Problem(line: line)) { try Netrc(text) }
  }

  @Test func everybodyElse() throws {
    let netrc = try Netrc("machine a:80 password p\ndefault login l password q")
    #expect(netrc.ownPassword(for: "a") == nil)
    #expect(netrc.ownPassword(for: "a:80") == "p")
    #expect(netrc.defaultPassword == "q")
    #expect(try Netrc("").defaultPassword == nil)
  }

  @Test func anyBytesAreAFile() {
    var random = SplitMix(seed: 301)
    let words = [
      "machine", "default", "macdef", "login", "password", "account", "#", "\"", "\\", "\n", "\n\n", " ", "\t", "\r",
      "a",
      "p", "\0", "é",
    ]
    var understood = 0
    for round in 0..<4_000 {
      let text =
        round % 4 == 0
        ? random.bytes(random.below(80)).asText
        : (0..<random.below(24)).map { _ in words[random.below(words.count)] + (random.below(2) == 0 ? " " : "") }
          .joined()
      if let netrc = try? Netrc(text) {
        understood += 1
        #expect((netrc.ownPassword(for: "a") ?? "").utf8.count <= text.utf8.count)
      }
    }
    #expect(understood > 100 && understood < 3_900)
  }

  @Test func aLongFileTakesNoLongerThanItIsLong() throws {
    let entry = "machine m login l password \"p\\\\\" # and a comment\n"
    let netrc = try Netrc(String(repeating: entry, count: 20_000) + "machine a password p")
    #expect(netrc.ownPassword(for: "a") == "p")
  }
}
