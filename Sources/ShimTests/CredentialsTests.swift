import CTrackShim
import Testing

@testable import TrackShim

@Suite struct CredentialsTests {
  private static let first = String(repeating: "1", count: 40)
  private static let second = String(repeating: "2", count: 40)
  private static let third = String(repeating: "3", count: 40)

  private static func source(
    key: (text: String, isTooLong: Bool)? = nil, token: Bool = false, _ variables: [String: String] = ["HOME": "/h"],
    files: [String: String] = [:]
  ) -> SettingsSource {
    SettingsSource(
      variable: { variables[$0] }, startDirectory: "/start", file: { files[$0] ?? "" }, apiKey: { key },
      hasTokenFile: token)
  }

  private static func found(_ source: SettingsSource, at base: String = ServerAddress.standardBase) throws -> String {
    try Credentials.find(for: ServerAddress(base: base), in: source).authorization
  }

  private static func header(_ key: String) throws -> String { try APIKey(key).authorization }

  private static let netrc = "machine api.wandb.ai login user password \(second)\n"
  private static let settings = "[default]\napi_key = \(third)\n"

  @Test func theFirstThatIsThereCounts() throws {
    var files = ["/h/.config/wandb/settings": Self.settings]
    #expect(try Self.found(Self.source(files: files)) == Self.header(Self.third))
    files["/h/.netrc"] = Self.netrc
    #expect(try Self.found(Self.source(files: files)) == Self.header(Self.second))
    #expect(try Self.found(Self.source(key: ("", false), files: files)) == Self.header(Self.second))
    #expect(try Self.found(Self.source(key: (Self.first, false), files: files)) == Self.header(Self.first))
  }

  @Test func whereTheNetrcFileIs() {
    func paths(_ variables: [String: String]) -> [String] { Credentials.netrcPaths(Self.source(variables)) }
    #expect(paths(["HOME": "/h"]) == ["/h/.netrc", "/h/_netrc"])
    #expect(paths(["HOME": "/h", "NETRC": ""]) == ["/h/.netrc", "/h/_netrc"])
    #expect(paths(["HOME": "/h", "NETRC": "/n"]) == ["/n"])
    #expect(paths(["HOME": "/h", "NETRC": "~/n"]) == ["/h/n"])
    #expect(paths(["HOME": "/h", "NETRC": "n"]) == ["/start/n"])
    #expect(paths([:]) == [])
  }

  @Test func theMachineHasItsPort() throws {
    let files = ["/h/_netrc": "machine h:8080 password \(Self.first) machine h password \(Self.second)"]
    #expect(try Self.found(Self.source(files: files), at: "http://h:8080/") == Self.header(Self.first))
    #expect(try Self.found(Self.source(files: files), at: "http://h") == Self.header(Self.second))
    #expect(throws: Credentials.Problem.missing(machine: "h:81")) {
      try Self.found(Self.source(files: files), at: "http://h:81")
    }
    let other = ["/h/_netrc": files["/h/_netrc", default: ""] + "\ndefault password \(Self.third)"]
    #expect(try Self.found(Self.source(files: other), at: "http://h:81") == Self.header(Self.third))
  }

  /// `wandb login` of client 0.31 keeps the public server's key under its second name.
  @Test func thePublicServerHasTwoNames() throws {
    var text = "default password \(Self.third)\nmachine api.forge.coreweave.com password \(Self.first)\n"
    #expect(try Self.found(Self.source(files: ["/h/.netrc": text])) == Self.header(Self.first))
    text += Self.netrc
    #expect(try Self.found(Self.source(files: ["/h/.netrc": text])) == Self.header(Self.second))
  }

  @Test func whyThereIsNone() {
    func problem(_ source: SettingsSource) -> Credentials.Problem? {
      do {
        _ = try Credentials.find(for: ServerAddress(), in: source)
        return nil
      } catch { return error }
    }
    let short = (text: "secret-short", isTooLong: false)
    let problems = [
      problem(Self.source()), problem(Self.source(key: short)), problem(Self.source(key: ("", true))),
      problem(Self.source(token: true, files: ["/h/.netrc": Self.netrc])),
      problem(Self.source(key: (Self.first, false), token: true)),
      problem(Self.source(files: ["/h/.netrc": "machine api.wandb.ai password\n"])),
      problem(Self.source(files: ["/h/.netrc": "secret-short\n"])),
      problem(Self.source(files: ["/h/.netrc": "machine api.wandb.ai password secret-short"])),
      problem(Self.source(files: ["/start/wandb/settings": "[default]\napi_key=secret-short"])),
    ]
    #expect(
      problems == [
        .missing(machine: "api.wandb.ai"), .malformed(place: "WANDB_API_KEY", .tooShort(5)),
        .malformed(place: "WANDB_API_KEY", .tooLong), .tokenFile, .keyAndTokenFile,
        .empty(machine: "api.wandb.ai", path: "/h/.netrc"), .brokenFile(path: "/h/.netrc", line: 1),
        .malformed(place: "/h/.netrc", .tooShort(5)), .malformed(place: "the settings file", .tooShort(5)),
      ])
    for problem in problems {
      #expect(problem?.text.contains("secret") == false)
      #expect(problem?.text.isEmpty == false)
    }
  }
}

/// The only test that captures: the variables are the process's own and one for all.
@Suite struct EnvironmentCaptureTests {
  @Test func theKeyIsKeptApart() {
    defer { Self.capture([]) }
    let key = String(repeating: "k", count: 40)
    Self.capture([
      "WANDB_API_KEY=", "WANDB_API_KEY=\(key)", "WANDB_API_KEY=other", "WANDB_API_KEY_2=x", "NETRC=/n",
      "https_proxy=p1",
      "HTTP_PROXY=evil", "NO_PROXY=*", "SSL_CERT_FILE=/c", "PATH=/bin", "WANDB_IDENTITY_TOKEN_FILE=",
    ])
    func variable(_ name: String) -> String? { tsi_environment(name).map { String(cString: $0) } }
    #expect(tsi_environment_key().map { String(cString: $0) } == key)
    #expect(!tsi_environment_has_token_file())
    for hidden in ["WANDB_API_KEY", "HTTP_PROXY", "PATH"] { #expect(variable(hidden) == nil) }
    #expect(["NETRC", "https_proxy", "NO_PROXY", "SSL_CERT_FILE"].map(variable) == ["/n", "p1", "*", "/c"])
    let source = SettingsSource.process
    #expect(source.apiKey()?.text == key && source.apiKey()?.isTooLong == false && !source.hasTokenFile)

    Self.capture(["WANDB_API_KEY=" + String(repeating: "k", count: 1024), "WANDB_IDENTITY_TOKEN_FILE=/t"])
    #expect(SettingsSource.process.apiKey()?.isTooLong == true && SettingsSource.process.hasTokenFile)
    #expect(variable("WANDB_IDENTITY_TOKEN_FILE") == nil && variable("NETRC") == nil)

    Self.capture(["WANDB_API_KEY=" + String(repeating: "k", count: 1023)])
    #expect(SettingsSource.process.apiKey()?.text.utf8.count == 1023)
    Self.capture(["WANDB_API_KEY="])
    #expect(tsi_environment_key() == nil)
  }

  private static func capture(_ entries: [String]) {
    var texts = entries.map { Array($0.utf8CString) }
    var pointers: [UnsafeMutablePointer<CChar>?] = texts.indices.map { index in
      texts[index].withUnsafeMutableBufferPointer { source in
        let copy = UnsafeMutableBufferPointer<CChar>.allocate(capacity: source.count)
        _ = copy.initialize(from: source)
        return copy.baseAddress
      }
    }
    pointers.append(nil)
    tsi_environment_capture(&pointers)
    for pointer in pointers { pointer?.deallocate() }
  }
}
