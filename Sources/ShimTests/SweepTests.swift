import CTrackShim
import Testing

@testable import TrackShim

/// Programs that W&B's agent has started.
@Suite struct SweepTests {
  private static let agent = [
    "WANDB_SWEEP_ID": "s1", "WANDB_RUN_ID": "r1", "WANDB_PROJECT": "p1", "WANDB_ENTITY": "e1",
    "WANDB_SWEEP_PARAM_PATH": "wandb/sweep-s1/config-r1.yaml",
  ]

  private func settings(_ variables: [String: String], option: [String: String] = [:], file: String = "") -> Settings {
    var source = SettingsSource(
      variable: { variables[$0] }, startDirectory: "/start", file: { $0 == "/start/wandb/settings" ? file : "" })
    source.option = { option[$0] }
    return Settings(from: source)
  }

  private func parameters(_ text: String) -> (items: [String], problem: String?) {
    let found = SweepParameters(Array(text.utf8))
    return (found.items.map { "\($0.path.joined(separator: "/"))=\($0.json)" }, found.problem)
  }

  // MARK: Settings

  @Test func whatTheAgentSays() {
    let settings = settings(Self.agent)
    #expect(settings.sweepID == "s1" && settings.sweepParameterFile == "/start/wandb/sweep-s1/config-r1.yaml")
    #expect(settings.runID == "r1" && settings.project == "p1" && settings.entity == "e1")
    #expect(settings.complaints == [])
    #expect(self.settings([:]).sweepID == "" && self.settings([:]).sweepParameterFile == "")
  }

  /// Else all its runs would have one id.
  @Test func itsWordGoesBeforeTheUsers() {
    let own = ["TRACKSHIM_RUN_ID": "mine", "TRACKSHIM_PROJECT": "p1", "TRACKSHIM_NAME": "n"]
    let found = settings(Self.agent.merging(own) { $1 }, option: ["TRACKSHIM_ENTITY": "other"])
    #expect(found.runID == "r1" && found.project == "p1" && found.entity == "e1" && found.name == "n")
    #expect(
      found.complaints == [
        "TRACKSHIM_ENTITY='other' is not used: the run is of a sweep, whose agent says WANDB_ENTITY",
        "TRACKSHIM_RUN_ID='mine' is not used: the run is of a sweep, whose agent says WANDB_RUN_ID",
      ])
    // What it says nothing of is the user's, and without a sweep all is.
    #expect(settings(["WANDB_SWEEP_ID": "s1", "TRACKSHIM_PROJECT": "mine"]).project == "mine")
    #expect(settings(["WANDB_RUN_ID": "r1", "TRACKSHIM_RUN_ID": "mine"]).runID == "mine")
  }

  @Test(arguments: [" s1", "s1 ", "a\nb", "\u{1B}[m", String(repeating: "x", count: 513)])
  func anIDThatIsNone(id: String) {
    let found = settings(["WANDB_SWEEP_ID": id])
    #expect(found.sweepID == "" && found.complaints.count == 1)
    #expect(found.complaints.first?.hasSuffix("; using none") == true)
  }

  // MARK: The file

  @Test func theValuesOfTheFile() {
    let found = parameters(
      "wandb_version: 1\n\nlr:\n  value: 1.0e-05\n--batch-size--:\n  value: 32\n  desc: x\nnest:\n  value:\n    a: [1]\n"
        + "a.b:\n  value: 'yes'\nlr:\n  value: 0.5\n_wandb:\n  value: {}\n--:\n  value: 1\n")
    #expect(found.items == ["lr=0.5", "batch-size=32", #"nest={"a":[1]}"#, #"a.b="yes""#])
    #expect(found.problem == nil)
    #expect(parameters("wandb_version: 1") == ([], nil))
    #expect(parameters("") == ([], nil))
  }

  @Test func whatIsWrongIsSaid() {
    let none = "; the sweep's parameters are not in the config"
    #expect(parameters("wandb_version: 2\na:\n  value: 1\n") == ([], "has a wandb_version other than 1" + none))
    #expect(parameters("- 1\n") == ([], "is no list of parameters" + none))
    #expect(parameters("a: {") == ([], "is no YAML that is understood" + none))
    #expect(parameters("\u{0}\u{1}\u{2}: 1\n").items == [])
    #expect(parameters("a: 1\nb:\n  value: 2\n") == (["b=2"], "has no value for a, which is not in the config"))
    let many = parameters((0...Config.limit).map { "k\($0): {value: 1}\n" }.joined())
    #expect(many.items.count == Config.limit && many.problem?.hasPrefix("has more than 10000 parameters") == true)
  }

  @Test func filesThatCannotBeRead() {
    let folder = TemporaryFolder()
    defer { folder.remove() }
    #expect(SweepParameters.read(from: "").problem == nil)
    let missing = SweepParameters.read(from: folder("none.yaml"))
    #expect(
      missing.items.isEmpty
        && missing.problem?.hasSuffix("none.yaml cannot be read (no such file or directory)") == true)
    #expect(SweepParameters.read(from: folder.path).problem?.contains("cannot be read") == true)
    #expect(SweepParameters.read(from: "/dev/zero").problem?.hasSuffix("cannot be read (not a regular file)") == true)
    folder.write("large.yaml", Array("a: {value: 1}\n#".utf8) + [UInt8](repeating: 0x78, count: 1 << 20))
    let large = SweepParameters.read(from: folder("large.yaml"))
    #expect(large.items.isEmpty && large.problem?.contains("is longer than 1048576 bytes") == true)
    folder.write("good.yaml", Array("a: {value: 1}\n".utf8))
    #expect(SweepParameters.read(from: folder("good.yaml")).items == [RecordItem(key: "a", json: "1")])
  }

  // MARK: The run

  /// What the program prints of a parameter is not what the sweep chose.
  @Test func theParametersStay() throws {
    var run = RecordedRun()
    defer { run.folder.remove() }
    run.starter.givenConfig = [
      RecordItem(key: "max_steps", json: "99"), RecordItem(key: "device", json: #""gpu""#),
      RecordItem(key: "command", json: "1"),
    ]
    let row = { (key: String, value: String) in
      "| " + key.padding(22) + "| " + value.padding(51) + "|\n"
    }
    run.print(row("max_steps", "99.0") + row("device", "cpu") + row("batch", "4"))
    #expect(run.recorder.takeNotes() == [])
    run.print(row("max_steps", "7") + row("max_steps", "8"))
    #expect(
      run.recorder.takeNotes() == ["the sweep says max_steps = 99, the program 7; the config keeps the sweep's"])
    run.print(RecordedRun.step(1, loss: "1.5"))
    run.wakeUp()
    #expect(try run.contents().config == [RecordItem(key: "batch", json: "4")])
  }

  @Test(.enabled(if: tsi_is_in_memory(Claim.folder) != 0, "needs /dev/shm"))
  func theyStayInARunThatIsCompletedLater() throws {
    var dead = try DeadRun()
    defer { dead.remove() }
    dead.run.starter.givenConfig = [RecordItem(key: "max_steps", json: "99")]
    dead.record(RecordedRun.step(1, loss: "1.5"))
    dead.tell()
    dead.put("| " + "max_steps".padding(22) + "| " + "7".padding(51) + "|\n" + RecordedRun.step(2, loss: "1"))
    try dead.die()
    #expect(try dead.recover() != nil)
    let contents = try dead.run.contents()
    #expect(contents.rows.count == 2 && contents.config.map(\.key) == ["command"])
  }

  @Test func theServerHearsOfTheSweepOnce() throws {
    let journal = try StandingJournal { $0.sweepID = "s1" }
    journal.row([(["loss"], "0.5"), (["_step"], "0")])
    #expect(journal.upload() == .complete)
    #expect(journal.server.upserts.map { $0["sweep"] } == [.string("s1")])
  }

  @Test func theRunsBeginning() throws {
    let folder = TemporaryFolder()
    defer { folder.remove() }
    let journal = Journal(try JournalFile(creating: folder("j")))
    let item = RecordItem(key: "lr", json: "0.1")
    RunBeginning(
      settings: settings(Self.agent), runID: "r1", start: 1, host: "h", platform: "", environment: EnvironmentRecord(),
      config: [item]
    ).write(to: journal)
    _ = journal.write(now: 0)
    let runs = try JournalContents(folder("j")).records.compactMap { if case .run(let run) = $0 { run } else { nil } }
    #expect(runs.map(\.sweepID) == ["s1"] && runs.map(\.config) == [[item]] && runs.map(\.runID) == ["r1"])
  }
}

extension String {
  fileprivate func padding(_ size: Int) -> String { self + String(repeating: " ", count: max(0, size - count)) }
}
