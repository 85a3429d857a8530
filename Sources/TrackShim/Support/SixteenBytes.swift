/// Sixteen bytes looked at at once, for which all processors that we are built for have registers. What is found of a byte
/// is all its bits.
struct SixteenBytes {
  private var bits: SIMD16<UInt8>

  private init(_ mask: SIMDMask<SIMD16<Int8>>) { bits = unsafeBitCast(mask, to: SIMD16<UInt8>.self) }

  @inline(__always) static var none: SixteenBytes { SixteenBytes(SIMDMask(repeating: false)) }

  @inline(__always) var isEmpty: Bool {
    let halves = unsafeBitCast(bits, to: SIMD2<UInt64>.self)
    return halves.x | halves.y == 0
  }

  /// Which of the sixteen is the first one found.
  @inline(__always) var first: Int? {
    let halves = unsafeBitCast(bits, to: SIMD2<UInt64>.self)
    if halves.x != 0 { return UInt64(littleEndian: halves.x).trailingZeroBitCount &>> 3 }
    return halves.y != 0 ? 8 &+ UInt64(littleEndian: halves.y).trailingZeroBitCount &>> 3 : nil
  }

  @inline(__always) mutating func add(_ other: SixteenBytes) { bits |= other.bits }

  @inline(__always) static func load(_ line: UnsafeRawBufferPointer, _ start: Int) -> SIMD16<UInt8> {
    line.loadUnaligned(fromByteOffset: start, as: SIMD16<UInt8>.self)
  }

  @inline(__always) static func digits(_ bytes: SIMD16<UInt8>) -> SixteenBytes {
    SixteenBytes(bytes &- SIMD16(repeating: 0x30) .< SIMD16(repeating: 10))
  }

  @inline(__always) static func equal(_ bytes: SIMD16<UInt8>, _ byte: UInt8) -> SixteenBytes {
    SixteenBytes(bytes .== SIMD16(repeating: byte))
  }

  /// Tabs are among them.
  @inline(__always) static func controls(_ bytes: SIMD16<UInt8>) -> SixteenBytes {
    SixteenBytes(bytes .< SIMD16(repeating: 0x20))
  }

  /// `nan`, `inf`: of each place its byte and the two behind it, all in small letters.
  @inline(__always) static func words(
    _ first: SIMD16<UInt8>, _ second: SIMD16<UInt8>, _ third: SIMD16<UInt8>
  ) -> SixteenBytes {
    let n = SIMD16<UInt8>(repeating: 0x6E), a = SIMD16<UInt8>(repeating: 0x61)
    let i = SIMD16<UInt8>(repeating: 0x69), f = SIMD16<UInt8>(repeating: 0x66)
    return SixteenBytes(
      (first .== n) .& (second .== a) .& (third .== n) .| (first .== i) .& (second .== n) .& (third .== f))
  }

  /// Makes small letters of capitals.
  @inline(__always) static func small(_ bytes: SIMD16<UInt8>) -> SIMD16<UInt8> { bytes | SIMD16(repeating: 0x20) }

  /// The same bytes, but where `free` has all bits: there it must be digits.
  @inline(__always) static func areSame(
    _ bytes: SIMD16<UInt8>, _ others: SIMD16<UInt8>, orDigitsIn free: SIMD16<UInt8>
  ) -> Bool {
    let wrong = (bytes ^ others) & ~free | free & ~digits(bytes).bits
    let halves = unsafeBitCast(wrong, to: SIMD2<UInt64>.self)
    return halves.x | halves.y == 0
  }

  /// As `UInt8.isLetter`.
  @inline(__always) static func letters(_ bytes: SIMD16<UInt8>) -> SixteenBytes {
    var found = SixteenBytes(small(bytes) &- SIMD16(repeating: 0x61) .< SIMD16(repeating: 26))
    found.add(SixteenBytes(bytes .>= SIMD16(repeating: 0x80)))
    return found
  }

  @inline(__always) func without(_ other: SixteenBytes) -> SixteenBytes {
    var found = self
    found.bits &= ~other.bits
    return found
  }

  /// Adds one to each of those bytes of `counts` that was found.
  @inline(__always) func count(in counts: inout SIMD16<UInt8>) { counts = counts &- bits }
}
