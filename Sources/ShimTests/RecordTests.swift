import Testing

@testable import TrackShim

@Suite struct RecordTests {
  private func roundTrip(_ message: some RecordMessage) throws -> Record.Content? {
    var builder = RecordBuilder(after: 41)
    var payload: [UInt8] = []
    builder.append(message, to: &payload)
    let record = try Record(payload)
    #expect(record.number == 42)
    return record.content
  }

  @Test func everyKindComesBack() throws {
    #expect(try roundTrip(HeaderRecord(producer: "p")) == .header(HeaderRecord(producer: "p")))
    #expect(try roundTrip(RunRecord.sample) == .run(.sample))
    #expect(try roundTrip(TelemetryRecord.sample) == .telemetry(.sample))
    #expect(try roundTrip(EnvironmentRecord.sample) == .environment(.sample))
    let config = ConfigRecord(items: [RecordItem(key: "a", json: "1"), RecordItem(path: ["b", "c"], json: "NaN")])
    #expect(try roundTrip(config) == .config(config))
    #expect(try roundTrip(FilesRecord.sample) == .files(.sample))
    #expect(try roundTrip(StatsRecord.sample) == .stats(.sample))
    #expect(try roundTrip(MetricRecord.sample) == .metric(.sample))
    for code: Int32 in [0, 1, 134, -1, .max, .min] {
      let exit = ExitRecord(exitCode: code, runtime: 7)
      #expect(try roundTrip(exit) == .exit(exit))
    }
  }

  @Test func emptyMessagesAreStillThere() throws {
    #expect(try roundTrip(ExitRecord()) == .exit(ExitRecord()))
    #expect(try roundTrip(RunRecord()) == .run(RunRecord()))
    #expect(try roundTrip(EnvironmentRecord()) == .environment(EnvironmentRecord()))
    var builder = RecordBuilder()
    var payload: [UInt8] = []
    builder.append(ExitRecord(), to: &payload)
    #expect(payload == [0x08, 0x01, 0x92, 0x01, 0x00])
  }

  @Test func recordsAreNumberedInOrder() throws {
    var builder = RecordBuilder()
    var numbers: [Int64] = []
    for _ in 0..<300 {
      var payload: [UInt8] = []
      builder.appendSummary(ItemList(), to: &payload)
      numbers.append(try Record(payload).number)
    }
    #expect(numbers == Array(1...300))
    #expect(builder.lastNumber == 300)
  }

  private func output(_ line: [UInt8], stream: OutputStream = .standardOutput, isComplete: Bool = true) throws
    -> OutputRecord?
  {
    var builder = RecordBuilder()
    var payload: [UInt8] = []
    line.withUnsafeBytes {
      builder.appendOutput(stream, at: 1_500_000_001, line: $0, isComplete: isComplete, to: &payload)
    }
    guard case .output(let record) = try Record(payload).content else { return nil }
    var again: [UInt8] = []
    var other = RecordBuilder()
    other.append(record, to: &again)
    if line.count + (isComplete ? 1 : 0) > 0 { #expect(payload == again) }
    return record
  }

  /// Lengths around the places where a varint grows.
  @Test(arguments: [0, 1, 7, 8, 126, 127, 128, 16_382, 16_383, 16_384, 70_000])
  func consoleLines(length: Int) throws {
    let line = [UInt8](repeating: 0x61, count: length)
    for stream in [OutputStream.standardOutput, .standardError] {
      let record = try output(line, stream: stream)
      #expect(record?.text == String(repeating: "a", count: length) + "\n")
      #expect(record?.stream == stream)
      #expect(record?.time == 1_500_000_001)
      #expect(try output(line, stream: stream, isComplete: false)?.text.utf8.count == length)
    }
  }

  @Test func consoleLinesOfAnyBytes() throws {
    #expect(try output([0x61, 0xFF, 0xC3, 0x28, 0x00])?.text == "a\u{FFFD}\u{FFFD}(\0\n")
    var random = SplitMix(seed: 8)
    for _ in 0..<500 {
      let line = random.bytes(random.below(300))
      #expect(try output(line)?.text == String(decoding: line, as: UTF8.self) + "\n")
    }
  }

  @Test func historyAndSummary() throws {
    var random = SplitMix(seed: 9)
    var items = ItemList()
    var builder = RecordBuilder()
    for step: Int64 in [0, 1, 127, 128, 1 << 40, -1] {
      items.removeAll()
      let expected = (0..<random.below(40)).map { number in
        RecordItem(key: "k\(number)\u{E9}", json: String(repeating: "7", count: 1 + random.below(200)))
      }
      for item in expected { items.append(key: Array(item.key.utf8), json: Array(item.json.utf8)) }
      #expect(items.count == expected.count)
      var history = HistoryRecord()
      history.items = expected
      history.step = step
      var payload: [UInt8] = []
      builder.appendHistory(items, step: step, to: &payload)
      #expect(try Record(payload).content == .history(history))
      #expect(try roundTrip(history) == .history(history))
      payload = []
      builder.appendSummary(items, to: &payload)
      var summary = SummaryRecord()
      summary.items = expected
      #expect(try Record(payload).content == .summary(summary))
    }
  }

  /// As the official writer puts it: `nested_key` (2) and `value_json` (16).
  @Test func itemsAreNestedKeys() {
    var items = ItemList()
    items.append(key: Array("loss".utf8), json: Array("2.5".utf8))
    items.append(key: [], json: Array("1".utf8))
    items.append(key: Array("x".utf8), json: [])
    #expect(items.encoded == [0x0A, 0x0C, 0x12, 0x04] + Array("loss".utf8) + [0x82, 0x01, 0x03] + Array("2.5".utf8))
    #expect(items.count == 1)
  }

  @Test func keysAreFoundByTheirNumber() {
    let keys = ItemKeys([Array("loss".utf8), [], Array("a".utf8)])
    var found: [[UInt8]] = []
    for number in [0, 1, 2, 3, -1, .max, .min] { keys.withKey(number) { found.append(Array($0)) } }
    let tail: [UInt8] = [0x82, 0x01]
    #expect(found == [[0x12, 4] + Array("loss".utf8) + tail, [], [0x12, 1, 0x61] + tail, [], [], [], []])
    var items = ItemList(), others = ItemList()
    let seven: [UInt8] = [0x37]
    for number in 0...3 { seven.withUnsafeBytes { items.append(number, of: keys, json: $0) } }
    others.append(key: Array("loss".utf8), json: seven)
    others.append(key: Array("a".utf8), json: seven)
    #expect(items.encoded == others.encoded && items.count == 2)
    others.append(contentsOf: items)
    #expect(others.encoded == items.encoded + items.encoded && others.count == 4)
  }

  @Test func keysThatAreNotTextAreReplaced() throws {
    var items = ItemList()
    items.append(key: [0x6C, 0xE2, 0x82], json: Array("1".utf8))
    var payload: [UInt8] = []
    var builder = RecordBuilder()
    builder.appendHistory(items, step: 3, to: &payload)
    guard case .history(let history) = try Record(payload).content else {
      Issue.record("not a history record")
      return
    }
    #expect(history.items == [RecordItem(key: "l\u{FFFD}", json: "1")])
  }

  @Test func unknownFieldsAreLeftAlone() throws {
    // num 5, an unknown string 300, exit with an unknown field 9 and exit_code as a string.
    let payload: [UInt8] = [
      0x08, 0x05, 0xE2, 0x12, 0x01, 0x41, 0x92, 0x01, 0x07, 0x48, 0x01, 0x0A, 0x01, 0x42, 0x10, 0x03,
    ]
    let record = try Record(payload)
    #expect(record.content == .exit(ExitRecord(exitCode: 0, runtime: 3)))
    #expect(try Record([0x08, 0x05]).content == nil)
    #expect(try Record([0xBA, 0x01, 0x00]).content == .other(23))
  }
}
