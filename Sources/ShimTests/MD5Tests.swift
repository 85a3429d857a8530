import Testing

@testable import TrackShim

@Suite struct MD5Tests {
  /// Of RFC 1321, and on both sides of each place where a block ends.
  @Test(
    arguments: [
      ("", "d41d8cd98f00b204e9800998ecf8427e"), ("abc", "900150983cd24fb0d6963f7d28e17f72"),
      ("message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
      (
        "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
        "57edf4a22be3c955ac49da2e2107b67a"
      ),
    ])
  func texts(text: String, sum: String) {
    #expect(MD5.of(Array(text.utf8)).hexadecimal == sum)
  }

  static let lengths = [
    (1, "0cc175b9c0f1b6a831c399e269772661"), (55, "ef1772b6dff9a122358552954ad0df65"),
    (56, "3b0c8ac703f828b04c6c197006d17218"), (57, "652b906d60af96844ebd21b674f35e93"),
    (63, "b06521f39153d618550606be297466d5"), (64, "014842d480b571495a4a0363793f7367"),
    (65, "c743a45e0d2e6a95cb859adae0248435"), (119, "8a7bd0732ed6a28ce75f6dabc90e1613"),
    (120, "5f61c0ccad4cac44c75ff505e1f1e537"), (128, "e510683b3f5ffe4093d021808bc6ff70"),
    (100_000, "1af6d6f2f682f76f80e606aeaaee1680"),
  ]

  @Test(arguments: lengths) func whatComesInPiecesIsTheSame(length: Int, sum: String) {
    let bytes = [UInt8](repeating: 0x61, count: length)
    #expect(MD5.of(bytes).hexadecimal == sum)
    var random = SplitMix(seed: UInt64(length))
    for most in [1, 63, 64, 65, 1_000] {
      var pieces = MD5()
      var start = 0
      while start < length {
        let end = min(length, start + random.below(most + 1))
        Array(bytes[start..<end]).withUnsafeBytes { pieces.update($0) }
        start = end
      }
      #expect(pieces.finish().hexadecimal == sum)
    }
  }
}
