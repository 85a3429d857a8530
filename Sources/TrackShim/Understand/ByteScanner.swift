/// A cursor over one line. Every step either matches and moves, or fails and leaves the cursor where
/// it was; nothing traps, whatever the bytes are.
struct ByteScanner {
  let bytes: UnsafeRawBufferPointer
  private(set) var position = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  var isAtEnd: Bool { position >= bytes.count }

  var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  mutating func take(_ byte: UInt8) -> Bool {
    guard position < bytes.count, bytes[position] == byte else { return false }
    position &+= 1
    return true
  }

  /// A `StaticString` is a pointer into the program: comparing with it allocates nothing.
  // bounded: `index` is below both counts
  @inline(__always)  // so that the literal's bytes stand in the instructions
  mutating func take(_ literal: StaticString) -> Bool {
    let count = literal.utf8CodeUnitCount
    guard literal.hasPointerRepresentation, bytes.count &- position >= count else { return false }
    // Fetched once: each use asks again what kind of literal it is.
    let text = literal.utf8Start
    var index = 0
    while index < count {
      guard bytes[position &+ index] == text[index] else { return false }
      index &+= 1
    }
    position &+= count
    return true
  }

  /// Skips blanks and says how many there were.
  @discardableResult
  mutating func skipBlanks() -> Int {
    let start = position
    while position < bytes.count, bytes[position].isBlank { position &+= 1 }
    return position &- start
  }

  /// Digits only. Fails when there are none and when the value does not fit.
  mutating func unsignedInteger() -> Int64? {
    if let short = EightBytes.shortInteger(in: bytes, at: position) {
      position &+= short.digits
      return short.value
    }
    return longInteger()
  }

  private mutating func longInteger() -> Int64? {
    var value: Int64 = 0
    var index = position
    // Eighteen digits always fit.
    let safeEnd = min(bytes.count, position &+ 18)
    while index < safeEnd, bytes[index].isDigit {
      value = value &* 10 &+ Int64(bytes[index] &- 0x30)
      index &+= 1
    }
    while index < bytes.count, bytes[index].isDigit {
      let (shifted, lost) = value.multipliedReportingOverflow(by: 10)
      let (sum, carried) = shifted.addingReportingOverflow(Int64(bytes[index] &- 0x30))
      guard !lost, !carried else { return nil }
      value = sum
      index &+= 1
    }
    guard index > position else { return nil }
    position = index
    return value
  }

  mutating func number() -> PrintedNumber? {
    guard let number = PrintedNumber(in: bytes, at: position) else { return nil }
    position = number.range.upperBound
    return number
  }
}

extension UInt8 {
  package var isDigit: Bool { self &- 0x30 < 10 }
  package var isBlank: Bool { self == 0x20 || self == 0x09 }
  package var lowercasedASCII: UInt8 { self &- 0x41 < 26 ? self | 0x20 : self }
}

extension UnsafeRawBufferPointer {
  /// The part from `start` to before `end`; empty when that is no part of this buffer.
  package func part(_ start: Int, _ end: Int) -> UnsafeRawBufferPointer {
    guard start >= 0, start <= end, end <= count else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    return UnsafeRawBufferPointer(rebasing: self[start..<end])
  }

  /// Where the byte stands first.
  // bounded: each load ends within the bytes
  func first(_ byte: UInt8, or other: UInt8? = nil) -> Int? {
    let other = other ?? byte
    var index = 0
    while index &+ 16 <= count {
      let bytes = SixteenBytes.load(self, index)
      var found = SixteenBytes.equal(bytes, byte)
      found.add(.equal(bytes, other))
      if let first = found.first { return index &+ first }
      index &+= 16
    }
    while index < count {
      if self[index] == byte || self[index] == other { return index }
      index &+= 1
    }
    return nil
  }

  /// Without blanks and carriage returns at its end.
  var withoutTrailingBlanks: UnsafeRawBufferPointer {
    var end = count
    while end > 0, self[end &- 1].isBlank || self[end &- 1] == 0x0D { end &-= 1 }
    return part(0, end)
  }

  var withoutLeadingBlanks: UnsafeRawBufferPointer {
    var start = 0
    while start < count, self[start].isBlank { start &+= 1 }
    return part(start, count)
  }

  package var withoutBlanks: UnsafeRawBufferPointer { withoutLeadingBlanks.withoutTrailingBlanks }
}
