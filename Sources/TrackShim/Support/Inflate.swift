/// Takes apart what zlib has compressed (RFC 1950, 1951): as the library links no zlib, and little of it is ever read.
/// Bit by bit as the RFC describes it, which is slow and small.
///
/// Whatever the bytes are, it ends: each turn of a loop takes a bit of the input or makes a byte of the output, and
/// both have an end.
struct Inflate {
  private let input: UnsafeRawBufferPointer
  private let limit: Int
  private var position: Int
  private var output: [UInt8] = []
  /// Bits that were read and not yet used, the next one lowest.
  private var held: UInt32 = 0
  private var heldCount = 0
  private var isBroken = false

  /// What stands at the beginning of `input`, of which the rest does not matter; nil where that is nothing whole, or
  /// more than `limit` bytes.
  static func zlib(_ input: UnsafeRawBufferPointer, limit: Int) -> [UInt8]? {
    // Deflate with a window of at most 32 KiB, no dictionary, and a check of the two bytes.
    guard input.count >= 6, input[0] & 0x8F == 8, input[1] & 0x20 == 0,
      (UInt16(clamping: input[0]) &<< 8 | UInt16(clamping: input[1])) % 31 == 0
    else { return nil }
    var inflate = Inflate(input, at: 2, limit: limit)
    inflate.run()
    guard !inflate.isBroken, inflate.endsWithItsSum() else { return nil }
    return inflate.output
  }

  private init(_ input: UnsafeRawBufferPointer, at position: Int, limit: Int) {
    self.input = input
    self.position = position
    self.limit = limit
  }

  private mutating func run() {
    var isLast = false
    while !isLast, !isBroken {
      isLast = bits(1) == 1
      switch bits(2) {
      case 0: takeStored()
      case 1: takeCoded(lengths: HuffmanCode.fixedLengths, distances: HuffmanCode.fixedDistances)
      case 2: takeDynamic()
      default: isBroken = true
      }
    }
  }

  // MARK: Bits and bytes

  /// Up to 13; zeros where the input is over.
  private mutating func bits(_ count: Int) -> Int {
    while heldCount < count {
      guard position < input.count else {
        isBroken = true
        return 0
      }
      held |= UInt32(clamping: input[position]) &<< UInt32(truncatingIfNeeded: heldCount)
      position &+= 1
      heldCount &+= 8
    }
    let value = held & (1 &<< UInt32(truncatingIfNeeded: count) &- 1)
    held &>>= UInt32(truncatingIfNeeded: count)
    heldCount &-= count
    return Int(truncatingIfNeeded: value)
  }

  private mutating func append(_ byte: UInt8) {
    guard output.count < limit else {
      isBroken = true
      return
    }
    output.append(byte)
  }

  /// Adler-32, highest byte first, behind the last block.
  private mutating func endsWithItsSum() -> Bool {
    var low: UInt32 = 1, high: UInt32 = 0
    for byte in output {
      low = (low &+ UInt32(byte)) % 65_521
      high = (high &+ low) % 65_521
    }
    guard position >= 0, position &+ 4 <= input.count else { return false }
    let found = UInt32(bigEndian: input.loadUnaligned(fromByteOffset: position, as: UInt32.self))
    return found == high &<< 16 | low
  }

  // MARK: Blocks

  private mutating func takeStored() {
    (held, heldCount) = (0, 0)
    guard position &+ 4 <= input.count else {
      isBroken = true
      return
    }
    let size = UInt16(littleEndian: input.loadUnaligned(fromByteOffset: position, as: UInt16.self))
    let check = UInt16(littleEndian: input.loadUnaligned(fromByteOffset: position &+ 2, as: UInt16.self))
    position &+= 4
    let end = position &+ Int(clamping: size)
    guard size == ~check, end <= input.count, output.count &+ Int(clamping: size) <= limit else {
      isBroken = true
      return
    }
    output.append(contentsOf: input.part(position, end))
    position = end
  }

  private mutating func takeCoded(lengths: HuffmanCode, distances: HuffmanCode) {
    while !isBroken {
      let symbol = next(lengths)
      if symbol < 256 {
        append(UInt8(truncatingIfNeeded: symbol))
      } else if symbol == 256 {
        return
      } else {
        takeCopy(symbol &- 257, distances)
      }
    }
  }

  private mutating func takeCopy(_ symbol: Int, _ distances: HuffmanCode) {
    guard let size = value(symbol, in: Self.lengthBases, Self.lengthBits),
      let distance = value(next(distances), in: Self.distanceBases, Self.distanceBits), distance <= output.count
    else {
      isBroken = true
      return
    }
    for _ in 0..<size {
      if isBroken { return }
      append(output[output.count &- distance])  // bounded: 1 <= distance <= count, and the count only grows
    }
  }

  private mutating func value(_ symbol: Int, in bases: [UInt16], _ extra: [UInt8]) -> Int? {
    guard symbol >= 0, symbol < bases.count, symbol < extra.count else { return nil }
    return Int(clamping: bases[symbol]) &+ bits(Int(clamping: extra[symbol]))
  }

  /// Its codes are described by the lengths of their words, which are coded themselves.
  private mutating func takeDynamic() {
    let literals = bits(5) &+ 257, distances = bits(5) &+ 1, described = bits(4) &+ 4
    var sizes = [UInt8](repeating: 0, count: Self.order.count)
    for index in Self.order.prefix(described) where index < sizes.count {
      sizes[index] = UInt8(truncatingIfNeeded: bits(3))
    }
    guard literals <= 286, distances <= 30, let code = HuffmanCode(sizes[...]) else {
      isBroken = true
      return
    }
    let found = wordSizes(literals &+ distances, code)
    // Without a word for the end it would have none.
    guard !isBroken, found.count == literals &+ distances, found[256] != 0,
      let lengthCode = HuffmanCode(found.prefix(literals)), let distanceCode = HuffmanCode(found.dropFirst(literals))
    else {
      isBroken = true
      return
    }
    takeCoded(lengths: lengthCode, distances: distanceCode)
  }

  private mutating func wordSizes(_ count: Int, _ code: HuffmanCode) -> [UInt8] {
    var found: [UInt8] = []
    while found.count < count, !isBroken {
      let symbol = next(code)
      switch symbol {
      case 0..<16: found.append(UInt8(truncatingIfNeeded: symbol))
      case 16:
        guard let last = found.last else { return [] }
        found.append(contentsOf: repeatElement(last, count: bits(2) &+ 3))
      case 17: found.append(contentsOf: repeatElement(0, count: bits(3) &+ 3))
      default: found.append(contentsOf: repeatElement(0, count: bits(7) &+ 11))
      }
    }
    return found
  }

  /// The words of one length are numbers one after the other, and begin behind those that are shorter.
  private mutating func next(_ code: HuffmanCode) -> Int {
    var word = 0, first = 0, index = 0
    for count in code.counts {
      word |= bits(1)
      if word &- first < count, word >= first { return code.symbol(index &+ word &- first) }
      index &+= count
      first = (first &+ count) &<< 1
      word &<<= 1
    }
    isBroken = true
    return 256
  }

  // MARK: What the RFC lays down

  private static let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
  private static let lengthBases: [UInt16] = [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
  ]
  private static let lengthBits: [UInt8] = [
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
  ]
  private static let distanceBases: [UInt16] = [
    1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
    8193, 12289, 16385, 24577,
  ]
  private static let distanceBits: [UInt8] = [
    0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
  ]
}
