/// The bytes that make a line anything else than a row of text.
package enum Control {
  static let backspace: UInt8 = 0x08
  package static let lineFeed: UInt8 = 0x0A
  static let carriageReturn: UInt8 = 0x0D
  package static let escape: UInt8 = 0x1B

  static func shapesLine(_ byte: UInt8) -> Bool {
    byte == lineFeed || byte == carriageReturn || byte == backspace || byte == escape
  }

  /// The same of sixteen at once.
  @inline(__always) static func shaping(_ bytes: SIMD16<UInt8>) -> SixteenBytes {
    var found = SixteenBytes.equal(bytes, lineFeed)
    found.add(.equal(bytes, carriageReturn))
    found.add(.equal(bytes, backspace))
    found.add(.equal(bytes, escape))
    return found
  }

  /// The next byte from `start` on that shapes the line; `bytes.count` when there is none.
  ///
  /// Nearly all bytes are ordinary text, so sixteen are looked at together.
  // bounded: each load ends within the bytes
  static func next(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
    var index = start
    let count = bytes.count
    while index &+ 16 <= count {
      if let first = shaping(SixteenBytes.load(bytes, index)).first { return index &+ first }
      index &+= 16
    }
    while index < count, !shapesLine(bytes[index]) { index &+= 1 }
    return index
  }
}
