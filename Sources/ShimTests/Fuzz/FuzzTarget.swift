/// Something that takes bytes from outside. `make fuzz` runs each with bytes that it makes up (Tests/fuzz), the unit
/// tests with those that it has kept. Wrong is a trap, a sanitizer's report, or a `Finding`.
struct FuzzTarget: Sendable {
  let name: String
  let run: @Sendable ([UInt8]) throws -> Void

  init(_ name: String, _ run: @escaping @Sendable ([UInt8]) throws -> Void) {
    self.name = name
    self.run = run
  }

  static let all = [
    FuzzTarget("lines", LineFuzz.run), FuzzTarget("ring", RingFuzz.run), FuzzTarget("unflushed", RingFuzz.runUnflushed),
    FuzzTarget("call", RingFuzz.runCall), FuzzTarget("journal", JournalFuzz.run),
    FuzzTarget("records", JournalFuzz.runRecords), FuzzTarget("recovery", RecoveryFuzz.run),
    FuzzTarget("reply", ServerFuzz.runReply), FuzzTarget("upload", UploadFuzz.run),
    FuzzTarget("sent", UploadFuzz.runSent), FuzzTarget("json", TextFuzz.runJSON), FuzzTarget("yaml", TextFuzz.runYAML),
    FuzzTarget("text", TextFuzz.runText), FuzzTarget("netrc", SettingsFuzz.runNetrc),
    FuzzTarget("settings", SettingsFuzz.run), FuzzTarget("git", SettingsFuzz.runGit),
    FuzzTarget("address", SettingsFuzz.runAddress), FuzzTarget("resume", SettingsFuzz.runResume),
    FuzzTarget("zone", SettingsFuzz.runZone), FuzzTarget("templates", TemplateFuzz.run),
    FuzzTarget("learn", LogFuzz.runLearn), FuzzTarget("times", LogFuzz.runTimes), FuzzTarget("dirty", GitFuzz.run),
  ]

  static func named(_ name: String) -> FuzzTarget? { all.first { $0.name == name } }
}

/// A property that does not hold.
struct Finding: Error, CustomStringConvertible {
  let description: String
}

func hold(_ condition: Bool, _ text: @autoclosure () -> String) throws {
  if !condition { throw Finding(description: text()) }
}
