/// The bytes that make a line anything else than a row of text.
package enum Control {
  static let backspace: UInt8 = 0x08
  package static let lineFeed: UInt8 = 0x0A
  static let carriageReturn: UInt8 = 0x0D
  package static let escape: UInt8 = 0x1B

  static func shapesLine(_ byte: UInt8) -> Bool {
    byte == lineFeed || byte == carriageReturn || byte == backspace || byte == escape
  }

  /// The next byte from `start` on that shapes the line; `bytes.count` when there is none.
  ///
  /// Nearly all bytes are ordinary text, so sixteen are looked at together.
  // bounded: each load ends within the bytes
  static func next(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
    var index = start
    let count = bytes.count
    while index &+ 16 <= count {
      let text = SixteenBytes.load(bytes, index)
      var found = SixteenBytes.equal(text, lineFeed)
      found.add(.equal(text, carriageReturn))
      found.add(.equal(text, backspace))
      found.add(.equal(text, escape))
      if let first = found.first { return index &+ first }
      index &+= 16
    }
    while index < count, !shapesLine(bytes[index]) { index &+= 1 }
    return index
  }
}
