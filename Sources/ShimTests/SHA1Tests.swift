import Testing

@testable import TrackShim

@Suite struct SHA1Tests {
  private static func sum(_ pieces: [[UInt8]]) -> String {
    let sum = SHA1()
    for piece in pieces { sum.update(piece) }
    return sum.finish().hexadecimal
  }

  /// Of RFC 3174 and FIPS 180-1.
  @Test(
    arguments: [
      ("", "da39a3ee5e6b4b0d3255bfef95601890afd80709"), ("abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "84983e441c3bd26ebaae4aa1f95129e5e54670f1"
      ),
      ("0123456701234567012345670123456701234567012345670123456701234567", "e0c094e867ef46c350ef54a7f59dd60bed92ae83"),
    ])
  func texts(text: String, sum: String) { #expect(Self.sum([Array(text.utf8)]) == sum) }

  /// On both sides of each place where a block ends.
  static let lengths = [
    (1, "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8"), (55, "c1c8bbdc22796e28c0e15163d20899b65621d65a"),
    (56, "c2db330f6083854c99d4b5bfb6e8f29f201be699"), (57, "f08f24908d682555111be7ff6f004e78283d989a"),
    (63, "03f09f5b158a7a8cdad920bddc29b81c18a551f5"), (64, "0098ba824b5c16427bd7a1122a5a442a25ec644d"),
    (65, "11655326c708d70319be2610e8a57d9a5b959d3b"), (119, "ee971065aaa017e0632a8ca6c77bb3bf8b1dfc56"),
    (120, "f34c1488385346a55709ba056ddd08280dd4c6d6"), (128, "ad5b3fdbcb526778c2839d2f151ea753995e26a0"),
    (1_000_000, "34aa973cd4c4daa4f61eeb2bdbad27316534016f"),
  ]

  @Test(arguments: lengths) func whatComesInPiecesIsTheSame(length: Int, sum: String) {
    let bytes = [UInt8](repeating: 0x61, count: length)
    #expect(Self.sum([bytes]) == sum)
    var random = SplitMix(seed: UInt64(length))
    for most in [63, 64, 65, 1_000] {
      var pieces: [[UInt8]] = []
      var start = 0
      while start < length {
        let end = min(length, start + random.below(most + 1))
        pieces.append(Array(bytes[start..<end]))
        start = end
      }
      #expect(Self.sum(pieces) == sum)
    }
  }

  /// As `git hash-object` says it.
  @Test func theNameOfAFile() {
    #expect(GitObject.id(of: Array("first\n".utf8), "blob").hexadecimal == "9c59e24b8393179a5d712de4f990178df5734d99")
    #expect(GitObject.id(of: [], "tree").hexadecimal == "4b825dc642cb6eb9a060e54bf8d69288fbee4904")
  }
}
