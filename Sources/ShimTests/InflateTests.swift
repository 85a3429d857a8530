import Glibc
import Testing

@testable import TrackShim

@Suite struct InflateTests {
  private static let text = Array("loss 0.5 loss 0.25 loss 0.125".utf8)
  private static let rows = (0..<300).map { (index: Int) -> UInt8 in UInt8(index * index * 7 / 11 % 64 + 32) }
  private static let dynamic =
    "78da0dcd090a83301000c0af04452c06a3e0554864658b18282692560d1ed9ffffa27dc0308c454956b4a03f94cbf755e02ec6f0fc962637"
    + "85ebae175f81fba94d8f199fe523ba8f7ddbfd4909afd4e448f486d53a34264552a7bc21d6c506d98a255bb0c968b3fa05bd940a70326b78"
    + "d483b905b8547df848d2775b77f4912e3de6c7fff06f68787cedce9ad92c5f1f12d1a1bdb89ca9d2d4da6c8c06364463665bd215cd925f16"
    + "3b9104ff5dfec2bafd8a79036f9fb6d391a32f75d41fffc34b1af947a50ec46d86fa1156332128297b7869bb51d6e0c24a5c33d80a1dc32d"
    + "4f45989a26e89a995e909b54c5133a7f77384dca"

  private static func bytes(_ digits: String) -> [UInt8] {
    let digits = Array(digits.utf8)
    return stride(from: 0, to: digits.count, by: 2).map {
      UInt8(String(decoding: digits[$0..<($0 + 2)], as: UTF8.self), radix: 16) ?? 0
    }
  }

  private static func inflate(_ bytes: [UInt8], limit: Int = 65_536) -> [UInt8]? {
    bytes.withUnsafeBytes { Inflate.zlib($0, limit: limit) }
  }

  /// By zlib 1.2.13: each kind of block.
  static let packed: [(String, [UInt8])] = [
    ("78da030000000001", []),
    ("7801011d00e2ff6c6f737320302e35206c6f737320302e3235206c6f737320302e31323583cc0832", text),
    ("7801cbc92f2e5630d03355c881308ce02c4323530083cc0832", text),
    ("7801cbc92f2e5630d03355c8c92f2e5630d0333255c8c92f2e5630d0333432050083cc0832", text), (dynamic, rows),
    ("78da4b4c1c05a360148c8251300a46c150070064c6f5ef", [UInt8](repeating: 0x61, count: 2000)),
  ]

  @Test(arguments: packed) func whatZlibWrote(digits: String, expected: [UInt8]) {
    let whole = Self.bytes(digits)
    #expect(Self.inflate(whole) == expected)
    // What comes behind it is somebody else's.
    #expect(Self.inflate(whole + [1, 2, 3], limit: expected.count) == expected)
    #expect(expected.isEmpty || Self.inflate(whole, limit: expected.count - 1) == nil)
    for count in 0..<whole.count { #expect(Self.inflate(Array(whole.prefix(count))) == nil) }
  }

  /// The sum at the end tells.
  @Test func aBitThatIsWrong() {
    let whole = Self.bytes(Self.dynamic)
    for bit in 0..<(8 * whole.count) {
      var broken = whole
      broken[bit / 8] ^= 1 << (bit % 8)
      let found = Self.inflate(broken)
      // The window's size does not matter to what is in it.
      #expect(found == nil || found == Self.rows && bit < 16, "bit \(bit)")
    }
  }

  @Test(
    arguments: [
      "", "78", "789c", "78da4bffff",
      // A block of the fourth kind, no zlib, a dictionary.
      "78da07000000000001", "08da030000000001", "79da030000000001", "78fb0000000003000000000001",
      // Sizes that do not agree, no sum, a code with too few words.
      "78da010100ffff6100620062", "78da030000", "78da04c0810800000000209ffa1fa94c00",
    ])
  func whatIsNone(digits: String) { #expect(Self.inflate(Self.bytes(digits)) == nil) }

  @Test func aCopyFromBeforeTheBeginning() {
    // Fixed: the end of a copy of three bytes from one before, with nothing there.
    #expect(Self.inflate(Self.bytes("78da0302000000000001")) == nil)
  }

  @Test(.enabled(if: system("python3 -c 'import zlib'") == 0, "python3 is not there"))
  func whatPythonWrites() throws {
    let folder = TemporaryFolder()
    defer { folder.remove() }
    folder.write("make.py", Array(Self.program.utf8))
    #expect(system("python3 \(folder("make.py")) \(folder.path)") == 0)
    for number in 0..<120 {
      let packed = folder.read("\(number).packed"), plain = folder.read("\(number).plain")
      try #require(!packed.isEmpty)
      #expect(Self.inflate(packed) == plain, "\(number)")
    }
  }

  private static let program = """
    import random, sys, zlib
    random.seed(7)
    for number in range(120):
        words = [bytes(random.randrange(256) for _ in range(random.randint(1, 30))) for _ in range(random.randint(1, 200))]
        plain = b"".join(random.choice(words) for _ in range(random.randint(0, 2500)))[:65536]
        packer = zlib.compressobj(number % 10, zlib.DEFLATED, 9 + number % 7, 1 + number % 9, number % 5)
        packed = packer.compress(plain) + packer.flush()
        open(f"{sys.argv[1]}/{number}.packed", "wb").write(packed)
        open(f"{sys.argv[1]}/{number}.plain", "wb").write(plain)
    """
}
