import CTrackShim

package enum RunID {
  private static let letters = Array("abcdefghijklmnopqrstuvwxyz0123456789".utf8)

  /// Eight random characters, as W&B's own ids.
  package static func random() -> String { random(length: 8) }

  /// Tells the writer of environment records from others of the same run.
  package static func writer() -> String { random(length: 32) }

  /// The same for the same texts, everywhere: FNV-1a of 64 bits, in thirteen of the letters.
  package static func derived(from texts: [String]) -> String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for text in texts {
      for byte in Array(text.utf8) + [0] { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    }
    var text: [UInt8] = []
    for _ in 0..<13 {
      // bounded: there are 36 letters
      text.append(letters[Int(hash % 36)])
      hash /= 36
    }
    return text.asText
  }

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
