import CTrackShim
import Testing

@testable import TrackShim

/// What the summary of a killed program keeps of its metrics is what the program had asked for.
@Suite(.serialized, .enabled(if: tsi_is_in_memory(Claim.folder) != 0, "needs /dev/shm"))
struct RecoveredSummaryTests {
  /// Defined and logged before the death, logged again in what only the ring has.
  @Test(arguments: [
    (TRACKSHIM_SUMMARY_LAST, "5"), (TRACKSHIM_SUMMARY_MIN, "{\"min\":1}"), (TRACKSHIM_SUMMARY_MAX, "{\"max\":6}"),
    (TRACKSHIM_SUMMARY_FIRST, "{\"first\":4}"),
  ]) func aRuleOutlivesTheDeath(flag: trackshim_metric_flags, expected: String) throws {
    var dead = try DeadRun()
    defer { dead.remove() }
    dead.define("m", flag)
    for (step, value) in [4.0, 1, 6].enumerated() { dead.log("m", value, step: step) }
    dead.run.recorder.writeWaiting(isUrgent: true)
    dead.run.write()
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
    dead.run.recorder.writeWaiting(runtime: later, isUrgent: true)
    dead.log("n", 3, step: 1)
    dead.run.recorder.writeWaiting(runtime: 2 * later, isUrgent: true)
    dead.run.write()
    dead.tell()
    try dead.die()
    _ = try dead.recover()
    #expect(try dead.run.contents().rows == [["m": "1", "_step": "0"], ["m": "2", "n": "3", "_step": "1"]])
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
