import CTrackShim
import Synchronization
import Testing

@testable import TrackShim

/// Many producers, one consumer.
@Suite struct RingStressTests {
  /// One message: who, the how-manieth, and a filling that shows torn copies.
  private static func message(_ producer: Int, _ number: Int, _ size: Int) -> [UInt8] {
    let text = "\(producer) \(number) "
    return Array(text.utf8) + [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: size)
  }

  private struct Seen {
    var next: [Int]
    var count = 0
    var faults: [String] = []

    init(_ producers: Int) { next = Array(repeating: 0, count: producers) }

    /// `mayMiss`: some were dropped.
    mutating func take(_ record: tsi_record, mayMiss: Bool) {
      let all = record.contents
      let parts = all.split(separator: 0x20, maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3, let producer = Int(Array(parts[0]).asText), let number = Int(Array(parts[1]).asText),
        next.indices.contains(producer), parts[2].allSatisfy({ $0 == UInt8(truncatingIfNeeded: number) })
      else {
        faults.append("torn: \(all.prefix(40))")
        return
      }
      if mayMiss ? number < next[producer] : number != next[producer] {
        faults.append("\(producer) gave \(number) where \(next[producer]) was due")
      }
      next[producer] = number + 1
      count += 1
    }
  }

  private func stress(producers: Int, each: Int, size: @Sendable (Int) -> Int, pause: Bool) throws -> (
    seen: Seen, taken: Int, droppedBytes: UInt64, refusedBytes: UInt64
  ) {
    let test = try TestRing()
    defer { test.remove() }
    let ring = UInt(bitPattern: test.ring)
    let refused = Atomic<Int>(0), finished = Atomic<Int>(0)
    var reader = RingReader(test.ring)
    var seen = Seen(producers)
    Threads.run(producers) { producer in
      guard let ring = OpaquePointer(bitPattern: ring) else { return }
      for number in 0..<each {
        let message = Self.message(producer, number, size(number))
        // Without pauses it may find no room; with them it waits until there is some.
        while !TestRing.put(ring, message, stream: UInt8(producer)) {
          refused.add(message.count, ordering: .relaxed)
          guard pause else { break }
          tsi_pause(1)
        }
      }
      finished.add(1, ordering: .releasing)
    } beside: {
      var isOver = false
      while true {
        let found = reader.next()
        if let found {
          seen.take(found, mayMiss: !pause)
          if seen.count % 64 == 0 { reader.release() }
          continue
        }
        reader.release()
        if isOver { break }
        isOver = finished.load(ordering: .acquiring) == producers
        if !isOver { tsi_pause(1) }
      }
    }
    return (
      seen, seen.count, tsi_ring_dropped_bytes(test.ring), UInt64(refused.load(ordering: .relaxed))
    )
  }

  @Test func whereThereIsRoomNothingIsLostAndOrderIsKept() throws {
    let result = try stress(producers: 4, each: 12_000, size: { $0 % 300 }, pause: true)
    #expect(result.seen.faults == [])
    #expect(result.taken == 4 * 12_000)
    // Those that found no room came again; the ring counts each refusal.
    #expect(result.droppedBytes == result.refusedBytes)
  }

  @Test func whatFindsNoRoomIsCounted() throws {
    let result = try stress(producers: 3, each: 1_500, size: { 1 + $0 * 37 % 30_000 }, pause: false)
    #expect(result.seen.faults == [])
    #expect(result.droppedBytes == result.refusedBytes)
    let whole = (0..<1_500).reduce(0) { $0 + 1 + $1 * 37 % 30_000 }
    #expect(result.taken < 4_500 || result.droppedBytes == 0)
    #expect(result.droppedBytes < UInt64(4 * whole))
  }

  private static func waiting(_ ring: OpaquePointer) -> Int {
    let tail = tsi_ring_tail(ring)
    return Int(clamping: tsi_ring_head(ring) - tail)
  }

  /// The ring starts over whenever it is found empty, also between a producer's looks at its two positions.
  @Test func whoIsOvertakenByTheReaderFindsRoom() throws {
    let test = try TestRing()
    defer { test.remove() }
    let address = UInt(bitPattern: test.ring)
    let finished = Atomic<Bool>(false)
    let records = 500_000
    var reader = RingReader(test.ring)
    var taken = 0
    Threads.run(1) { _ in
      defer { finished.store(true, ordering: .releasing) }
      guard let ring = OpaquePointer(bitPattern: address) else { return }
      let text = [UInt8](repeating: 0x2E, count: 1_000)
      for _ in 0..<records {
        TestRing.put(ring, text, stream: 1)
        // There is always room, so that nothing may be dropped.
        while Self.waiting(ring) > TestRing.bytes / 4 { tsi_pause(1) }
      }
    } beside: {
      var isOver = false
      while true {
        if reader.next() != nil {
          taken += 1
          reader.release()
          continue
        }
        if isOver { break }
        isOver = finished.load(ordering: .acquiring)
      }
    }
    #expect(tsi_ring_dropped_bytes(test.ring) == 0)
    #expect(taken == records)
  }
}
