/// The checksum by which git names everything (RFC 3174). Here it only tells what is the same from what is not.
final class SHA1 {
  private var state: (UInt32, UInt32, UInt32, UInt32, UInt32) = (
    0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0
  )
  private var length: UInt64 = 0
  /// Less than a block that waits for the rest of it.
  private var rest: [UInt8] = []
  /// A block's sixteen words, and those that follow from them.
  private var words = [UInt32](repeating: 0, count: 80)

  static let size = 20
  private static let block = 64

  func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { update($0) } }

  @inline(never)
  func update(_ bytes: UnsafeRawBufferPointer) {
    length &+= UInt64(bytes.count)
    var start = 0
    if !rest.isEmpty {
      start = min(Self.block &- rest.count, bytes.count)
      rest.append(contentsOf: bytes.part(0, start))
      guard rest.count == Self.block else { return }
      rest.withUnsafeBytes { take(blocks: $0) }
      rest.removeAll(keepingCapacity: true)
    }
    let whole = (bytes.count &- start) / Self.block &* Self.block
    take(blocks: bytes.part(start, start &+ whole))
    rest.append(contentsOf: bytes.part(start &+ whole, bytes.count))
  }

  /// The twenty bytes.
  func finish() -> [UInt8] {
    let bits = length &<< 3
    let filled = (rest.count &+ 1) % Self.block
    var end: [UInt8] = [0x80]
    while end.count <= (filled <= 56 ? 56 &- filled : 120 &- filled) { end.append(0) }
    append(UInt32(truncatingIfNeeded: bits &>> 32), to: &end)
    append(UInt32(truncatingIfNeeded: bits), to: &end)
    update(end)
    end.removeAll()
    append(state.0, to: &end)
    append(state.1, to: &end)
    append(state.2, to: &end)
    append(state.3, to: &end)
    append(state.4, to: &end)
    return end
  }

  @inline(never)
  private func append(_ word: UInt32, to bytes: inout [UInt8]) {
    for byte in 0..<4 { bytes.append(UInt8(truncatingIfNeeded: word &>> UInt32(truncatingIfNeeded: 24 &- 8 &* byte))) }
  }

  @inline(never)
  private func take(blocks bytes: UnsafeRawBufferPointer) {
    var sum = state
    words.withUnsafeMutableBufferPointer { words in
      var start = 0
      while start &+ Self.block <= bytes.count {
        Self.take(block: bytes, at: start, words, &sum)
        start &+= Self.block
      }
    }
    state = sum
  }

  // bounded: there are 80 words, and the caller has a whole block from `start` on
  @inline(__always)
  private static func take(
    block bytes: UnsafeRawBufferPointer, at start: Int, _ words: UnsafeMutableBufferPointer<UInt32>,
    _ sum: inout (UInt32, UInt32, UInt32, UInt32, UInt32)
  ) {
    for index in 0..<16 {
      words[index] = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: start &+ 4 &* index, as: UInt32.self))
    }
    for index in 16..<80 {
      let mixed = words[index &- 3] ^ words[index &- 8] ^ words[index &- 14] ^ words[index &- 16]
      words[index] = mixed &<< 1 | mixed &>> 31
    }
    var (a, b, c, d, e) = sum

    @inline(__always)
    func turn(_ step: Int, _ mixed: UInt32, _ constant: UInt32) {
      let next = (a &<< 5 | a &>> 27) &+ mixed &+ e &+ constant &+ words[step]
      (e, d, c, b, a) = (d, c, b &<< 30 | b &>> 2, a, next)
    }

    for step in 0..<20 { turn(step, d ^ b & (c ^ d), 0x5A82_7999) }
    for step in 20..<40 { turn(step, b ^ c ^ d, 0x6ED9_EBA1) }
    for step in 40..<60 { turn(step, b & c | d & (b | c), 0x8F1B_BCDC) }
    for step in 60..<80 { turn(step, b ^ c ^ d, 0xCA62_C1D6) }
    sum = (sum.0 &+ a, sum.1 &+ b, sum.2 &+ c, sum.3 &+ d, sum.4 &+ e)
  }
}
