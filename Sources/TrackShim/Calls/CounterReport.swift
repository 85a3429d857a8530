import CTrackShim

/// trackshim_get_counters
enum CounterReport {
  // bounded: the struct has as many bytes as it says
  static func fill(_ counters: UnsafeMutableRawPointer?) -> CallStatus {
    guard let counters else { return .invalid }
    let size = counters.loadUnaligned(as: Int.self), word = 8
    guard size >= word, size % word == 0, size <= 4096 else { return .invalid }
    guard tsi_tap_can_record() else { return .inactive }
    let values: [UInt64] = [
      tsi_counter(Int32(TSI_COUNTER_LINES)), tsi_counter(Int32(TSI_COUNTER_OBSERVATIONS)),
      tsi_counter(Int32(TSI_COUNTER_ROWS)), tsi_counter(Int32(TSI_COUNTER_DROPPED)), tsi_tap_waiting_bytes(),
      tsi_counter(Int32(TSI_COUNTER_RECORDED)), tsi_counter(Int32(TSI_COUNTER_UNSENT)),
    ]
    for (index, value) in values.enumerated() where (index &+ 2) &* word <= size {
      counters.storeBytes(of: value, toByteOffset: (index &+ 1) &* word, as: UInt64.self)
    }
    return .ok
  }
}
