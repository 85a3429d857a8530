/// The bytes that make a line anything else than a row of text.
enum Control {
  static let backspace: UInt8 = 0x08
  static let lineFeed: UInt8 = 0x0A
  static let carriageReturn: UInt8 = 0x0D
  static let escape: UInt8 = 0x1B

  static func shapesLine(_ byte: UInt8) -> Bool {
    byte == lineFeed || byte == carriageReturn || byte == backspace || byte == escape
  }

  /// The next byte from `start` on that shapes the line; `bytes.count` when there is none.
  ///
  /// Nearly all bytes are ordinary text, so eight are looked at together: `suspects` has the top bit
  /// of each byte below 0x20 (exact for the first one, which is the only one used).
  static func next(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
    var index = start
    let count = bytes.count
    while index &+ 8 <= count {
      let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
      let suspects = (word &- 0x2020_2020_2020_2020) & ~word & 0x8080_8080_8080_8080
      guard suspects != 0 else {
        index &+= 8
        continue
      }
      index &+= suspects.trailingZeroBitCount &>> 3
      if shapesLine(bytes[index]) { return index }
      index &+= 1
    }
    while index < count, !shapesLine(bytes[index]) { index &+= 1 }
    return index
  }
}
