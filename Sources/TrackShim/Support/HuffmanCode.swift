/// A code of deflate's, of which the lengths of the words say everything (RFC 1951, 3.2.2).
final class HuffmanCode {
  /// How many words there are of 1, 2 … 15 bits.
  private(set) var counts: [Int]
  /// By length, then by value.
  private var symbols: [UInt16] = []

  private static let longest = 15

  /// A length for each symbol, 0 for one that does not occur. Nil where more words are asked for than there are, or
  /// fewer: only a code of one word may be incomplete.
  init?(_ lengths: [UInt8]) {
    counts = [Int](repeating: 0, count: Self.longest)
    var free = 1
    for length in 1...Self.longest {
      let before = symbols.count
      for index in 0..<lengths.count where lengths[index] == length {
        symbols.append(UInt16(truncatingIfNeeded: index))
      }
      counts[length &- 1] = symbols.count &- before  // bounded: 1 to the longest
      free = free &<< 1 &- (symbols.count &- before)
      guard free >= 0 else { return nil }
    }
    guard free == 0 || symbols.isEmpty || symbols.count == 1 && counts.first == 1 else { return nil }
  }

  /// 256, the end, for what is none.
  func symbol(_ index: Int) -> Int {
    index >= 0 && index < symbols.count ? Int(clamping: symbols[index]) : 256
  }
}
