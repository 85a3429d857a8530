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
}
