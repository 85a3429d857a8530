import Testing

@testable import TrackShim

/// `LogFramer` and `LogReader`, one against the other and both against W&B's format.
@Suite struct LogTests {
  private func file(_ records: [[UInt8]]) -> [UInt8] {
    var out: [UInt8] = []
    var offset = 0
    for record in records { offset = LogFramer.append(record, at: offset, to: &out) }
    #expect(offset == out.count)
    return out
  }

  private func read(_ reader: inout LogReader) -> (records: [[UInt8]], last: LogReader.Event) {
    var records: [[UInt8]] = []
    while true {
      let event = reader.next()
      guard case .record(let record) = event else { return (records, event) }
      records.append(record)
    }
  }

  private func read(_ file: [UInt8]) -> (records: [[UInt8]], last: LogReader.Event, goodEnd: Int) {
    var reader = LogReader(file)
    let (records, last) = read(&reader)
    return (records, last, reader.goodEnd)
  }

  /// A journal that W&B's own reader accepts, byte for byte.
  @Test func workedExample() throws {
    let header = HeaderRecord(producer: "x")
    var run = RunRecord()
    run.runID = "r1"
    run.project = "p"
    run.startTime = 1_795_331_000_000_000_000
    var builder = RecordBuilder()
    var payloads: [[UInt8]] = [[], [], [], []]
    builder.append(header, to: &payloads[0])
    builder.append(run, to: &payloads[1])
    // Plain keys, as the example has them; ours are nested ones.
    payloads[2] =
      [0x08, 0x03, 0x12, 0x1D, 0x0A, 0x0B, 0x0A, 0x05] + Array("_step".utf8) + [0x82, 0x01, 0x01, 0x30, 0x0A, 0x0C]
      + [0x0A, 0x04] + Array("loss".utf8) + [0x82, 0x01, 0x03] + Array("2.5".utf8) + [0x12, 0x00]
    builder = RecordBuilder(after: 3)
    builder.append(ExitRecord(exitCode: 0, runtime: 9), to: &payloads[3])
    let journal = file(payloads)
    #expect(journal == Self.example)

    var history = HistoryRecord()
    history.items = [RecordItem(key: "_step", json: "0"), RecordItem(key: "loss", json: "2.5")]
    history.step = 0
    let contents = try read(journal).records.map { try Record($0).content }
    #expect(contents == [.header(header), .run(run), .history(history), .exit(ExitRecord(exitCode: 0, runtime: 9))])
  }

  private static let example: [UInt8] = [
    0x3a, 0x57, 0x26, 0x42, 0xe1, 0xbe, 0x00, 0x9d, 0xb2, 0x3a, 0x62, 0x12, 0x00, 0x01, 0x08, 0x01,
    0xaa, 0x01, 0x0d, 0x0a, 0x0b, 0x0a, 0x01, 0x78, 0x12, 0x06, 0x30, 0x2e, 0x37, 0x30, 0x2e, 0x30,
    0x5d, 0x7a, 0x70, 0x1f, 0x15, 0x00, 0x01, 0x08, 0x02, 0x8a, 0x01, 0x10, 0x0a, 0x02, 0x72, 0x31,
    0x1a, 0x01, 0x70, 0x8a, 0x01, 0x06, 0x08, 0xb8, 0xa7, 0x8a, 0xd8, 0x06, 0xfa, 0xf7, 0xce, 0x13,
    0x21, 0x00, 0x01, 0x08, 0x03, 0x12, 0x1d, 0x0a, 0x0b, 0x0a, 0x05, 0x5f, 0x73, 0x74, 0x65, 0x70,
    0x82, 0x01, 0x01, 0x30, 0x0a, 0x0c, 0x0a, 0x04, 0x6c, 0x6f, 0x73, 0x73, 0x82, 0x01, 0x03, 0x32,
    0x2e, 0x35, 0x12, 0x00, 0x08, 0xbe, 0x16, 0x22, 0x07, 0x00, 0x01, 0x08, 0x04, 0x92, 0x01, 0x02,
    0x10, 0x09,
  ]

  @Test(arguments: 0...14)
  func everyRemainderOfABlock(remainder: Int) throws {
    let first = [UInt8](repeating: 7, count: LogFramer.blockSize - 7 - 7 - remainder)
    let second = Array("the record behind".utf8)
    let journal = file([first, second])
    let found = read(journal)
    #expect(found.records == [first, second])
    #expect(found.last == .end)
    let boundary = LogFramer.blockSize
    switch remainder {
    case 0: #expect(journal[boundary + 6] == 1)
    case 1...6:
      #expect(journal[(boundary - remainder)..<boundary].allSatisfy { $0 == 0 })
      #expect(journal[boundary + 6] == 1)
    default:
      // The first chunk takes what is left, its payload being empty when that is 7.
      #expect(journal[boundary - remainder + 6] == 2)
      #expect(Int(journal[boundary - remainder + 4]) == remainder - 7)
      #expect(journal[boundary + 6] == 4)
    }
  }

  @Test func longRecords() {
    var random = SplitMix(seed: 5)
    let records = [100_000, 0, 1, 32_768, 65_536, 99_999].map { random.bytes($0) }
    let journal = file(records)
    let found = read(journal)
    #expect(found.records == records)
    #expect(found.last == .end)
    #expect(found.goodEnd == journal.count)
  }

  /// Records of all sizes, so that some end in front of a block's end, at it and behind it.
  @Test func aRecordMadeInItsPlaceIsTheSame() {
    var random = SplitMix(seed: 8)
    var whole: [UInt8] = [], inPlace: [UInt8] = []
    var offset = 0
    for index in 0..<4_000 {
      let record = random.bytes(random.below(index % 50 == 0 ? 70_000 : 300))
      offset = LogFramer.append(record, at: offset, to: &whole)
      LogFramer.append(size: record.count, at: inPlace.count, to: &inPlace) { out in
        record.withUnsafeBytes { out.append(contentsOf: $0) }
      }
    }
    #expect(inPlace == whole)
  }

  @Test func whatWasWrittenIsReplacedWithinItsBounds() {
    var bytes: [UInt8] = [9]
    bytes.append(size: 4) { out in
      for byte: UInt8 in 1...3 { out.append(byte) }
      for index in [-1, 3, 4, .max, .min] { out.replace(at: index, with: 77) }
      out.replace(at: 1, with: 5)
      #expect(Array(out.written(from: 1)) == [5, 3])
      #expect(out.written(from: 4).isEmpty && out.written(from: -1).isEmpty)
    }
    #expect(bytes == [9, 1, 5, 3])
  }

  @Test func aJournalIsContinuedWhereItEnded() {
    let records = (0..<2_000).map { [UInt8](repeating: UInt8(truncatingIfNeeded: $0), count: $0 % 97) }
    let whole = file(records)
    var begun = file(Array(records[..<1_234]))
    let offset = begun.count
    var end = offset
    for record in records[1_234...] { end = LogFramer.append(record, at: end, to: &begun) }
    #expect(begun == whole)
    #expect(end == whole.count)
  }

  @Test func anyCutGivesTheRecordsBeforeIt() {
    var random = SplitMix(seed: 6)
    let records = [5, 40_000, 0, 33_000, 9].map { random.bytes($0) }
    let journal = file(records)
    var ends = [7]
    for count in 1...records.count { ends.append(file(Array(records[..<count])).count) }
    let cuts = Array(0..<60) + stride(from: 60, to: journal.count, by: 509) + ((journal.count - 60)...journal.count)
    for cut in cuts {
      let found = read(Array(journal[..<cut]))
      let whole = ends.filter { $0 <= cut }
      #expect(found.records == Array(records[..<max(whole.count - 1, 0)]))
      #expect(found.goodEnd == whole.last ?? 0)
      // Zeros in front of a block count for nothing, so a cut among them is clean as well.
      let isClean = !whole.isEmpty && journal[found.goodEnd..<cut].allSatisfy { $0 == 0 }
      #expect(found.last == (isClean ? .end : .incomplete))
    }
  }

  @Test func aGrowingFile() {
    var random = SplitMix(seed: 7)
    let records = (0..<300).map { _ in random.bytes(random.below(900)) }
    let journal = file(records)
    var reader = LogReader()
    var found: [[UInt8]] = []
    var given = 0
    while given < journal.count {
      let more = min(journal.count - given, 1 + random.below(3_000))
      reader.append(Array(journal[given..<(given + more)]))
      given += more
      let (records, last) = read(&reader)
      found += records
      #expect(last == .end || last == .incomplete)
      #expect(reader.goodEnd <= given)
    }
    #expect(found == records)
    #expect(reader.next() == .end)
  }

  @Test func zerosAtTheEndCountForNothing() {
    let journal = file([[1, 2, 3]])
    for zeros in [1, 6, 7, 8, 500, 40_000] {
      let found = read(journal + [UInt8](repeating: 0, count: zeros))
      #expect(found.records == [[1, 2, 3]])
      #expect(found.last == .end)
      #expect(found.goodEnd == journal.count)
    }
  }

  @Test func damageIsNamedAndKept() {
    let journal = file([[1, 2, 3], [4, 5, 6], [7]])
    var broken = journal
    broken[7 + 10 + 8] ^= 1
    var reader = LogReader(broken)
    #expect(reader.next() == .record([1, 2, 3]))
    #expect(reader.next() == .damaged(.checksum, offset: 17))
    #expect(reader.next() == .damaged(.checksum, offset: 17))
    #expect(reader.goodEnd == 17)

    #expect(read(Array("not a journal".utf8)).last == .damaged(.preamble, offset: 0))
    #expect(damage(at: 6, 9) == .damaged(.chunkType, offset: 7))
    #expect(damage(at: 6, 4) == .damaged(.chunkOrder, offset: 7))
    #expect(damage(at: 5, 0xFF) == .damaged(.chunkLength, offset: 7))
  }

  /// The first chunk's header with one byte changed.
  private func damage(at index: Int, _ byte: UInt8) -> LogReader.Event {
    var journal = file([[1, 2, 3]])
    journal[7 + index] = byte
    return read(journal).last
  }

  @Test func aBeginningInsideARecordIsDamage() {
    let long = file([[UInt8](repeating: 1, count: 40_000)])
    let other = file([[UInt8](repeating: 2, count: 32_800), [3]])
    let mixed = Array(long[..<LogFramer.blockSize]) + file([[1], [9]])[7...] + other.suffix(8)
    #expect(read(mixed).last == .damaged(.chunkOrder, offset: LogFramer.blockSize))
  }
}
