import Testing

@testable import TrackShim

/// A row or a summary as W&B's own client writes it, where items nest.
struct ForeignItems: RecordMessage {
  static let recordField = 2
  var items: [(path: [String], json: String)] = []

  init() {}
  init(_ items: [(path: [String], json: String)]) { self.items = items }

  func encode(into out: inout [UInt8]) {
    for item in items {
      out.appendMessage(1) { out in
        out.appendField(2, item.path)
        out.appendField(16, item.json)
      }
    }
  }

  mutating func take(_ field: WireField) {}

  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    encode(into: &bytes)
    return bytes
  }
}

@Suite struct StepShiftTests {
  private func steps(_ printed: [Int64?], after last: Int64 = -1) -> [Int64?] {
    var shift = StepShift(lastStep: last)
    return printed.map { shift.step(for: $0) }
  }

  @Test func stepsAscend() {
    #expect(steps([0, 1, 5, nil, 7]) == [0, 1, 5, 6, 7])
    #expect(steps([0, 0, 5, 2]) == [0, 1, 5, 6])
    #expect(steps([nil, nil]) == [0, 1])
    #expect(steps([0, 8, 9], after: 7) == [8, 9, 10])
    #expect(steps([8], after: 7) == [8] && steps([-5]) == [0])
    #expect(steps([.max, 1, nil]) == [.max, .max, .max] && steps([.min]) == [0])
  }

  @Test func aResumedProgramThatCountsFromTheStartIsNumberedOn() {
    #expect(steps([1, 2, 50, 3], after: 7) == [8, 9, 50, 51])
    #expect(steps([nil, 0, 1], after: 7) == [8, 9, 10])
    #expect(steps([0, 1], after: .max) == [.max, .max])
  }

  @Test func aResumedProgramThatGoesOnFromACheckpointRepeatsRows() {
    #expect(steps([7, 8, 10], after: 7) == [nil, 8, 10])
    #expect(steps([5, 6, 7, nil, 8, 9, 8, 12], after: 7) == [nil, nil, nil, 8, nil, 9, nil, 12])
    #expect(steps([100, 0, 1], after: 7) == [100, nil, nil])
    #expect(steps([2], after: 7) == [nil] && steps([.max, nil], after: .max) == [nil, .max])
    // One row or two are no sign of a new beginning.
    #expect(steps([0, 1, 2], after: 0) == [nil, 1, 2] && steps([1, 2], after: 1) == [nil, 2])
    #expect(steps([1, 2, 3], after: 2) == [3, 4, 5])
  }

  @Test func rowsThatAreLeftOutRenumberNothing() {
    var shift = StepShift(lastStep: 7)
    for step: Int64 in [5, 6, 7, 8, 8] { _ = shift.step(for: step) }
    #expect(!shift.isRenumbering && shift.lastStep == 8)
  }

  @Test func onlyAStepThatIsTakenRenumbers() {
    var shift = StepShift()
    _ = shift.step(for: nil)
    _ = shift.step(for: 9)
    #expect(!shift.isRenumbering)
    _ = shift.step(for: 9)
    #expect(shift.isRenumbering)
  }

  @Test(arguments: [
    ("1.5", "4.000"), ("0", "2.500"), ("NaN", "NaN"), ("\"x\"", "\"x\""), ("1e300", "1e300"), ("", ""),
  ])
  func runtimeGoesOn(json: String, expected: String) {
    let shift = StepShift(runtime: 2_500_000_000)
    #expect(Array(json.utf8).withUnsafeBytes { shift.runtime($0) }.asText == expected)
  }
}

@Suite struct HistoryLineTests {
  private func line(_ items: [([String], String)], _ shift: inout StepShift) -> String? {
    var line: [UInt8] = []
    let outcome = ForeignItems(items.map { (path: $0.0, json: $0.1) }).bytes.withUnsafeBytes {
      HistoryLine.make($0, &shift, into: &line)
    }
    return outcome == .row ? line.asText : nil
  }

  private func line(_ items: [([String], String)]) -> String? {
    var shift = StepShift()
    return line(items, &shift)
  }

  @Test func whatARowSays() {
    #expect(line([(["loss"], "0.5"), (["_step"], "3")]) == #"{"loss":0.5,"_step":3}"#)
    #expect(line([]) == #"{"_step":0}"#)
    #expect(
      line([(["a"], "NaN"), (["b"], "-Infinity"), (["_runtime"], "1.5")])
        == #"{"a":NaN,"b":-Infinity,"_runtime":1.5,"_step":0}"#)
    #expect(line([(["a", "b", "c"], "1"), (["a", "d"], "null")]) == #"{"a":{"b":{"c":1}},"a":{"d":null},"_step":0}"#)
    #expect(line([(["say \"é\"\n"], "1"), (["x", ""], "2")]) == #"{"say \"é\"\n":1,"x":{"":2},"_step":0}"#)
  }

  @Test func aStepInAnySpelling() {
    for (json, step) in [("4.0", 4), ("1e1", 10), ("NaN", 0), ("\"4\"", 0), ("1e300", 0), ("", 0)] {
      #expect(line([(["_step"], json), (["a"], "1")]) == #"{"a":1,"_step":\#(step)}"#, "\(json)")
    }
  }

  @Test func aStepThatWasTakenIsKeptAsAMetric() {
    var shift = StepShift(lastStep: 7)
    #expect(line([(["_step"], "1")], &shift) == #"{"step":1,"_step":8}"#)
    #expect(line([(["_step"], "12")], &shift) == #"{"step":12,"_step":12}"#)
    #expect(line([(["step"], "5"), (["_step"], "4")], &shift) == #"{"step":5,"_step":13}"#)
    #expect(line([(["a"], "1")], &shift) == #"{"a":1,"_step":14}"#)
  }

  @Test func aRowThatIsTooLongIsNone() {
    let frame = #"{"a":"","_step":0}"#.utf8.count
    let longest = String(repeating: "x", count: HistoryLine.longest - frame)
    #expect(line([(["a"], "\"\(longest)\"")])?.utf8.count == HistoryLine.longest)
    #expect(line([(["a"], "\"\(longest)x\"")]) == nil)
  }

  @Test func aRowThatTheEarlierPartHasIsLeftOut() {
    var shift = StepShift(lastStep: 7)
    #expect(line([(["a"], "1"), (["_step"], "7")], &shift) == nil)
    #expect(line([(["a"], "2"), (["_step"], "8")], &shift) == #"{"a":2,"_step":8}"#)
  }

  @Test func aSampleHasTimeAndRuntime() throws {
    var stats = StatsRecord()
    stats.time = 1_795_331_002_500_000_000
    stats.items = [RecordItem(key: "cpu", json: "4"), RecordItem(key: "disk./.\"x\"", json: "NaN")]
    var bytes: [UInt8] = [], line: [UInt8] = []
    stats.encode(into: &bytes)
    let shift = StepShift(runtime: 10_000_000_000)
    bytes.withUnsafeBytes { EventLine.make($0, startTime: 1_795_331_000_000_000_000, shift, into: &line) }
    #expect(
      line.asText == #"{"_wandb":true,"system.cpu":4,"system.disk./.\"x\"":NaN,"#
        + #""_timestamp":1795331002.500,"_runtime":12.500}"#)
    // A clock that was set back.
    bytes.withUnsafeBytes { EventLine.make($0, startTime: .max, StepShift(), into: &line) }
    #expect(JSONValue(line)?["_runtime"]?.double == 0)
  }
}

@Suite struct SummaryObjectTests {
  private func take(_ items: [([String], String)], _ summary: inout SummaryObject, _ shift: StepShift = StepShift()) {
    ForeignItems(items.map { (path: $0.0, json: $0.1) }).bytes.withUnsafeBytes { summary.take($0, shift) }
  }

  private func remove(_ path: [String], _ summary: inout SummaryObject) {
    var bytes: [UInt8] = []
    bytes.appendMessage(2) { $0.appendField(2, path) }
    bytes.withUnsafeBytes { summary.take($0, StepShift()) }
  }

  private func text(_ summary: SummaryObject, _ shift: StepShift = StepShift()) -> String { summary.json(shift).asText }

  @Test func theLastValueCounts() {
    var summary = SummaryObject()
    #expect(summary.isEmpty && text(summary) == "{}")
    take([(["a"], "1"), (["b"], "NaN")], &summary)
    take([(["a"], "2"), (["nai\u{308}ve"], "1"), (["naïve"], "2")], &summary)
    #expect(text(summary) == "{\"a\":2,\"b\":NaN,\"nai\u{308}ve\":1,\"naïve\":2}")
  }

  @Test func nests() {
    var summary = SummaryObject()
    take([(["a", "b"], "1"), (["a", "c", "d"], "2"), (["x"], "0"), (["a", "b"], "3")], &summary)
    #expect(text(summary) == #"{"a":{"b":3,"c":{"d":2}},"x":0}"#)
    take([(["a", "b", "e"], "4")], &summary)
    #expect(JSONValue(summary.json(StepShift()))?["a"]?["b"]?["e"]?.integer == 4)
    take([(["a"], "5")], &summary)
    take([(["a", "z"], "6")], &summary)
    #expect(text(summary) == #"{"a":{"z":6},"x":0}"#)
  }

  @Test func removing() {
    var summary = SummaryObject()
    take([(["a", "b"], "1"), (["a", "c"], "2"), (["x"], "0")], &summary)
    let version = summary.version
    remove(["a", "b"], &summary)
    #expect(text(summary) == #"{"a":{"c":2},"x":0}"# && summary.version > version)
    remove(["x"], &summary)
    remove(["unknown"], &summary)
    remove(["a", "c"], &summary)
    #expect(text(summary) == "{}" && summary.isEmpty)
    take([(["a", "d"], "3")], &summary)
    #expect(text(summary) == #"{"a":{"d":3}}"#)
  }

  /// Many leaves, each set again and again, as W&B's own client does: in no time.
  @Test func aLargeNestIsNotWrittenAtEachOfItsLeaves() {
    var summary = SummaryObject()
    for value in 0..<5 { take((0..<4_000).map { (["a", "b", "\($0)"], "\(value)") }, &summary) }
    #expect(JSONValue(summary.json(StepShift()))?["a"]?["b"]?.members.count == 4_000)
    take([(Array(repeating: "deep", count: 5_000), "1")], &summary)
    #expect(JSONValue(summary.json(StepShift())) != nil)
  }

  @Test func aContinuedRunGoesOn() {
    var summary = SummaryObject()
    let shift = StepShift(lastStep: 9, runtime: 10_000_000_000)
    summary.know(RecordItem(key: "old", json: "1"))
    take([(["_step"], "2"), (["_runtime"], "1.5"), (["_wandb"], #"{"runtime":1}"#), (["loss"], "3")], &summary, shift)
    summary.know(RecordItem(key: "loss", json: "8"))
    #expect(text(summary, shift) == #"{"old":1,"_step":9,"_runtime":11.500,"_wandb":{"runtime":11},"loss":3}"#)
  }
}

@Suite struct ConfigItemsTests {
  @Test func spellingsThatAreEqualAsStringsAreTwoKeys() {
    var config = ConfigItems()
    config.take([RecordItem(key: "naïve", json: "1"), RecordItem(key: "nai\u{308}ve", json: "2")])
    config.take([RecordItem(key: "naïve", json: "3"), RecordItem(key: "none", json: "")])
    config.know(RecordItem(key: "naïve", json: "4"))
    #expect(config.items.map(\.json.asText) == ["3", "2"] && config.version == 3)
  }
}
