/// Eight bytes looked at at once. What is found of a byte is its highest bit.
enum EightBytes {
  private static let low = each(0x7F)
  private static let high = each(0x80)
  private static let fromZero = each(0x50)
  private static let aboveNine = each(0x46)
  private static let fromA = each(0x3F), aboveZ = each(0x25)

  private static func each(_ byte: UInt8) -> UInt64 { UInt64(byte) &* 0x0101_0101_0101_0101 }

  @inline(__always) static func digits(_ bytes: UInt64) -> UInt64 {
    let ascii = bytes & low
    return (ascii &+ fromZero) & ~(ascii &+ aboveNine) & ~bytes & high
  }

  /// What is no letter of ASCII.
  @inline(__always) static func others(thanLetters bytes: UInt64) -> UInt64 {
    let small = (bytes | each(0x20)) & low
    return ~((small &+ each(0x1F)) & ~(small &+ each(0x05)) & ~bytes) & high
  }

  /// Capitals of ASCII as small letters.
  @inline(__always) static func lowercased(_ bytes: UInt64) -> UInt64 {
    let ascii = bytes & low
    let capitals = (ascii &+ fromA) & ~(ascii &+ aboveZ) & ~bytes & high
    return bytes | capitals >> 2
  }

  /// The next digit from `start` on; the count where there is none.
  // bounded: each load ends within the line
  @inline(__always) static func nextDigit(in line: UnsafeRawBufferPointer, from start: Int) -> Int {
    var index = start
    while index &+ 8 <= line.count {
      let found = digits(UInt64(littleEndian: line.loadUnaligned(fromByteOffset: index, as: UInt64.self)))
      if found != 0 { return index &+ found.trailingZeroBitCount &>> 3 }
      index &+= 8
    }
    while index < line.count, !line[index].isDigit { index &+= 1 }
    return index
  }

  /// Up to eight bytes from `start` on, those at `end` and behind as zeros.
  // bounded: the load ends within the line
  @inline(__always) static func load(_ line: UnsafeRawBufferPointer, _ start: Int, _ end: Int) -> UInt64 {
    let count = end &- start
    if start &+ 8 <= line.count {
      let bytes = UInt64(littleEndian: line.loadUnaligned(fromByteOffset: start, as: UInt64.self))
      return count >= 8 ? bytes : bytes & (1 &<< UInt64(truncatingIfNeeded: count &* 8) &- 1)
    }
    return loadShort(line, start, min(end, line.count))
  }

  /// Less than eight bytes, of a line that ends there: two loads that may overlap.
  // bounded: each load ends at `end` or before
  @inline(__always) private static func loadShort(_ line: UnsafeRawBufferPointer, _ start: Int, _ end: Int) -> UInt64 {
    let count = end &- start
    func shift(_ behind: Int) -> UInt64 { UInt64(truncatingIfNeeded: (count &- behind) &* 8) }
    if count >= 4 {
      let first = UInt32(littleEndian: line.loadUnaligned(fromByteOffset: start, as: UInt32.self))
      let last = UInt32(littleEndian: line.loadUnaligned(fromByteOffset: end &- 4, as: UInt32.self))
      return UInt64(first) | UInt64(last) &<< shift(4)
    }
    if count >= 2 {
      let first = UInt16(littleEndian: line.loadUnaligned(fromByteOffset: start, as: UInt16.self))
      let last = UInt16(littleEndian: line.loadUnaligned(fromByteOffset: end &- 2, as: UInt16.self))
      return UInt64(first) | UInt64(last) &<< shift(2)
    }
    return count == 1 ? UInt64(line[start]) : 0
  }

  /// Where the digits end that begin at `start`; `start` where none does.
  // bounded: each load ends within the line
  @inline(__always) static func endOfDigits(in line: UnsafeRawBufferPointer, from start: Int) -> Int {
    var index = start
    while index &+ 8 <= line.count {
      let bytes = UInt64(littleEndian: line.loadUnaligned(fromByteOffset: index, as: UInt64.self))
      let others = ~digits(bytes) & high
      if others != 0 { return index &+ others.trailingZeroBitCount &>> 3 }
      index &+= 8
    }
    while index < line.count, line[index].isDigit { index &+= 1 }
    return index
  }

  /// The whole number of one to seven digits that begins at `start`; nil where none does, and at the end of the line.
  // bounded: the load ends within the line
  @inline(__always) static func shortInteger(
    in line: UnsafeRawBufferPointer, at start: Int
  ) -> (value: Int64, digits: Int)? {
    guard start >= 0, start &+ 8 <= line.count else { return nil }
    let bytes = UInt64(littleEndian: line.loadUnaligned(fromByteOffset: start, as: UInt64.self))
    let others = ~digits(bytes) & high
    // The first byte that is no digit; all eight being digits, there may be more.
    let count = others.trailingZeroBitCount &>> 3
    guard others != 0, count > 0 else { return nil }
    // The digits to the end of the eight, zeros in front of them; then pairs, fours and eights of them.
    var value = (bytes & each(0x0F)) &<< UInt64(truncatingIfNeeded: 64 &- count &* 8)
    value = value &* 10 &+ value &>> 8
    let ofPairs: UInt64 = 0x0000_00FF_0000_00FF
    value =
      ((value & ofPairs) &* 0x000F_4240_0000_0064 &+ (value &>> 16 & ofPairs) &* 0x0000_2710_0000_0001) &>> 32
    return (Int64(truncatingIfNeeded: value), count)
  }

  /// `count` bytes from `start` on are those of `other` from `otherStart` on; false where one of them has not as many.
  // bounded: each load ends within the bytes
  @inline(__always) static func areSame(
    _ bytes: UnsafeRawBufferPointer, _ start: Int, _ other: UnsafeRawBufferPointer, _ otherStart: Int, count: Int
  ) -> Bool {
    guard count <= bytes.count &- start, count <= other.count &- otherStart else { return false }
    var index = 0
    while index < count {
      let end = min(count, index &+ 8)
      guard load(bytes, start &+ index, start &+ end) == load(other, otherStart &+ index, otherStart &+ end) else {
        return false
      }
      index &+= 8
    }
    return true
  }
}
