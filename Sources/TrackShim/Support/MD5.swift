/// The checksum by which W&B knows files (RFC 1321). It guards against mistakes, not against anybody.
struct MD5 {
  private var state: (UInt32, UInt32, UInt32, UInt32) = (0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476)
  private var length: UInt64 = 0
  /// Less than a block that waits for the rest of it.
  private var rest: [UInt8] = []

  private static let block = 64
  /// Of the four rounds, how far each of four steps turns, a byte for each.
  private static let turns: (UInt32, UInt32, UInt32, UInt32) = (0x1611_0C07, 0x140E_0905, 0x1710_0B04, 0x150F_0A06)

  /// The integer parts of 2^32 times the sines of 1 to 64.
  private static let sines: [UInt32] = [
    0xD76A_A478, 0xE8C7_B756, 0x2420_70DB, 0xC1BD_CEEE, 0xF57C_0FAF, 0x4787_C62A, 0xA830_4613, 0xFD46_9501,
    0x6980_98D8, 0x8B44_F7AF, 0xFFFF_5BB1, 0x895C_D7BE, 0x6B90_1122, 0xFD98_7193, 0xA679_438E, 0x49B4_0821,
    0xF61E_2562, 0xC040_B340, 0x265E_5A51, 0xE9B6_C7AA, 0xD62F_105D, 0x0244_1453, 0xD8A1_E681, 0xE7D3_FBC8,
    0x21E1_CDE6, 0xC337_07D6, 0xF4D5_0D87, 0x455A_14ED, 0xA9E3_E905, 0xFCEF_A3F8, 0x676F_02D9, 0x8D2A_4C8A,
    0xFFFA_3942, 0x8771_F681, 0x6D9D_6122, 0xFDE5_380C, 0xA4BE_EA44, 0x4BDE_CFA9, 0xF6BB_4B60, 0xBEBF_BC70,
    0x289B_7EC6, 0xEAA1_27FA, 0xD4EF_3085, 0x0488_1D05, 0xD9D4_D039, 0xE6DB_99E5, 0x1FA2_7CF8, 0xC4AC_5665,
    0xF429_2244, 0x432A_FF97, 0xAB94_23A7, 0xFC93_A039, 0x655B_59C3, 0x8F0C_CC92, 0xFFEF_F47D, 0x8584_5DD1,
    0x6FA8_7E4F, 0xFE2C_E6E0, 0xA301_4314, 0x4E08_11A1, 0xF753_7E82, 0xBD3A_F235, 0x2AD7_D2BB, 0xEB86_D391,
  ]

  static func of(_ bytes: [UInt8]) -> [UInt8] {
    var sum = MD5()
    bytes.withUnsafeBytes { sum.update($0) }
    return sum.finish()
  }

  mutating func update(_ bytes: UnsafeRawBufferPointer) {
    length &+= UInt64(bytes.count)
    var start = 0
    if !rest.isEmpty {
      start = min(Self.block &- rest.count, bytes.count)
      rest.append(contentsOf: bytes.part(0, start))
      guard rest.count == Self.block else { return }
      let whole = rest
      rest.removeAll(keepingCapacity: true)
      whole.withUnsafeBytes { take(blocks: $0) }
    }
    let whole = (bytes.count &- start) / Self.block &* Self.block
    take(blocks: bytes.part(start, start &+ whole))
    rest.append(contentsOf: bytes.part(start &+ whole, bytes.count))
  }

  /// The sixteen bytes.
  mutating func finish() -> [UInt8] {
    let bits = length &<< 3
    var end: [UInt8] = [0x80]
    let filled = (rest.count &+ 1) % Self.block
    end += [UInt8](repeating: 0, count: filled <= 56 ? 56 &- filled : 120 &- filled)
    for byte in 0..<8 { end.append(UInt8(truncatingIfNeeded: bits &>> UInt64(8 &* byte))) }
    end.withUnsafeBytes { update($0) }
    return [state.0, state.1, state.2, state.3].flatMap { word in
      (0..<4).map { UInt8(truncatingIfNeeded: word &>> UInt32(8 &* $0)) }
    }
  }

  private mutating func take(blocks bytes: UnsafeRawBufferPointer) {
    Self.sines.withUnsafeBufferPointer { sines in
      var start = 0
      while start &+ Self.block <= bytes.count {
        take(block: bytes, at: start, sines)
        start &+= Self.block
      }
    }
  }

  @inline(__always)
  private mutating func take(block bytes: UnsafeRawBufferPointer, at start: Int, _ sines: UnsafeBufferPointer<UInt32>) {
    var (a, b, c, d) = state

    @inline(__always)
    func turn(_ step: Int, _ mixed: UInt32, word: Int, _ turns: UInt32) {
      let found = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: start &+ 4 &* (word & 15), as: UInt32.self))
      let sum = a &+ mixed &+ found &+ sines[step]  // bounded: steps are 0 to 63
      let shift = turns &>> UInt32(truncatingIfNeeded: 8 &* (step & 3)) & 31
      (a, d, c, b) = (d, c, b, b &+ (sum &<< shift | sum &>> (32 &- shift)))
    }

    for step in 0..<16 { turn(step, d ^ b & (c ^ d), word: step, Self.turns.0) }
    for step in 16..<32 { turn(step, c ^ d & (b ^ c), word: 5 &* step &+ 1, Self.turns.1) }
    for step in 32..<48 { turn(step, b ^ c ^ d, word: 3 &* step &+ 5, Self.turns.2) }
    for step in 48..<64 { turn(step, c ^ (b | ~d), word: 7 &* step, Self.turns.3) }
    state = (state.0 &+ a, state.1 &+ b, state.2 &+ c, state.3 &+ d)
  }
}

extension [UInt8] {
  /// Two digits for each.
  var hexadecimal: String {
    var text: [UInt8] = []
    for byte in self {
      for nibble in [byte &>> 4, byte & 15] {
        text.append(nibble < 10 ? UInt8(ascii: "0") &+ nibble : UInt8(ascii: "a") &+ (nibble &- 10))
      }
    }
    return text.asText
  }
}
