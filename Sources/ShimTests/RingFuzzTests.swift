import CTrackShim
import Testing

@testable import TrackShim

/// Rings that somebody wrote over, or whose producer died.
@Suite struct RingFuzzTests {
  @Test func aReservationThatIsNeverFinishedIsGivenUpInTheEnd() throws {
    let test = try TestRing()
    defer { test.remove() }
    let layout = RingLayout(test)
    try #require(layout.head > 0 && layout.tail > 0)
    // Reserved, and then the thread died.
    test.memory.storeBytes(of: 40 + 64, toByteOffset: layout.head, as: UInt64.self)
    test.put([7])
    var reader = RingReader(test.ring)
    #expect(reader.next() == nil)
    var tries = 0
    var lost = 0
    while lost == 0, tries < 1_000 {
      lost = reader.abandonIfStuck()
      tries += 1
    }
    #expect(tries == 101)
    #expect(lost == 64 + 40)
    test.put([8])
    #expect(reader.next().map(\.contents) == [8])
    let idle = reader.abandonIfStuck()
    #expect(idle == 0)
  }

  /// Whatever stands in a ring: `next` ends, and what it gives lies within the ring.
  @Test func garbageEndsAndStaysInside() throws {
    let test = try TestRing()
    defer { test.remove() }
    let layout = RingLayout(test)
    try #require(layout.head > 0 && layout.tail > 0)
    let data = test.memory + RingLayout.data
    for place in stride(from: 0, to: TestRing.bytes, by: 1 << 20) { _ = tsi_random(data + place, 1 << 20) }
    var random = SplitMix(seed: 91)
    let size = UInt64(TestRing.bytes)
    var given = 0
    for _ in 0..<60_000 {
      let round = random.next() >> UInt64(random.below(64))
      // Near the ring's end, where something could reach beyond it, or anywhere.
      let place = random.below(2) == 0 ? size - UInt64(random.below(80)) : random.next() % size
      let tail = random.below(2) == 0 ? round : round / size &* size &+ place
      let head = tail &+ (random.below(3) == 0 ? random.next() : random.next() % (size + 2))
      test.memory.storeBytes(of: head, toByteOffset: layout.head, as: UInt64.self)
      test.memory.storeBytes(of: tail, toByteOffset: layout.tail, as: UInt64.self)
      scribbleHeader(data, at: tail, &random)
      var reader = RingReader(test.ring, from: random.below(8) == 0 ? random.next() : 0)
      let isFinished = read(&reader, within: UnsafeRawPointer(data), &given)
      #expect(isFinished)
      _ = tsi_ring_is_stuck(test.ring, reader.cursor)
    }
    #expect(given > 100)
  }

  /// A header that may be taken for one: committed or a pad, with a size that fits or does not.
  private func scribbleHeader(_ data: UnsafeMutableRawPointer, at position: UInt64, _ random: inout SplitMix) {
    let place = Int(position % UInt64(TestRing.bytes))
    let isPad = random.below(4) == 0
    let size = isPad ? TestRing.bytes - place : random.below(1 << random.below(18))
    let state = UInt32(truncatingIfNeeded: size) | (isPad ? 1 << 30 : 1 << 31)
    guard place + 8 <= TestRing.bytes else { return }
    data.storeBytes(of: random.below(6) == 0 ? UInt32.max : state, toByteOffset: place, as: UInt32.self)
    data.storeBytes(
      of: UInt32(truncatingIfNeeded: size + (random.below(6) == 0 ? 1 : 0)), toByteOffset: place + 4, as: UInt32.self)
  }

  private func read(_ reader: inout RingReader, within data: UnsafeRawPointer, _ given: inout Int) -> Bool {
    // Each record takes 32 bytes at least.
    for _ in 0...TestRing.bytes / TestRing.header {
      guard let record = reader.next() else { return true }
      given += 1
      let start = UnsafeRawPointer(record.bytes)
      let isInside = start.map { $0 >= data && $0 + Int(record.size) <= data + TestRing.bytes } ?? false
      #expect(isInside)
      guard isInside else { return false }
    }
    return false
  }

  /// Producers and the consumer's other half in a ring whose counters were written over.
  @Test func brokenCountersHarmNobody() throws {
    let test = try TestRing()
    defer { test.remove() }
    let layout = RingLayout(test)
    try #require(layout.head > 0 && layout.tail > 0)
    var random = SplitMix(seed: 92)
    for _ in 0..<4_000 {
      let tail = random.next() >> UInt64(random.below(64))
      let head = random.below(3) == 0 ? random.next() : tail &+ random.next() % UInt64(2 * TestRing.bytes)
      test.memory.storeBytes(of: head, toByteOffset: layout.head, as: UInt64.self)
      test.memory.storeBytes(of: tail, toByteOffset: layout.tail, as: UInt64.self)
      test.put([UInt8](repeating: 1, count: random.below(200)))
      let reader = RingReader(test.ring, from: tail &+ UInt64(random.below(5_000)))
      reader.release()
    }
    // It still is a ring.
    test.memory.storeBytes(of: 0, toByteOffset: layout.head, as: UInt64.self)
    test.memory.storeBytes(of: 0, toByteOffset: layout.tail, as: UInt64.self)
    #expect(test.put([5]))
    var reader = RingReader(test.ring)
    #expect(reader.next().map(\.contents) == [5])
  }
}
