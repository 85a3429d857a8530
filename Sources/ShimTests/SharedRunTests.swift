import Testing

@testable import TrackShim

/// TRACKSHIM_RANKS=shared: who a process is in a run that others write to, and what of its journal it sends.
@Suite struct SharedRunTests {
  private static func settings(_ variables: [String: String]) -> Settings {
    let all = variables.merging(["TRACKSHIM_RANKS": "shared"]) { own, _ in own }
    return Settings(from: SettingsSource(variable: { all[$0] }, startDirectory: "/start", file: { _ in "" }))
  }

  @Test func theRankSaysWhoWrites() {
    for (rank, isFirst) in [("0", true), ("1", false), ("12", false)] {
      let settings = Self.settings(["OMPI_COMM_WORLD_RANK": rank, "TRACKSHIM_RUN_ID": "id"])
      #expect(settings.shared == SharedWriter(label: "rank_\(rank)", isPrimary: isFirst))
      #expect(settings.runID == "id" && settings.complaints == [] && !settings.isLeftOut)
    }
    let alone = Self.settings(["TRACKSHIM_RUN_ID": "id"])
    #expect(alone.shared == nil && alone.complaints == [])
  }

  @Test func withoutAnIDOnlyTheFirstIsRecorded() {
    let first = Self.settings(["RANK": "0", "MASTER_ADDR": "a", "MASTER_PORT": "1"])
    #expect(first.shared == nil && !first.isLeftOut)
    #expect(first.complaints.count == 1 && first.complaints.first?.contains("TRACKSHIM_RUN_ID") == true)
    let second = Self.settings(["RANK": "1"])
    #expect(second.shared == nil && second.isLeftOut && second.complaints == [])
  }

  /// A step of a job, started once more or not, on a cluster.
  @Test func slurmsJobNamesTheRun() {
    let job = ["SLURM_JOB_ID": "77", "SLURM_STEP_ID": "0"]
    func id(_ more: [String: String]) -> String { Self.settings(job.merging(more) { $1 }).runID }
    let first = id(["SLURM_PROCID": "0"])
    #expect(first.utf8.count == 13 && SettingsReader.Rule.runID.accepts(first))
    #expect(id(["SLURM_PROCID": "5"]) == first)
    let others = [
      "SLURM_JOB_ID": "78", "SLURM_STEP_ID": "1", "SLURM_RESTART_COUNT": "1", "SLURM_CLUSTER_NAME": "c",
    ].map { id(["SLURM_PROCID": "0", $0.key: $0.value]) }
    #expect(Set(others + [first]).count == 5)
    // What is not Slurm's own start knows too little.
    #expect(id(["OMPI_COMM_WORLD_RANK": "0", "SLURM_PROCID": "0"]) == "")
    #expect(RunID.derived(from: ["ab", "c"]) != RunID.derived(from: ["a", "bc"]))
  }

  @Test func aSharedRunIsNotResumed() {
    let variables = ["RANK": "0", "TRACKSHIM_RUN_ID": "id", "WANDB_RESUME": "allow"]
    let first = Self.settings(variables)
    #expect(first.resume == nil && first.complaints.count == 1)
    #expect(Self.settings(variables.merging(["RANK": "1"]) { $1 }).complaints == [])
  }

  @Test func theRunRecordKeepsIt() throws {
    for isPrimary in [true, false] {
      var run = RunRecord()
      run.runID = "id"
      run.shared = SharedWriter(label: "rank_1", isPrimary: isPrimary)
      var bytes: [UInt8] = []
      run.encode(into: &bytes)
      #expect(try bytes.withUnsafeBytes { try RunRecord(decoding: $0) } == run)
    }
  }

  /// The label becomes a part of names and of headers.
  @Test(arguments: ["", "a b", "../x", "a\r\nX-Y: z", "é", String(repeating: "a", count: 65)])
  func aLabelThatIsNoneIsNotTaken(_ label: String) {
    let items = [RecordItem(key: "mode", json: "\"shared\""), RecordItem(key: "x_label", json: "\"\(label)\"")]
    #expect(SharedWriter(ConfigRecord(items: items)) == nil)
  }

  @Test func rowsAreCountedAndKeepTheirStep() {
    var shift = StepShift(countsRows: true)
    #expect([100, 200, 150, nil].map { shift.step(for: $0) } == [0, 1, 2, 3])
    #expect(shift.isRenumbering)
  }

  @Test func consoleLinesHaveTheLabel() {
    let line = ConsoleLine(number: 0, stream: .standardError, time: 0, text: Array("x".utf8), isOpen: false)
    var plain: [UInt8] = []
    ConsoleText.append(line, label: "rank_1", isStructured: false, to: &plain)
    #expect(plain.asText == "ERROR 1970-01-01T00:00:00.000000 [rank_1] x")
    var structured: [UInt8] = []
    ConsoleText.append(line, label: "rank_1", isStructured: true, to: &structured)
    #expect(
      structured.asText
        == #"{"level":"error","ts":"1970-01-01T00:00:00.000000","label":"rank_1","content":"x"}"#)
  }
}
