import CTrackShim
import Testing

@testable import TrackShim

/// A ring of a test's own, in a file with a name like a run's but another prefix.
struct TestRing {
  static let bytes = 4 << 20
  static let longestRecord = 64 << 10
  /// In front of each record's bytes.
  static let header = 32

  let folder: TemporaryFolder
  let ring: OpaquePointer

  init() throws {
    folder = TemporaryFolder(in: Files.isDirectory("/dev/shm") ? "/dev/shm" : "/tmp")
    ring = try #require(tsi_ring_create_file(folder("unit.ring")))
  }

  func remove() {
    tsi_ring_close_left(ring)
    folder.remove()
  }

  @discardableResult
  func put(_ bytes: [UInt8], stream: UInt8 = 1, time: Int64 = 0, position: UInt64 = 0) -> Bool {
    Self.put(ring, bytes, stream: stream, time: time, position: position)
  }

  static func put(_ ring: OpaquePointer, _ bytes: [UInt8], stream: UInt8, time: Int64 = 0, position: UInt64 = 0) -> Bool
  {
    bytes.withUnsafeBufferPointer {
      var record = tsi_record(
        bytes: $0.baseAddress, size: UInt32($0.count), stream: stream, kind: UInt8(TSI_BYTES), has_gap: false,
        time: time, position: position)
      return tsi_ring_put(ring, &record)
    }
  }

  var memory: UnsafeMutableRawPointer { UnsafeMutableRawPointer(ring) }
}

extension tsi_record {
  var contents: [UInt8] { Array(UnsafeRawBufferPointer(start: bytes, count: Int(size))) }
}

/// The words of a ring, found by using it.
struct RingLayout {
  var head = -1
  var tail = -1
  static let data = 4096

  init(_ test: TestRing) {
    let words = test.memory.assumingMemoryBound(to: UInt64.self)
    test.put([UInt8](repeating: 1, count: 8))
    for index in 0..<Self.data / 8 where words[index] == 40 { head = index * 8 }
    var reader = RingReader(test.ring)
    _ = reader.next()
    reader.release()
    for index in 0..<Self.data / 8 where words[index] == 40 && index * 8 != head { tail = index * 8 }
  }
}
