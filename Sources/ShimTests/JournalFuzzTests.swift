import Testing

@testable import TrackShim

/// Bytes that are no journal, or no longer one: the readers may say so, they may not trap, read
/// elsewhere or go on for ever. 210,000 cases, the same in every run.
@Suite struct JournalFuzzTests {
  private static let payloads: [[UInt8]] = {
    var builder = RecordBuilder()
    var payloads = [[UInt8]](repeating: [], count: 6)
    builder.append(HeaderRecord(producer: "x"), to: &payloads[0])
    builder.append(RunRecord.sample, to: &payloads[1])
    builder.append(EnvironmentRecord.sample, to: &payloads[2])
    Array("step 1".utf8).withUnsafeBytes {
      builder.appendOutput(.standardError, at: 1_795_331_147_062_548_123, line: $0, to: &payloads[3])
    }
    var items = ItemList()
    items.append(key: Array("loss".utf8), json: Array("2.5".utf8))
    builder.appendHistory(items, step: 1, to: &payloads[4])
    builder.append(ExitRecord(exitCode: -1, runtime: 9), to: &payloads[5])
    return payloads
  }()

  private func decodes(_ payload: [UInt8]) -> Bool { (try? Record(payload)) != nil }

  @Test func randomPayloads() {
    var random = SplitMix(seed: 10)
    var decoded = 0
    for _ in 0..<90_000 {
      var payload = random.bytes(random.below(20))
      // Half of them get past the first tag: a field that is a message.
      if payload.count > 4, random.below(2) == 0 {
        let tags: [UInt8] = [0x12, 0x1A, 0x22, 0x2A, 0x32, 0x3A, 0x5A, 0x62, 0x6A]
        payload[0] = tags[random.below(tags.count)]
        payload[1] = UInt8(payload.count - 2)
      }
      if decodes(payload) { decoded += 1 }
    }
    #expect(decoded > 0 && decoded < 90_000)
  }

  @Test func changedPayloads() {
    var random = SplitMix(seed: 11)
    var decoded = 0
    for _ in 0..<80_000 {
      let short = random.below(20) > 0
      var payload = Self.payloads[short ? [0, 3, 4, 5][random.below(4)] : 1 + random.below(2)]
      payload[random.below(payload.count)] ^= 1 << UInt8(random.below(8))
      if random.below(3) == 0 { payload.removeLast(random.below(payload.count)) }
      if decodes(payload) { decoded += 1 }
    }
    #expect(decoded > 1_000 && decoded < 80_000)
  }

  /// Damage is found at or before the changed byte's chunk, and the records before it stay whole.
  @Test func changedFiles() {
    var random = SplitMix(seed: 12)
    let small = [Self.payloads[0], Self.payloads[3], Self.payloads[4], Self.payloads[5]]
    var journal: [UInt8] = []
    var offset = 0
    for payload in small { offset = LogFramer.append(payload, at: offset, to: &journal) }
    for _ in 0..<30_000 {
      var broken = journal
      let at = random.below(broken.count)
      broken[at] ^= 1 << UInt8(random.below(8))
      if random.below(4) == 0 { broken.removeLast(random.below(broken.count)) }
      var reader = LogReader(broken)
      var records: [[UInt8]] = []
      while case .record(let record) = reader.next() { records.append(record) }
      guard records == Array(small[..<min(records.count, small.count)]), reader.goodEnd <= broken.count else {
        Issue.record("byte \(at): \(records)")
        continue
      }
    }
  }

  /// Valid chunks around garbage, so that the record reader gets what the checksum lets through;
  /// and garbage behind a valid preamble.
  @Test func randomFiles() {
    var random = SplitMix(seed: 13)
    for _ in 0..<10_000 {
      var journal = LogFramer.preamble
      if random.below(2) == 0 {
        journal += random.bytes(random.below(60))
      } else {
        _ = LogFramer.append(random.bytes(random.below(40)), at: 7, to: &journal)
        journal += [UInt8](repeating: 0, count: random.below(9)) + random.bytes(random.below(9))
      }
      var reader = LogReader(journal)
      var count = 0
      while case .record(let record) = reader.next() {
        count += 1
        _ = decodes(record)
      }
      #expect(count <= 8)
    }
  }
}
