/// Which words may be one of a list at all, told by their first two letters and their length: most words of a text are
/// not looked up.
struct WordSieve: Sendable {
  /// By the first two letters: of each length that there is the bit.
  private var lengths = [UInt32](repeating: 0, count: 1 << 10)

  init(_ words: some Sequence<[UInt8]>) {
    for word in words {
      guard let first = word.first else { continue }
      // bounded: see `place`
      lengths[Self.place(first, word.count > 1 ? word[1] : 0)] |= Self.bit(word.count)
    }
  }

  /// For many words one after the other.
  struct Table {
    fileprivate let lengths: UnsafeBufferPointer<UInt32>

    /// Of letters of ASCII, from `start` on and before `end`.
    // bounded: there is one letter at least; see `place`
    @inline(__always) func mayHave(_ line: UnsafeRawBufferPointer, _ start: Int, _ end: Int) -> Bool {
      let count = end &- start
      let place = WordSieve.place(line[start], count > 1 ? line[start &+ 1] : 0)
      return lengths[place] & WordSieve.bit(count) != 0
    }
  }

  @inline(__always) func withTable<Result>(_ body: (Table) -> Result) -> Result {
    lengths.withUnsafeBufferPointer { body(Table(lengths: $0)) }
  }

  /// Below 1,024. Capitals have the same as small letters.
  @inline(__always) private static func place(_ first: UInt8, _ second: UInt8) -> Int {
    Int(first & 0x1F) &<< 5 | Int(second & 0x1F)
  }

  @inline(__always) private static func bit(_ count: Int) -> UInt32 { 1 &<< UInt32(truncatingIfNeeded: min(count, 31)) }
}
