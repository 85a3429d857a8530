/// Takes apart what zlib has compressed (RFC 1950, 1951): as the library links no zlib, and little of it is ever read.
/// Bit by bit as the RFC describes it, which is slow and small.
///
/// Whatever the bytes are, it ends: each turn of a loop takes a bit of the input or makes a byte of the output, and
/// both have an end.
final class Inflate {
  private let input: UnsafeRawBufferPointer
  private let limit: Int
  private var position = 2
  private var output: [UInt8] = []
  /// Bits that were read and not yet used, the next one lowest.
  private var held = 0
  private var heldCount = 0
  private var isBroken = false

  /// What stands at the beginning of `input`, of which the rest does not matter; nil where that is nothing whole, or
  /// more than `limit` bytes.
  static func zlib(_ input: UnsafeRawBufferPointer, limit: Int) -> [UInt8]? {
    // Deflate with a window of at most 32 KiB, no dictionary, and a check of the two bytes.
    guard input.count >= 6, input[0] & 0x8F == 8, input[1] & 0x20 == 0,
      (UInt16(clamping: input[0]) &<< 8 | UInt16(clamping: input[1])) % 31 == 0
    else { return nil }
    let inflate = Inflate(input, limit)
    inflate.run()
    return !inflate.isBroken && inflate.endsWithItsSum() ? inflate.output : nil
  }

  private init(_ input: UnsafeRawBufferPointer, _ limit: Int) {
    self.input = input
    self.limit = limit
  }

  private func run() {
    var isLast = false
    while !isLast, !isBroken {
      isLast = bits(1) == 1
      switch bits(2) {
      case 0: takeStored()
      case 1: takeFixed()
      case 2: takeDynamic()
      default: isBroken = true
      }
    }
  }

  // MARK: Bits and bytes

  /// Up to 16; zeros where the input is over.
  @inline(never)
  private func bits(_ count: Int) -> Int {
    while heldCount < count {
      guard position < input.count else {
        isBroken = true
        return 0
      }
      held |= Int(clamping: input[position]) &<< heldCount
      position &+= 1
      heldCount &+= 8
    }
    let value = held & (1 &<< count &- 1)
    held &>>= count
    heldCount &-= count
    return value
  }

  @inline(never)
  private func append(_ byte: UInt8) {
    if output.count < limit { output.append(byte) } else { isBroken = true }
  }

  /// Adler-32, highest byte first, behind the last block.
  private func endsWithItsSum() -> Bool {
    var low = 1, high = 0
    for byte in output {
      low = (low &+ Int(clamping: byte)) % 65_521
      high = (high &+ low) % 65_521
    }
    for byte in [high &>> 8, high, low &>> 8, low] {
      guard position < input.count, input[position] == UInt8(truncatingIfNeeded: byte) else { return false }
      position &+= 1
    }
    return true
  }

  // MARK: Blocks

  private func takeStored() {
    (held, heldCount) = (0, 0)
    let size = bits(16)
    guard size ^ bits(16) == 0xFFFF else {
      isBroken = true
      return
    }
    for _ in 0..<size where !isBroken { append(UInt8(truncatingIfNeeded: bits(8))) }
  }

  private func takeFixed() {
    var lengths = [UInt8](repeating: 8, count: 288)
    for symbol in 144..<280 { lengths[symbol] = symbol < 256 ? 9 : 7 }  // bounded: there are 288
    takeCoded(lengths, [UInt8](repeating: 5, count: 32))
  }

  private func takeCoded(_ lengths: [UInt8], _ distances: [UInt8]) {
    guard let lengths = HuffmanCode(lengths), let distances = HuffmanCode(distances) else {
      isBroken = true
      return
    }
    while !isBroken {
      let symbol = next(lengths)
      if symbol == 256 { return }
      if symbol < 256 { append(UInt8(truncatingIfNeeded: symbol)) } else { takeCopy(symbol &- 257, distances) }
    }
  }

  /// The RFC has tables; their lengths and distances grow by the same rule, but for the longest copy of all.
  private func takeCopy(_ length: Int, _ distances: HuffmanCode) {
    let size = length == 28 ? 258 : 3 &+ value(length, 2)
    let distance = next(distances)
    let back = 1 &+ value(distance, 1)
    guard length < 29, distance < 30, back <= output.count else {
      isBroken = true
      return
    }
    // bounded: 1 <= back <= count, and the count only grows
    for _ in 0..<size where !isBroken { append(output[output.count &- back]) }
  }

  /// A group is two or four symbols. Those of the first two stand for one value each, and for ranges twice as long with
  /// each further group.
  private func value(_ symbol: Int, _ groupBits: Int) -> Int {
    let group = 1 &<< groupBits
    guard symbol >= 2 &* group, symbol < 32 else { return symbol }
    let extra = symbol &>> groupBits &- 1
    return (group | symbol & (group &- 1)) &<< extra &+ bits(extra)
  }

  /// Its codes are described by the lengths of their words, which are coded themselves.
  private func takeDynamic() {
    let literals = bits(5) &+ 257, distances = bits(5) &+ 1, described = bits(4) &+ 4
    var sizes = [UInt8](repeating: 0, count: Self.order.count)
    for index in 0..<min(described, Self.order.count) {
      sizes[Int(clamping: Self.order[index])] = UInt8(truncatingIfNeeded: bits(3))  // bounded: the order is one of 19
    }
    guard literals <= 286, distances <= 30, let code = HuffmanCode(sizes) else {
      isBroken = true
      return
    }
    var found: [UInt8] = []
    while found.count < literals &+ distances, !isBroken { takeLength(code, &found) }
    // Without a word for the end it would have none.
    guard found.count == literals &+ distances, found[256] != 0 else {
      isBroken = true
      return
    }
    takeCoded(Array(found.prefix(literals)), Array(found.dropFirst(literals)))
  }

  private func takeLength(_ code: HuffmanCode, _ found: inout [UInt8]) {
    let symbol = next(code)
    if symbol < 16 {
      found.append(UInt8(truncatingIfNeeded: symbol))
      return
    }
    if symbol == 16, found.isEmpty { isBroken = true }
    let length = symbol == 16 ? found.last ?? 0 : 0
    let times = symbol == 16 ? bits(2) &+ 3 : symbol == 17 ? bits(3) &+ 3 : bits(7) &+ 11
    for _ in 0..<times { found.append(length) }
  }

  /// The words of one length are numbers one after the other, and begin behind those that are shorter.
  @inline(never)
  private func next(_ code: HuffmanCode) -> Int {
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

  private static let order: [UInt8] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
}
