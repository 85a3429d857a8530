import CTrackShim

package enum RunID {
  private static let letters = Array("abcdefghijklmnopqrstuvwxyz0123456789".utf8)

  /// Eight random characters, as W&B's own ids.
  package static func random() -> String { random(length: 8) }

  /// Tells the writer of environment records from others of the same run.
  package static func writer() -> String { random(length: 32) }

  private static func random(length: Int) -> String {
    var bytes = [UInt8](repeating: 0, count: length)
    // Without a random source (there is one on every kernel that runs us) time must do.
    if tsi_random(&bytes, length) != 0 { mixClock(into: &bytes) }
    // bounded: there are 36 letters
    return bytes.map { letters[Int($0) % letters.count] }.asText
  }

  private static func mixClock(into bytes: inout [UInt8]) {
    var state = UInt64(bitPattern: tsi_clock_realtime()) ^ UInt64(UInt32(bitPattern: tsi_process()))
    for index in bytes.indices {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      bytes[index] = UInt8(truncatingIfNeeded: state &>> 33)
    }
  }
}
