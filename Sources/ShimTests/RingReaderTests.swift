import CTrackShim
import Glibc
import Testing

@testable import TrackShim

@Suite struct RingReaderTests {
  private func next(_ reader: inout RingReader) throws -> tsi_record {
    let record = reader.next()
    return try #require(record)
  }

  @Test func recordsComeInOrderAsTheyWere() throws {
    let test = try TestRing()
    defer { test.remove() }
    var reader = RingReader(test.ring)
    #expect(reader.next() == nil)
    test.put(Array("one".utf8), stream: 1, time: -5, position: 17)
    test.put([], stream: 2, time: .max, position: .max)
    test.put([0, 255], stream: 2)
    let first = try next(&reader), second = try next(&reader), third = try next(&reader)
    #expect(reader.next() == nil)
    #expect([first, second, third].map(\.contents) == [Array("one".utf8), [], [0, 255]])
    #expect([first, second, third].map(\.stream) == [1, 2, 2])
    #expect([first, second, third].map(\.time) == [-5, .max, 0])
    #expect([first, second, third].map(\.position) == [17, .max, 0])
    #expect(![first, second, third].contains { $0.has_gap })
  }

  /// What was read and not given back is read again by who comes later.
  @Test func whatIsNotReleasedStays() throws {
    let test = try TestRing()
    defer { test.remove() }
    for value in 0..<3 as Range<UInt8> { test.put([value]) }
    var reader = RingReader(test.ring)
    _ = reader.next()
    reader.release()
    let behind = reader.cursor
    _ = reader.next()
    var later = RingReader(test.ring)
    #expect(later.next().map(\.contents) == [1])
    var before = RingReader(test.ring, from: 0)
    #expect(before.next().map(\.contents) == [1])
    var there = RingReader(test.ring, from: behind + 40)
    #expect(there.next().map(\.contents) == [2])
    var beyond = RingReader(test.ring, from: .max)
    #expect(beyond.next() == nil)
  }

  @Test func aFullRingDropsAndCountsAndSaysSo() throws {
    let test = try TestRing()
    defer { test.remove() }
    let size = 1_000
    var taken = 0
    while test.put([UInt8](repeating: 1, count: size)) { taken += 1 }
    #expect(taken == TestRing.bytes / ((TestRing.header + size + 7) / 8 * 8))
    test.put([1, 2])
    #expect(tsi_ring_dropped_bytes(test.ring) == UInt64(size) + 2 || tsi_ring_dropped_bytes(test.ring) == UInt64(size))
    let dropped = tsi_ring_dropped_bytes(test.ring)
    var reader = RingReader(test.ring)
    var found = 0
    var gaps = 0
    while let record = reader.next() {
      found += 1
      gaps += record.has_gap ? 1 : 0
    }
    reader.release()
    test.put([3])
    test.put([4])
    let behind = try next(&reader), last = try next(&reader)
    // The small one may have found room behind the last large one; then it bore the mark.
    #expect(found == taken + (dropped == UInt64(size) ? 1 : 0))
    #expect(gaps + (behind.has_gap ? 1 : 0) == 1)
    #expect(!last.has_gap)
    #expect(tsi_ring_dropped_bytes(test.ring) == dropped)
  }

  @Test func whatIsLostBehindTheLastRecordIsToldOnce() throws {
    let test = try TestRing()
    defer { test.remove() }
    var reader = RingReader(test.ring)
    func asked() -> [Bool] { (0..<2).map { _ in reader.endsInGap() } }
    test.put([1])
    _ = try next(&reader)
    #expect(asked() == [false, false])
    let tooLong = [UInt8](repeating: 1, count: TestRing.longestRecord + 1)
    for _ in 0..<2 {
      test.put(tooLong)
      #expect(asked() == [true, false])
      test.put([2])
      let marked = try next(&reader).has_gap
      #expect(marked)
      #expect(asked() == [false, false])
    }
  }

  @Test func aRecordThatIsTooLongIsDropped() throws {
    let test = try TestRing()
    defer { test.remove() }
    #expect(test.put([UInt8](repeating: 1, count: TestRing.longestRecord)))
    #expect(!test.put([UInt8](repeating: 1, count: TestRing.longestRecord + 1)))
    #expect(tsi_ring_dropped_bytes(test.ring) == UInt64(TestRing.longestRecord) + 1)
  }

  /// Every size meets the ring's end in its own way; pads fill what is too short.
  @Test func aroundTheEndWithEverySize() throws {
    let test = try TestRing()
    defer { test.remove() }
    var random = SplitMix(seed: 81)
    var reader = RingReader(test.ring)
    var waiting: [[UInt8]] = []
    var written: UInt64 = 0
    while written < 3 * UInt64(TestRing.bytes) {
      let size = random.below(5) == 0 ? TestRing.longestRecord - random.below(9) : random.below(20_000)
      let record = [UInt8](repeating: UInt8(truncatingIfNeeded: random.next()), count: size)
      if test.put(record) {
        waiting.append(record)
        written += UInt64(size)
        if random.below(4) > 0 { continue }
      }
      // Never quite empty, so that the ring does not start over.
      while waiting.count > 1 {
        let found = reader.next().map(\.contents)
        guard found == waiting.removeFirst() else {
          Issue.record("another record at \(reader.cursor)")
          return
        }
      }
      reader.release()
    }
    while let record = reader.next() { #expect(record.contents == waiting.removeFirst()) }
    #expect(waiting.isEmpty)
    #expect(reader.cursor >= written)
  }

  @Test func aRingThatIsEmptyStartsOver() throws {
    let test = try TestRing()
    defer { test.remove() }
    var reader = RingReader(test.ring)
    for value in 0..<200 as Range<UInt8> {
      test.put([UInt8](repeating: value, count: 40_000))
      let found = reader.next().map(\.contents)
      #expect(found == [UInt8](repeating: value, count: 40_000))
      reader.release()
      // A quiet program touches the first pages only: the next record stands near a round's beginning.
      #expect(tsi_ring_tail(test.ring) % UInt64(TestRing.bytes) < UInt64(TestRing.longestRecord))
    }
    #expect(tsi_ring_tail(test.ring) / UInt64(TestRing.bytes) == 100)
  }

  // MARK: Files

  @Test func aRingOfSomebodyWhoLivesIsBusy() throws {
    let test = try TestRing()
    defer { test.remove() }
    var lock: Int32 = -1
    #expect(tsi_ring_open_left(test.folder("unit.ring"), &lock) == nil)
    #expect(SystemError(tsi_last_error()) == .busy)
    #expect(tsi_ring_owner_at(test.folder("unit.ring")) == tsi_process())
    #expect(tsi_ring_create_file(test.folder("unit.ring")) == nil)
    #expect(SystemError(tsi_last_error()) == .exists)
  }

  @Test func whatIsNoRingIsNotOpened() throws {
    let folder = TemporaryFolder()
    defer { folder.remove() }
    folder.write("short", Array("TSRING2\0".utf8))
    folder.write("zeros", [UInt8](repeating: 0, count: TestRing.bytes + 4_096))
    for name in ["short", "zeros"] {
      var lock: Int32 = -1
      // Others may read it, so it was not made by us.
      #expect(tsi_ring_open_left(folder(name), &lock) == nil)
      #expect(SystemError(tsi_last_error()) == .notPermitted)
      _ = chmod(folder(name), 0o600)
      #expect(tsi_ring_open_left(folder(name), &lock) == nil)
      #expect(SystemError(tsi_last_error()) == .invalid)
    }
    #expect(tsi_ring_owner_at(folder("none")) == 0)
  }

  // MARK: Progress

  /// The newest that the journal's real size allows.
  @Test func progressOfAnInterruptedWriteIsTheOneBefore() throws {
    let test = try TestRing()
    defer { test.remove() }
    func journalSize(_ actual: UInt64) -> UInt64 { tsi_ring_progress(test.ring, actual).journal_size }
    #expect(journalSize(1_000) == 0)
    for size in [100, 200, 300] as [UInt64] {
      tsi_ring_intend(test.ring, tsi_progress(ring_position: size, journal_size: size, stdout_position: 0), .max)
    }
    #expect(journalSize(300) == 300)
    #expect(journalSize(1_000) == 300)
    #expect(journalSize(299) == 200)
    #expect(journalSize(199) == 0)
  }
}
