import Testing

@testable import TrackShim

@Suite struct BacklogTests {
  struct Chunk: Equatable {
    var stream: OutputStream
    var time: Int64
    var bytes: [UInt8]
  }

  private static func drain(_ backlog: inout Backlog) -> [Chunk] {
    var chunks: [Chunk] = []
    backlog.drain { chunks.append(Chunk(stream: $0, time: $1, bytes: Array($2))) }
    return chunks
  }

  private static func append(_ chunk: Chunk, to backlog: inout Backlog) {
    chunk.bytes.withUnsafeBytes { backlog.append(chunk.stream, at: chunk.time, $0) }
  }

  @Test func givesEverythingBackInOrderAndOnce() {
    var backlog = Backlog()
    let chunks = [
      Chunk(stream: .standardOutput, time: 3, bytes: Array("a\n".utf8)),
      Chunk(stream: .standardError, time: 2, bytes: []), Chunk(stream: .standardError, time: 9, bytes: [0, 0xFF]),
    ]
    for chunk in chunks { Self.append(chunk, to: &backlog) }
    #expect(Self.drain(&backlog) == chunks)
    #expect(Self.drain(&backlog) == [])
    #expect(backlog.lostBytes == 0)
  }

  @Test func exactlyTheLimitIsKept() {
    var backlog = Backlog()
    let full = Chunk(stream: .standardOutput, time: 1, bytes: [UInt8](repeating: 7, count: Backlog.limit))
    Self.append(full, to: &backlog)
    #expect(backlog.lostBytes == 0)
    Self.append(Chunk(stream: .standardOutput, time: 2, bytes: [1]), to: &backlog)
    #expect(backlog.lostBytes == Backlog.limit)
    #expect(Self.drain(&backlog).map(\.bytes) == [[1]])
  }

  @Test func oneChunkThatIsTooLong() {
    var backlog = Backlog()
    let long = Chunk(stream: .standardOutput, time: 1, bytes: [UInt8](repeating: 7, count: Backlog.limit + 1))
    Self.append(long, to: &backlog)
    #expect(backlog.lostBytes == Backlog.limit + 1)
    #expect(Self.drain(&backlog) == [])
  }

  /// Whole chunks go, the oldest first, and no more of them than must.
  @Test func pastTheLimitTheOldestGoes() {
    var random = SplitMix(seed: 31)
    for _ in 0..<6 {
      var backlog = Backlog()
      var kept: [Chunk] = []
      var lost = 0
      for time in 0..<(40 + random.below(80)) {
        let size = random.below(4) == 0 ? 0 : random.below(120_000)
        let stream: OutputStream = random.below(2) == 0 ? .standardOutput : .standardError
        let chunk = Chunk(
          stream: stream, time: Int64(time), bytes: [UInt8](repeating: UInt8(truncatingIfNeeded: time), count: size))
        Self.append(chunk, to: &backlog)
        kept.append(chunk)
        while kept.reduce(0, { $0 + $1.bytes.count }) > Backlog.limit { lost += kept.removeFirst().bytes.count }
      }
      #expect(backlog.lostBytes == lost)
      #expect(Self.drain(&backlog) == kept)
    }
  }
}
