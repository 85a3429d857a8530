import CTrackShim
import Testing

/// The arena has one state for the process, so these run one after the other. On the threads of the tests it counts
/// as one of ours would: number 0 is nobody else's here.
@Suite(.serialized)
struct ArenaTests {
  private struct Block {
    let start: UnsafeMutableRawPointer
    let size: Int
    let mark: UInt8

    var isWhole: Bool { UnsafeRawBufferPointer(start: start, count: size).allSatisfy { $0 == mark } }
  }

  init() {
    if !Self.isPrepared { Self.isPrepared = tsi_arena_prepare() }
  }

  nonisolated(unsafe) private static var isPrepared = false

  private func block(_ size: Int, _ alignment: Int = 16, mark: UInt8 = 7) throws -> Block {
    let start = try #require(tsi_arena_allocate(size, alignment))
    memset(start, mark, size)
    return Block(start: start, size: size, mark: mark)
  }

  private func memset(_ start: UnsafeMutableRawPointer, _ byte: UInt8, _ count: Int) {
    UnsafeMutableRawBufferPointer(start: start, count: count).initializeMemory(as: UInt8.self, repeating: byte)
  }

  @Test(arguments: [0, 1, 15, 16, 17, 31, 32, 33, 100, 4095, 4096, 65_537, 1 << 20, 5 << 20])
  func holdsWhatWasAskedFor(size: Int) throws {
    for alignment in [16, 32, 64, 4096] {
      let one = try block(size, alignment)
      #expect(Int(bitPattern: one.start) % alignment == 0)
      #expect(tsi_arena_size(one.start) >= size)
      tsi_arena_free(one.start)
    }
  }

  @Test func manyBlocksDoNotTouchEachOther() throws {
    var random = SplitMix(seed: 11)
    var blocks: [Block] = []
    for _ in 0..<20_000 {
      if blocks.count > 200 || (!blocks.isEmpty && random.next() % 3 == 0) {
        let gone = blocks.remove(at: Int(random.next() % UInt64(blocks.count)))
        #expect(gone.isWhole)
        tsi_arena_free(gone.start)
      } else {
        let size = Int(random.next() % (random.next() % 20 == 0 ? 200_000 : 600))
        blocks.append(try block(size, [16, 16, 16, 64][Int(random.next() % 4)], mark: UInt8(random.next() % 255)))
      }
    }
    for left in blocks {
      #expect(left.isWhole)
      tsi_arena_free(left.start)
    }
  }

  @Test func whatIsFreedIsUsedAgain() throws {
    let first = try block(3000)
    tsi_arena_free(first.start)
    let second = try block(3000)
    #expect(first.start == second.start)
    tsi_arena_free(second.start)
  }

  @Test func resizingKeepsTheContents() throws {
    var one = try block(10, mark: 9)
    for size in [100, 5000, 300_000, 40, 0] {
      let moved = try #require(tsi_arena_resize(one.start, size))
      let kept = Block(start: moved, size: min(one.size, size), mark: 9)
      #expect(kept.isWhole)
      memset(moved, 9, size)
      one = Block(start: moved, size: size, mark: 9)
    }
    tsi_arena_free(one.start)
  }

  @Test func aBlockIsFreedOnce() throws {
    let one = try block(50)
    tsi_arena_free(one.start)
    tsi_arena_free(one.start)
    let first = try block(50)
    let second = try block(50)
    #expect(first.start != second.start)
  }

  @Test(arguments: [Int.max, Int.max / 2, 257 << 20])
  func whatCannotBeIsRefused(size: Int) {
    #expect(tsi_arena_allocate(size, 16) == nil)
  }

  /// The last one, for it takes the system away: small blocks come out of the reserve, and before that is empty it is
  /// said.
  @Test func zTheReserveWarnsBeforeItIsEmpty() {
    tsi_arena_refuse()
    var blocks = 0
    while let start = tsi_arena_allocate(60_000, 16), blocks < 10_000 {
      blocks += 1
      _ = start
      if tsi_arena_is_short() { break }
    }
    #expect(tsi_arena_is_short())
    #expect(tsi_arena_allocate(60_000, 16) != nil)
  }
}
