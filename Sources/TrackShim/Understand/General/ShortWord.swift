/// A word of at most 16 bytes, in lower case: it is compared without memory of its own.
struct ShortWord: Hashable {
  private var low: UInt64 = 0
  private var high: UInt64 = 0

  /// nil for a longer one.
  init?(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count <= 16 else { return nil }
    for (index, byte) in bytes.enumerated() { take(byte.lowercasedASCII, at: index) }
  }

  init?(_ bytes: [UInt8]) {
    guard bytes.count <= 16 else { return nil }
    for (index, byte) in bytes.enumerated() { take(byte, at: index) }
  }

  private mutating func take(_ byte: UInt8, at index: Int) {
    let shift = UInt64(truncatingIfNeeded: index & 7) &* 8
    if index < 8 { low |= UInt64(byte) &<< shift } else { high |= UInt64(byte) &<< shift }
  }

  static func == (left: Self, right: Self) -> Bool { left.low == right.low && left.high == right.high }

  func hash(into hasher: inout Hasher) {
    hasher.combine(low)
    hasher.combine(high)
  }

  /// Good enough for the few words that are looked for; nobody else chooses them.
  fileprivate var mixed: Int {
    let product = (low ^ high &* 0xC2B2_AE3D_27D4_EB4F) &* 0x9E37_79B9_7F4A_7C15
    return Int(truncatingIfNeeded: product &>> 32)
  }
}

/// A set that is asked of every word of every line.
struct ShortWords {
  /// At least twice as many places as words, and a power of two.
  private var places: [ShortWord?]
  private let mask: Int

  // bounded: half of the places are free
  init(_ words: some Sequence<[UInt8]>) {
    let short = Set(words.compactMap { ShortWord($0) })
    var count = 16
    while count < short.count &* 2 { count &*= 2 }
    places = [ShortWord?](repeating: nil, count: count)
    mask = count &- 1
    for word in short {
      var place = word.mixed & mask
      while places[place] != nil { place = (place &+ 1) & mask }
      places[place] = word
    }
  }

  // bounded: the place is below the count, and half of the places are free
  func contains(_ word: ShortWord) -> Bool {
    var place = word.mixed & mask
    while let known = places[place] {
      if known == word { return true }
      place = (place &+ 1) & mask
    }
    return false
  }
}
