/// A code of deflate's, of which the lengths of the words say everything (RFC 1951, 3.2.2).
struct HuffmanCode {
  /// How many words there are of 1, 2 … 15 bits.
  let counts: [Int]
  /// By length, then by value.
  private let symbols: [UInt16]

  /// A length for each symbol, 0 for one that does not occur. Nil where more words are asked for than there are, or
  /// fewer: only a code of one word may be incomplete.
  init?(_ lengths: ArraySlice<UInt8>) {
    var counts = [Int](repeating: 0, count: 16)
    for length in lengths {
      guard length < counts.count else { return nil }
      counts[Int(clamping: length)] &+= 1
    }
    counts[0] = 0
    var free = 1
    var starts: [Int] = [0]
    for count in counts.dropFirst() {
      free = free &<< 1 &- count
      guard free >= 0 else { return nil }
      starts.append((starts.last ?? 0) &+ count)
    }
    let words = starts.last ?? 0
    guard free == 0 || words == 0 || words == 1 && counts[1] == 1 else { return nil }
    var symbols = [UInt16](repeating: 0, count: words)
    for (symbol, length) in lengths.enumerated() where length > 0 {
      // `starts[length - 1]` is where the words of that length begin: it was made of the ones before.
      let place = starts[Int(clamping: length) &- 1]  // bounded: 1 to 15, as tested above
      guard place < symbols.count else { return nil }
      symbols[place] = UInt16(truncatingIfNeeded: symbol)
      starts[Int(clamping: length) &- 1] = place &+ 1  // bounded: as above
    }
    self.counts = Array(counts.dropFirst())
    self.symbols = symbols
  }

  private init() { (counts, symbols) = ([], []) }

  /// 256, the end, for what is none.
  func symbol(_ index: Int) -> Int {
    index >= 0 && index < symbols.count ? Int(clamping: symbols[index]) : 256
  }

  static let fixedLengths =
    HuffmanCode(
      ([UInt8](repeating: 8, count: 144) + [UInt8](repeating: 9, count: 112) + [UInt8](repeating: 7, count: 24)
        + [UInt8](repeating: 8, count: 8))[...]) ?? HuffmanCode()
  static let fixedDistances = HuffmanCode([UInt8](repeating: 5, count: 32)[...]) ?? HuffmanCode()
}
