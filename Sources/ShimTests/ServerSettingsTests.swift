import Testing

@testable import TrackShim

/// What SettingsReaderTests' table does not hold: settings that are made of several variables.
@Suite struct ServerSettingsTests {
  private static func settings(_ variables: [String: String], file: String = "") -> Settings {
    Settings(
      from: SettingsSource(
        variable: { variables[$0] }, startDirectory: "/start", file: { $0 == "/start/wandb/settings" ? file : "" }))
  }

  private static func proxy(_ variables: [String: String], _ scheme: String) -> String {
    settings(variables).server.proxy(for: scheme)
  }

  /// libcurl's order; HTTP_PROXY is not asked (it may come from a visitor in a CGI program).
  @Test func proxies() {
    let all = [
      "WANDB_HTTPS_PROXY": "w", "https_proxy": "a", "HTTPS_PROXY": "b", "all_proxy": "c", "ALL_PROXY": "d",
      "http_proxy": "e", "HTTP_PROXY": "never",
    ]
    var left = all
    for name in ["WANDB_HTTPS_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
      #expect(Self.proxy(left, "https") == all[name])
      left[name] = ""
    }
    #expect(Self.proxy(left, "https") == "")
    #expect(Self.proxy(all, "http") == "e")
    #expect(Self.proxy(["HTTP_PROXY": "never", "ALL_PROXY": "d"], "http") == "d")
    #expect(Self.settings(["NO_PROXY": "b"]).server.noProxy == "b")
    #expect(Self.settings(["NO_PROXY": "b", "no_proxy": "a"]).server.noProxy == "a")
    #expect(Self.settings([:], file: "[default]\nhttps_proxy = f").server.proxy(for: "https") == "f")
  }

  @Test func certificates() {
    func places(_ variables: [String: String]) -> [String] {
      let server = Self.settings(variables).server
      return [server.caFile, server.caPath]
    }
    #expect(places([:]) == ["", ""])
    #expect(places(["REQUESTS_CA_BUNDLE": "/r"]) == ["/r", ""])
    #expect(places(["REQUESTS_CA_BUNDLE": "/r", "SSL_CERT_FILE": "s"]) == ["/start/s", ""])
    #expect(places(["CURL_CA_BUNDLE": "/c", "SSL_CERT_FILE": "/s", "SSL_CERT_DIR": "/d"]) == ["/c", "/d"])
    #expect(places(["SSL_CERT_DIR": "/d"]) == ["", "/d"])
    #expect(places(["REQUESTS_CA_BUNDLE": "/proc"]) == ["", "/proc"])
  }

  @Test func aPasswordInAnAddressIsNotRepeated() throws {
    let settings = Self.settings([
      "WANDB_BASE_URL": "https://me:secret@h.example/x", "WANDB_APP_URL": "https://t:secret@a",
    ])
    #expect(settings.complaints.count == 2)
    #expect(settings.complaints.allSatisfy { !$0.contains("secret") })
    #expect(settings.complaints.first?.contains("'https://…@h.example/x'") == true)
    let app = Self.settings(["WANDB_APP_URL": "https://t:secret@a"])
    #expect(app.complaints.count == 1 && app.complaints.first?.contains("secret") == false)
    #expect(app.server.address == ServerAddress())
  }

  /// Rather nowhere than to a server that was not meant.
  @Test func withoutAnAddressTheRunIsOffline() {
    let settings = Self.settings(["WANDB_BASE_URL": "wandb.corp.example"])
    #expect(settings.server.address == nil)
    #expect(settings.mode == .offline)
    #expect(Self.settings(["WANDB_BASE_URL": "x", "WANDB_MODE": "disabled"]).mode == .disabled)
  }

  @Test func argumentsCanBeKeptBack() {
    let usual = HostFacts(Settings())
    var settings = Settings()
    settings.sendsArguments = false
    settings.program = "train.cu"
    settings.host = "node"
    settings.username = "me"
    let facts = HostFacts(settings)
    let record = facts.environmentRecord(startedAt: 1, writerID: "w")
    #expect(record.arguments == [] && facts.command == usual.arguments.first && facts.program == usual.program)
    #expect(record.program == "train.cu" && record.host == "node" && facts.host == "node" && record.username == "me")
    // The tests' own program has arguments.
    let open = usual.environmentRecord(startedAt: 1, writerID: "w")
    #expect(open.arguments == Array(usual.arguments.dropFirst()) && open.username == "" && open.email == "")
    #expect(!open.arguments.isEmpty && usual.command.utf8.count > facts.command.utf8.count)
  }
}
