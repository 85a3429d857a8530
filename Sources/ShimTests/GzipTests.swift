import CTrackShim
import Glibc
import Testing

@testable import TrackShim

@Suite struct GzipTests {
  /// Unpacked by python3, so that a reader that is not ours has judged it.
  private func unpacked(_ bytes: [UInt8]) -> [UInt8] {
    let folder = TemporaryFolder()
    defer { folder.remove() }
    folder.write("in", bytes)
    let program = "import gzip,sys; open(sys.argv[2],'wb').write(gzip.open(sys.argv[1],'rb').read())"
    #expect(system("python3 -c \"\(program)\" \(folder("in")) \(folder("out"))") == 0)
    return folder.read("out")
  }

  @Test func comesBackTheSame() throws {
    var random = SplitMix(seed: 7)
    let noise = (0..<100_000).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    for bytes in [[], [0], Array(String(repeating: "step 1 loss 2.5\n", count: 10_000).utf8), noise] {
      let packed = try #require(Gzip.compress(bytes))
      #expect(unpacked(packed) == bytes)
      #expect(Gzip.compress(bytes) == packed)
      #expect(packed.count <= bytes.count + bytes.count / 100 + 64)
    }
  }

  @Test func noRoomIsAnError() {
    var room = [UInt8](repeating: 9, count: 40)
    let noise = (0..<64).map { UInt8(truncatingIfNeeded: $0 &* 97) }
    #expect(tsi_gzip(noise, noise.count, &room, 20) < 0)
    #expect(room[20...].allSatisfy { $0 == 9 })
    // Sizes beyond all memory, which Swift sees as negative ones.
    #expect(tsi_gzip_bound(-1) == -1)
  }
}
