import CTrackShim

/// Reads one ring in order. What was read stays the reader's until it is released.
struct RingReader {
  /// Wake-ups that a begun and never finished record is waited for: about two seconds.
  private static let patience = 100

  let ring: OpaquePointer
  private(set) var cursor: UInt64
  private var stuckFor = 0
  private var hasToldGap = false

  init(_ ring: OpaquePointer) {
    self.ring = ring
    cursor = tsi_ring_tail(ring)
  }

  init(_ ring: OpaquePointer, from position: UInt64) {
    self.init(ring)
    cursor = max(cursor, position)
  }

  mutating func next() -> tsi_record? {
    // After `release` the ring may have started over.
    cursor = max(cursor, tsi_ring_tail(ring))
    var record = tsi_record()
    guard tsi_ring_next(ring, &cursor, &record) else { return nil }
    stuckFor = 0
    hasToldGap = false
    return record
  }

  /// To be asked when there is no next record: whether something was lost behind the last one. True once, until
  /// another comes: it bears the mark then, but in the run's ring there may be none, and in the one before never is.
  mutating func endsInGap() -> Bool {
    guard tsi_ring_ends_in_gap(ring), !hasToldGap else { return false }
    hasToldGap = true
    return true
  }

  func release() { tsi_ring_release(ring, cursor) }

  /// To be called when a wake-up found nothing. A producer that died between reserving and committing would
  /// stop everything behind it: in the end that is given up. Returns the bytes lost.
  mutating func abandonIfStuck() -> Int {
    guard tsi_ring_is_stuck(ring, cursor) else {
      stuckFor = 0
      return 0
    }
    stuckFor &+= 1
    guard stuckFor > Self.patience else { return 0 }
    stuckFor = 0
    let lost = tsi_ring_abandon(ring, &cursor)
    release()
    return Int(clamping: lost)
  }
}
