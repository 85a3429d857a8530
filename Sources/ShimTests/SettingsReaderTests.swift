import Testing

@testable import TrackShim

@Suite struct SettingsReaderTests {
  private static let local = "/start/wandb/settings"
  private static let global = "/home/u/.config/wandb/settings"

  private static func settings(_ variables: [String: String], files: [String: String] = [:]) -> Settings {
    var variables = variables
    if variables["HOME"] == nil { variables["HOME"] = "/home/u" }
    let all = variables
    return Settings(
      from: SettingsSource(variable: { all[$0] }, startDirectory: "/start", file: { files[$0] ?? "" }))
  }

  /// What a program says by trackshim_start.
  @Test func anOptionStandsBetweenVariablesAndFiles() {
    func project(_ variables: [String: String], file: String = "") -> (String, [String]) {
      var source = SettingsSource(
        variable: { variables[$0] }, startDirectory: "/start", file: { $0 == Self.local ? file : "" })
      source.option = { ["TRACKSHIM_PROJECT": "option", "TRACKSHIM_GROUP": "a\nb"][$0] }
      let settings = Settings(from: source)
      return (settings.project, settings.complaints)
    }
    #expect(project(["TRACKSHIM_PROJECT": "ours"]).0 == "ours")
    #expect(project(["WANDB_PROJECT": "twin"]).0 == "twin")
    #expect(project(["TRACKSHIM_PROJECT": ""], file: "[default]\nproject = file").0 == "option")
    #expect(project([:]).1.contains { $0.hasPrefix("TRACKSHIM_GROUP in trackshim_start=") })
  }

  // MARK: The table

  struct Setting: Sendable, CustomTestStringConvertible {
    var name: String
    var twin: String?
    var key: String?
    /// Four usable values, each other than the default.
    var values: [String]
    /// How each looks in the settings; the fifth is the default.
    var results: [String]
    var bad: [String] = []
    var accepted = ""
    var used = ""
    /// What a bad value becomes; nil: the default.
    var fallback: String?
    let value: @Sendable (Settings) -> String
    var testDescription: String { name }

    /// W&B's own variables have no twin, so the second value is never seen.
    static func instead(_ name: String, _ key: String, _ value: @escaping @Sendable (Settings) -> String) -> Setting {
      Setting(
        name: "WANDB_" + name, key: key, values: ["v1", "-", "vé3", "v-4"], results: ["v1", "-", "vé3", "v-4", ""],
        bad: badLines, accepted: oneLine, used: "none", value: value)
    }

    static func text(
      _ name: String, _ twin: String, _ key: String?, usual: String = "", bad: [String], accepted: String, used: String,
      _ value: @escaping @Sendable (Settings) -> String
    ) -> Setting {
      Setting(
        name: "TRACKSHIM_" + name, twin: "WANDB_" + twin, key: key, values: ["v1", "v 2", "vé3", "v-4"],
        results: ["v1", "v 2", "vé3", "v-4", usual], bad: bad, accepted: accepted, used: used, value: value)
    }
  }

  private static let oneLine = "a text of one line, at most 512 bytes"
  private static let badLines = ["a\nb", "\u{1B}[31m", "a\u{9B}b", String(repeating: "x", count: 513)]
  private static let badNames = ["a/b", "a\\b", "a#b", "a?b", "a%b", "a:b", "a\u{7F}", "a/\u{301}b"]

  static let table: [Setting] =
    [
      .text(
        "PROJECT", "PROJECT", "project", usual: "uncategorized",
        bad: badNames + [String(repeating: "x", count: 129), "a" + String(repeating: "\u{301}", count: 128)],
        accepted: "at most 128 characters and none of / \\ # ? % :", used: "'uncategorized'"
      ) { $0.project },
      .text("NAME", "NAME", "run_name", bad: badLines, accepted: oneLine, used: "none") { $0.name },
      .text(
        "ENTITY", "ENTITY", "entity", bad: badNames + [String(repeating: "x", count: 257)],
        accepted: "a name without / \\ # ? % :", used: "none"
      ) { $0.entity },
      .text("GROUP", "RUN_GROUP", "run_group", bad: badLines, accepted: oneLine, used: "none") { $0.group },
      .text("JOB_TYPE", "JOB_TYPE", "run_job_type", bad: badLines, accepted: oneLine, used: "none") { $0.jobType },
      .text(
        "NOTES", "NOTES", "run_notes", bad: [String(repeating: "x", count: 65_537)], accepted: "any text", used: "none"
      ) { $0.notes },
      .text(
        "RUN_ID", "RUN_ID", "run_id",
        bad: ["a:b", "a;b", "a,b", "a#b", "a?b", "a/b", "../x", "a'b", " a", "a ", "a\nb", "a/\u{301}b"]
          + [String(repeating: "x", count: 65), String(repeating: "😀", count: 51)],
        accepted: "at most 64 characters, no blank ends and none of : ; , # ? / '", used: "a new id"
      ) { $0.runID },
      Setting(
        name: "TRACKSHIM_TAGS", twin: "WANDB_TAGS", values: ["a", "b,c", " d , e ", ",f,,"],
        results: ["a", "b|c", "d|e", "f", ""], bad: ["\u{1B}", String(repeating: "x", count: 65), "\u{9B}2J"],
        accepted: "tags of 1 to 64 characters, separated by commas", used: "none"
      ) { $0.tags.joined(separator: "|") },
      Setting(
        name: "TRACKSHIM_DIR", twin: "WANDB_DIR", values: ["/a", "b/c", "/d/", "."],
        results: ["/a", "/start/b/c", "/d/", "/start/.", "/start"]
      ) { $0.directory },
      Setting(
        name: "TRACKSHIM_NVML", values: ["/a/libnvidia-ml.so.1", "b/c.so", "/d", "e"],
        results: ["/a/libnvidia-ml.so.1", "/start/b/c.so", "/d", "/start/e", ""]
      ) { $0.nvml },
      Setting(
        name: "TRACKSHIM_SYSFS", values: ["/a/sys", "b/c", "/d", "e"],
        results: ["/a/sys", "/start/b/c", "/d", "/start/e", ""]
      ) { $0.sysfs },
      Setting(
        name: "TRACKSHIM_MODE", twin: "WANDB_MODE", key: "mode", values: ["disabled", "offline", "DRYRUN", "Disabled"],
        results: ["disabled", "offline", "offline", "disabled", "online"], bad: ["on", "shared", "\u{1B}[m", "0"],
        accepted: "online, offline, disabled", used: "offline", fallback: "offline"
      ) { $0.mode.rawValue },
      Setting(
        name: "TRACKSHIM_QUIET", twin: "WANDB_SILENT", key: "silent", values: ["1", "TRUE", "yes", "on"],
        results: ["true", "true", "true", "true", "false"], bad: ["2", "maybe", "\u{7}"],
        accepted: "1 or 0, true or false", used: "0"
      ) { "\($0.isQuiet)" },
      Setting(
        name: "TRACKSHIM_STREAMS", values: ["stdout", "STDERR", "none", "stdout"], results: ["1", "2", "0", "1", "3"],
        bad: ["1", "stdin", "stdout,stderr"], accepted: "both, stdout, stderr, none", used: "both"
      ) { "\($0.streams.rawValue)" },
      // Anything but `off` is on.
      Setting(
        name: "TRACKSHIM_CONSOLE", twin: "WANDB_CONSOLE", key: "console", values: ["off", "OFF", "Off", "off"],
        results: ["false", "false", "false", "false", "true"]
      ) { "\($0.recordsConsole)" },
      Setting(
        name: "TRACKSHIM_EXIT_TIMEOUT", values: ["0", "0.25", "3600", "1e2"],
        results: ["0.0", "0.25", "3600.0", "100.0", "10.0"], bad: ["-1", "3601", "nan", "inf", "5s", " 5", "1e999"],
        accepted: "seconds from 0 to 3600", used: "10.0"
      ) { "\($0.exitTimeout)" },
    ] + serverTable

  private static let yesOrNo = "1 or 0, true or false"
  private static let address = "http:// or https:// and a host, with a path at most"

  /// Where the run goes and what is told of it.
  private static let serverTable: [Setting] = [
    Setting(
      name: "TRACKSHIM_BASE_URL", twin: "WANDB_BASE_URL", key: "base_url",
      values: ["https://a/", "http://b:1", "https://c/d", "http://[::1]"],
      results: ["https://a", "http://b:1", "https://c/d", "http://[::1]", "https://api.wandb.ai"],
      bad: ["api.wandb.ai", "ftp://x", "http://\u{1B}[m", "https://"], accepted: address, used: "offline",
      fallback: "none"
    ) { $0.server.address?.base ?? "none" },
    Setting(
      name: "TRACKSHIM_APP_URL", twin: "WANDB_APP_URL", key: "app_url_override",
      values: ["https://a/", "http://b:1", "https://c/d", "http://e"],
      results: ["https://a", "http://b:1", "https://c/d", "http://e", "https://wandb.ai"], bad: ["app", "ftp://x"],
      accepted: address, used: "https://wandb.ai"
    ) { $0.server.address?.app ?? "none" },
    Setting(
      name: "TRACKSHIM_RESUME", twin: "WANDB_RESUME", key: "resume", values: ["allow", "must", "NEVER", "auto"],
      results: ["allow", "must", "never", "auto", "none"], bad: ["1", "true", "True", "yes", "\u{7}"],
      accepted: "allow, must, never, auto", used: "none"
    ) { $0.resume?.rawValue ?? "none" },
    Setting(
      name: "TRACKSHIM_UPLOAD_INTERVAL", values: ["0.1", "15", "3600", "1e1"],
      results: ["0.1", "15.0", "3600.0", "10.0", "2.0"], bad: ["0", "0.09", "-1", "3601", "nan", "2s"],
      accepted: "seconds from 0.1 to 3600", used: "2.0"
    ) { "\($0.server.uploadInterval)" },
    Setting(
      name: "TRACKSHIM_UPLOAD_RATE", values: ["500K", "20m", "1.5G", "1000"],
      results: ["500000", "20000000", "1500000000", "1000", "0"],
      bad: ["999", "-1", "fast", "K", "1KB", "1 M", "1e6", "0x1000", "nan", "inf", "1001G", "1..5M", "20M/s"],
      accepted: "bytes a second from 1K to 1000G, as in 500K or 20M, or 0 for no bound", used: "no bound"
    ) { "\($0.server.uploadRate)" },
    Setting(
      name: "TRACKSHIM_STOP", values: ["ignore", "IGNORE", "Ignore", "ignore"],
      results: ["ignore", "ignore", "ignore", "ignore", "interrupt"], bad: ["0", "kill"], accepted: "interrupt, ignore",
      used: "interrupt"
    ) { $0.stop.rawValue },
    // Where one cannot tell, the arguments stay here.
    Setting(
      name: "TRACKSHIM_SEND_ARGS", values: ["0", "false", "NO", "off"],
      results: ["false", "false", "false", "false", "true"], bad: ["2", "nope"], accepted: yesOrNo, used: "0",
      fallback: "false"
    ) { "\($0.sendsArguments)" },
    Setting(
      name: "WANDB_DISABLE_GIT", key: "disable_git", values: ["1", "-", "true", "on"],
      results: ["true", "-", "true", "true", "false"], bad: ["2", "always"], accepted: yesOrNo, used: "1",
      fallback: "true"
    ) { "\($0.disablesGit)" },
    Setting(
      name: "WANDB_INSECURE_DISABLE_SSL", key: "insecure_disable_ssl", values: ["1", "-", "true", "on"],
      results: ["true", "-", "true", "true", "false"], bad: ["2", "\u{1B}"], accepted: yesOrNo, used: "0"
    ) { "\($0.server.isInsecure)" },
    Setting(
      name: "WANDB_HTTP_TIMEOUT", key: "x_graphql_timeout_seconds", values: ["1", "-", "90.5", "3600"],
      results: ["1.0", "-", "90.5", "3600.0", "30.0"], bad: ["0", "0.5", "3601", "long"],
      accepted: "seconds from 1 to 3600", used: "30.0"
    ) { "\($0.server.httpTimeout)" },
    .instead("PROGRAM", "program") { $0.program },
    .instead("HOST", "host") { $0.host },
    .instead("USERNAME", "username") { $0.username },
  ]

  @Test func theTableIsWhole() {
    #expect(Set(Self.table.map(\.name)).count == 29)
    #expect(
      Self.table.allSatisfy {
        $0.values.count == 4 && $0.results.count == 5 && !$0.results[..<4].contains($0.results[4])
      })
  }

  /// Own name, twin, local file, global file, default; an empty one counts for nothing.
  @Test(arguments: table) func theFirstThatIsThereCounts(_ setting: Setting) {
    var variables: [String: String] = [:]
    var files: [String: String] = [:]
    func expect(_ result: String) {
      let settings = Self.settings(variables, files: files)
      #expect(setting.value(settings) == result)
      #expect(settings.complaints == [])
    }
    expect(setting.results[4])
    if let key = setting.key {
      files[Self.global] = "[default]\n\(key) = \(setting.values[3])\n"
      expect(setting.results[3])
      files[Self.local] = "[default]\n\(key): \(setting.values[2])\n"
      expect(setting.results[2])
      files[Self.local] = "[default]\n\(key) =\n"
      expect(setting.results[3])
      files[Self.local] = "[default]\n\(key): \(setting.values[2])\n"
    }
    if let twin = setting.twin {
      variables[twin] = setting.values[1]
      expect(setting.results[1])
    }
    variables[setting.name] = setting.values[0]
    expect(setting.results[0])
    variables[setting.name] = ""
    expect(setting.results[setting.twin != nil ? 1 : setting.key != nil ? 2 : 4])
  }

  @Test(arguments: table.filter { !$0.bad.isEmpty }) func aBadValueIsExplainedOnce(_ setting: Setting) throws {
    for bad in setting.bad {
      for name in [setting.name, setting.twin].compactMap({ $0 }) {
        let settings = Self.settings([name: bad])
        let complaint = try #require(settings.complaints.first)
        #expect(settings.complaints.count == 1)
        #expect(
          complaint
            == "\(name)='\(bad.printable)' cannot be used (accepted: \(setting.accepted)); using \(setting.used)")
        #expect(!complaint.unicodeScalars.contains { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) })
        #expect(complaint.unicodeScalars.count < 400)
        #expect(setting.value(settings) == setting.fallback ?? setting.results[4])
      }
    }
  }

  @Test func aBadValueInAFileIsExplainedToo() {
    let settings = Self.settings([:], files: [Self.global: "[default]\nproject = a/b\n"])
    #expect(settings.complaints.count == 1)
    #expect(settings.complaints.first?.hasPrefix("project in the settings file='a/b' cannot be used") == true)
    #expect(settings.project == "uncategorized")
  }

  @Test func everythingWrongAtOnce() {
    var variables: [String: String] = [:]
    for setting in Self.table { variables[setting.name] = setting.bad.first }
    let settings = Self.settings(variables)
    #expect(settings.complaints.count == Self.table.filter { !$0.bad.isEmpty }.count)
    for setting in Self.table where !setting.bad.isEmpty {
      #expect(settings.complaints.filter { $0.hasPrefix(setting.name + "='") }.count == 1)
    }
  }

  @Test func usableTagsAreKeptAndShownHarmlessly() {
    let settings = Self.settings(["TRACKSHIM_TAGS": "a,\u{1B}[2J,b\u{9B}m,ok"])
    #expect(settings.tags == ["a", "ok"])
    #expect(settings.complaints.count == 1)
    #expect(settings.complaints.first?.hasSuffix("using a,ok") == true)
    #expect(settings.complaints.first?.contains("'a,?[2J,b?m,ok'") == true)
  }

  @Test func longTagsDoNotMakeLongComplaints() {
    let tags = (0..<500).map { "tag\($0)" }.joined(separator: ",")
    let settings = Self.settings(["WANDB_TAGS": tags + ",\n"])
    #expect(settings.tags.count == 500)
    #expect((settings.complaints.first?.utf8.count ?? .max) < 512)
  }

  // MARK: Places

  @Test func whereTheFilesLie() {
    func files(_ variables: [String: String]) -> [String] {
      let opened = Opened()
      _ = Settings(
        from: SettingsSource(variable: { variables[$0] }, startDirectory: "/start", file: { opened.note($0) }))
      return opened.paths
    }
    #expect(files(["HOME": "/h"]) == ["/start/wandb/settings", "/h/.config/wandb/settings"])
    #expect(files([:]) == ["/start/wandb/settings"])
    #expect(files(["WANDB_CONFIG_DIR": "/c", "HOME": "/h"]) == ["/start/wandb/settings", "/c/settings"])
    #expect(files(["WANDB_CONFIG_DIR": "", "HOME": "/h"]).last == "/h/.config/wandb/settings")
    #expect(files(["TRACKSHIM_DIR": "x", "WANDB_DIR": "/y"]) == ["/start/x/wandb/settings"])
  }

  private final class Opened {
    var paths: [String] = []
    func note(_ path: String) -> String {
      paths.append(path)
      return ""
    }
  }

  @Test func aProgramWithoutAStartDirectory() {
    let settings = Settings(from: SettingsSource(variable: { _ in nil }, startDirectory: "", file: { _ in "" }))
    #expect(settings.directory == "/")
  }

  // MARK: Somebody else's file

  private static func settings(foreign text: String, _ variables: [String: String] = [:]) -> Settings {
    Settings(
      from: SettingsSource(
        variable: { variables[$0] }, startDirectory: "/start", file: { $0 == local ? text : "" },
        isForeign: { $0 == local }))
  }

  @Test(arguments: ["base_url = http://x", "https_proxy = http://x", "insecure_disable_ssl = 1", "entity = x"])
  func doesNotSayWhereTheRunGoes(_ line: String) {
    let settings = Self.settings(foreign: "[default]\nproject = p\n\(line)\n")
    #expect(settings.mode == .offline && settings.project == "p" && settings.entity == "")
    #expect(settings.complaints.count == 1 && settings.complaints.first?.contains("another user") == true)
  }

  @Test func saysWhatHarmsNobody() {
    #expect(Self.settings(foreign: "[default]\nproject = p\n").mode == .online)
    #expect(Self.settings(foreign: "[default]\nmode = offline\n").complaints.isEmpty)
    let asked = Self.settings(foreign: "[default]\nbase_url = http://x\n", ["WANDB_BASE_URL": "http://y"])
    #expect(asked.mode == .online && asked.server.address?.base == "http://y")
  }

  // MARK: The file

  @Test func onlyTheDefaultSectionCounts() {
    let file = SettingsFile(
      """
      project = before
      [other]
      project = other
      [default]
      # project = comment
      ; project = comment
      Project =  spaced out\t
      entity: a=b:c
      without separator
      = no key
      [ default ]
      project = not this one
      """)
    #expect(file["project"] == "spaced out")
    #expect(file["entity"] == "a=b:c")
    #expect(file["without separator"] == nil)
    #expect(file["Project"] == nil)
  }

  @Test func lineEndsOfAllKinds() {
    let file = SettingsFile("[default]\r\nproject = a\r\nentity = b\rrun_id = c\n\nmode=d")
    #expect(["project", "entity", "run_id", "mode"].map { file[$0] } == ["a", "b", "c", "d"])
  }

  @Test func anyBytesAreAFile() {
    var random = SplitMix(seed: 101)
    let parts = [
      "[default]", "project", "=", ":", "\n", "\r", " ", "\0", "é", "\u{301}", "[", "]", "#", "a/b", "\u{FFFD}",
    ]
    for _ in 0..<2_000 {
      let text = (0..<random.below(30)).map { _ in parts[random.below(parts.count)] }.joined()
      let settings = Self.settings([:], files: [Self.local: text, Self.global: random.bytes(random.below(60)).asText])
      #expect(settings.complaints.count <= 1)
      #expect(SettingsReader.Rule.project.accepts(settings.project))
    }
  }
}
