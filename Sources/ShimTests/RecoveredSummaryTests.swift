import CTrackShim
import Testing

@testable import TrackShim

/// What the summary of a killed program keeps of its metrics is what the program had asked for.
@Suite(.serialized, .enabled(if: tsi_is_in_memory(Claim.folder) != 0, "needs /dev/shm"))
struct RecoveredSummaryTests {
  /// Defined and logged before the death, logged again in what only the ring has.
  @Test(arguments: [
    (TRACKSHIM_SUMMARY_LAST, "5"), (TRACKSHIM_SUMMARY_MIN, "{\"min\":1}"), (TRACKSHIM_SUMMARY_MAX, "{\"max\":6}"),
    (TRACKSHIM_SUMMARY_FIRST, "{\"first\":4}"), (TRACKSHIM_SUMMARY_MEAN, "{\"mean\":4}"),
  ]) func aRuleOutlivesTheDeath(flag: trackshim_metric_flags, expected: String) throws {
    var dead = try DeadRun()
    defer { dead.remove() }
    dead.define("m", flag)
    for (step, value) in [4.0, 1, 6].enumerated() { dead.log("m", value, step: step) }
    dead.flush(runtime: 0)
    dead.tell()
    dead.put(log: "m", 5, step: 3)
    try dead.die()
    _ = try dead.recover()
    let contents = try dead.run.contents()
    #expect(contents.isWhole)
    #expect(contents.rows.map { $0["m"] } == ["4", "1", "6", "5"])
    #expect(contents.summary["m"] == expected)
  }

  /// The summary of everything, which comes now and then, says of no row that it is open.
  @Test func theOpenRowOutlivesTheDeathBehindAWholeSummary() throws {
    var dead = try DeadRun()
    defer { dead.remove() }
    let later = History.fullSummaryPause + 1
    dead.log("m", 1, step: 0)
    dead.log("m", 2, step: 1)
    dead.flush(runtime: later)
    dead.log("n", 3, step: 1)
    dead.flush(runtime: 2 * later)
    dead.tell()
    try dead.die()
    _ = try dead.recover()
    #expect(try dead.run.contents().rows == [["m": "1", "_step": "0"], ["m": "2", "n": "3", "_step": "1"]])
  }

  /// Printed and logged in any order, some of it written, the rest only in the ring: each value of the rows counts once.
  @Test(arguments: 0..<40) func aMeanIsThatOfTheRows(seed: Int) throws {
    var random = SplitMix(seed: UInt64(seed))
    var settings = Settings.defaults
    settings.templates = TemplateSet(Array("summary printed mean :: now {step} {printed}".utf8), origin: "T")
    var dead = try DeadRun(settings)
    defer { dead.remove() }
    RunDirectory(path: try #require(dead.journal.parentFolder), runID: "").keep(settings.templates)
    dead.define("logged", TRACKSHIM_SUMMARY_MEAN)
    var step = 0
    for _ in 0..<(1 + random.below(30)) {
      let value = Double(random.below(1000)) / 8
      switch random.below(5) {
      case 0: step += 1
      case 1: dead.log("logged", value, step: step)
      case 2: dead.record("now \(step) \(value)\n")
      case 3: dead.log("logged", random.below(2) == 0 ? .nan : .infinity, step: step)
      default: dead.flush(runtime: Int64(random.below(4)) * History.fullSummaryPause)
      }
    }
    dead.flush(runtime: 0)
    dead.tell()
    for _ in 0..<random.below(4) {
      if random.below(2) == 0 { dead.put(log: "logged", Double(random.below(9)), step: step) }
      if random.below(2) == 0 { dead.put("now \(step) \(random.below(9))\n") }
      step += random.below(2)
    }
    try dead.die()
    _ = try dead.recover()
    let contents = try dead.run.contents()
    for name in ["logged", "printed"] {
      let values = contents.rows.compactMap { $0[name].flatMap(Double.init) }.filter(\.isFinite)
      let mean = values.reduce(0, +) / Double(values.count)
      var json: [UInt8] = []
      json.appendDouble(mean)
      guard !values.isEmpty else { continue }
      #expect(contents.summary[name] == (name == "logged" ? "{\"mean\":\(json.asText)}" : json.asText))
    }
  }

  /// The last word counts.
  @Test func aRuleThatWasTakenBackIsNone() throws {
    var dead = try DeadRun()
    defer { dead.remove() }
    dead.define("m", TRACKSHIM_SUMMARY_MIN)
    dead.log("m", 1, step: 0)
    dead.define("m", TRACKSHIM_SUMMARY_LAST)
    dead.log("m", 2, step: 1)
    dead.run.write()
    dead.tell()
    dead.put(log: "m", 5, step: 2)
    try dead.die()
    _ = try dead.recover()
    #expect(try dead.run.contents().summary["m"] == "5")
  }
}

extension DeadRun {
  /// As of a program that waits for it.
  mutating func flush(runtime: Int64) {
    run.recorder.writeWaiting(runtime: runtime, isUrgent: true)
    run.write()
  }

  mutating func define(_ key: String, _ flag: trackshim_metric_flags) {
    let flags = MetricFlags(rawValue: Int32(flag.rawValue))
    run.recorder.take(.define(key: Array(key.utf8), stepKey: [], flags: flags), at: run.recorder.clock.start)
  }

  mutating func log(_ key: String, _ value: Double, step: Int) {
    var metric = Call.Metric(key: Array(key.utf8), json: [])
    metric.json.appendDouble(value)
    run.recorder.take(.log(step: Int64(step), [metric], isWholeRow: false), at: run.recorder.clock.start)
  }

  /// A call that no wake-up has taken from the ring.
  func put(log key: String, _ value: Double, step: Int) {
    let isPut = Array(key.utf8).withUnsafeBytes { key in
      Call.log(step: Int64(step), key, value) { bytes in
        var record = tsi_record(
          bytes: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), size: UInt32(bytes.count), stream: 0,
          kind: UInt8(TSI_CALL), has_gap: false,
          time: tsi_clock_monotonic(), position: 0)
        return tsi_ring_put(ring, &record)
      }
    }
    #expect(isPut == true)
  }
}
