import Testing

@testable import TrackShim

@Suite struct CRC32Tests {
  private func crc(_ bytes: [UInt8]) -> UInt32 {
    var crc = CRC32()
    bytes.withUnsafeBytes { crc.update($0) }
    return crc.value
  }

  /// Bit by bit, straight from the definition.
  private func slow(_ bytes: [UInt8]) -> UInt32 {
    var register: UInt32 = .max
    for byte in bytes {
      register ^= UInt32(byte)
      for _ in 0..<8 { register = register & 1 == 0 ? register >> 1 : register >> 1 ^ 0xEDB8_8320 }
    }
    return ~register
  }

  @Test(
    arguments: [
      ("", 0), ("a", 0xE8B7_BE43), ("abc", 0x3524_41C2), ("123456789", 0xCBF4_3926),
      ("The quick brown fox jumps over the lazy dog", 0x414F_A339),
    ] as [(String, UInt32)])
  func publishedVectors(text: String, expected: UInt32) {
    #expect(crc(Array(text.utf8)) == expected)
  }

  @Test func everyLengthAgreesWithTheDefinition() {
    var random = SplitMix(seed: 1)
    for length in Array(0...300) + [4_095, 32_761] {
      let bytes = random.bytes(length)
      #expect(crc(bytes) == slow(bytes))
    }
  }

  /// Where the processor has no instruction for it, all of it is done so.
  @Test func tablesAgreeWithTheDefinition() {
    var random = SplitMix(seed: 3)
    for length in 0...70 {
      let bytes = random.bytes(length)
      var tables = CRC32()
      bytes.withUnsafeBytes { tables.update(withTables: $0) }
      #expect(tables.value == slow(bytes))
    }
  }

  @Test func piecesAreTheSameAsTheWhole() {
    var random = SplitMix(seed: 2)
    let bytes = random.bytes(300)
    for cut in 0...300 {
      var pieces = CRC32()
      for byte in bytes[..<cut] { pieces.update(byte) }
      Array(bytes[cut...]).withUnsafeBytes { pieces.update($0) }
      #expect(pieces.value == crc(bytes))
    }
  }
}
