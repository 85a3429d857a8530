// Where words and numbers begin and end, for what is looked for within a line.

extension UnsafeRawBufferPointer {
  /// Where the byte is next, from `start` on; `count` when it is nowhere. Eight bytes are looked at together.
  package func next(_ byte: UInt8, from start: Int) -> Int {
    var index = start
    let pattern = UInt64(byte) &* 0x0101_0101_0101_0101
    while index &+ 8 <= count {
      let word = UInt64(littleEndian: loadUnaligned(fromByteOffset: index, as: UInt64.self)) ^ pattern
      let found = (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
      if found != 0 { return index &+ found.trailingZeroBitCount &>> 3 }
      index &+= 8
    }
    while index < count, self[index] != byte { index &+= 1 }
    return index
  }

  // bounded: `range` is a part of `text`, and `index` within it
  func has(_ text: [UInt8], _ range: Range<Int>, at start: Int, _ steps: inout Int) -> Bool {
    guard count &- start >= range.count, range.upperBound <= text.count else { return false }
    var index = 0
    while index < range.count, self[start &+ index] == text[range.lowerBound &+ index] { index &+= 1 }
    steps &+= index
    return index == range.count
  }

  /// False in the middle of a word.
  func isWordStart(at index: Int) -> Bool {
    guard index > 0, index < count else { return true }
    return !(self[index].isWordByte && self[index &- 1].isWordByte)
  }

  /// False where a word or a number goes on: not behind the 12 of `12a`, `12.5`, `12,5` and `12-5`.
  func isWordEnd(at index: Int) -> Bool {
    guard index > 0, index < count else { return true }
    let last = self[index &- 1], next = self[index]
    if last.isWordByte, next.isWordByte { return false }
    guard last.isDigit, index &+ 1 < count, self[index &+ 1].isDigit else { return true }
    return next != .point && next != .comma && next != 0x2D
  }

  /// What looks like a number's first byte, and no part of a word, a number, a version or a date.
  func canBeginNumber(at index: Int) -> Bool {
    guard index >= 0, index < count else { return false }
    let byte = self[index]
    let isSign = byte == 0x2D || byte == 0x2B
    guard byte.isDigit || isSign || byte == .point || byte.lowercasedASCII == 0x6E || byte.lowercasedASCII == 0x69
    else { return false }
    guard index > 0 else { return true }
    let last = self[index &- 1]
    if last.isWordByte || last == .point { return false }
    guard last == .comma || last == 0x2D || last == 0x2B, index > 1 else { return true }
    return !self[index &- 2].isWordByte
  }
}
