/// Any bytes as UTF-8 text.
///
/// A trainer may print what it likes, but protobuf strings and JSON must be valid UTF-8: W&B's
/// reader refuses the whole record otherwise. Ill-formed bytes become U+FFFD, one for each maximal
/// subpart, the practice of the Unicode standard (chapter 3.9) and of `String(decoding:as:)`.
///
/// The text is only looked at here; it lives as long as the caller's bytes do.
struct UTF8Text {
  let bytes: UnsafeRawBufferPointer
  /// Length of the text as valid UTF-8.
  let validCount: Int
  /// Whether the bytes are valid as they stand.
  let isValid: Bool

  @inline(__always)
  init(_ bytes: UnsafeRawBufferPointer) {
    if Self.isASCII(bytes) {
      self.init(bytes: bytes, validCount: bytes.count, isValid: true)
    } else {
      self.init(examining: bytes)
    }
  }

  private init(bytes: UnsafeRawBufferPointer, validCount: Int, isValid: Bool) {
    self.bytes = bytes
    self.validCount = validCount
    self.isValid = isValid
  }

  private init(examining bytes: UnsafeRawBufferPointer) {
    var replaced = 0
    var validCount = bytes.count
    var position = Self.skipASCII(bytes, from: 0)
    while position < bytes.count {
      let sequence = Self.sequence(bytes, at: position)
      if !sequence.isValid {
        replaced &+= 1
        validCount &+= Self.replacementCount &- sequence.length
      }
      position = Self.skipASCII(bytes, from: position &+ sequence.length)
    }
    self.init(bytes: bytes, validCount: validCount, isValid: replaced == 0)
  }

  @inline(__always)
  func append(to out: inout some ByteSink) {
    if isValid { out.append(contentsOf: bytes) } else { out.appendValidUTF8(bytes) }
  }

  /// U+FFFD takes three bytes.
  private static let replacementCount = 3

  /// Sixteen bytes at a time, or eight; the last ones may overlap those before.
  // bounded: each load ends within the bytes
  static func isASCII(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard bytes.count >= 8 else {
      var seen: UInt8 = 0
      for byte in bytes { seen |= byte }
      return seen < 0x80
    }
    var seen = bytes.loadUnaligned(fromByteOffset: bytes.count &- 8, as: UInt64.self)
    guard bytes.count >= 16 else {
      return (seen | bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)) & 0x8080_8080_8080_8080 == 0
    }
    var pairs = SIMD2<UInt64>(repeating: seen)
    var position = 0
    while position &+ 16 <= bytes.count {
      pairs |= bytes.loadUnaligned(fromByteOffset: position, as: SIMD2<UInt64>.self)
      position &+= 16
    }
    if position &+ 8 <= bytes.count { seen |= bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self) }
    return (seen | pairs.x | pairs.y) & 0x8080_8080_8080_8080 == 0
  }

  /// The first position from `start` that does not hold an ASCII byte.
  @inline(__always)
  static func skipASCII(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
    var position = start
    while position &+ 8 <= bytes.count {
      let word = bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)
      guard word & 0x8080_8080_8080_8080 == 0 else { break }
      position &+= 8
    }
    while position < bytes.count, bytes[position] < 0x80 { position &+= 1 }
    return position
  }

  /// The well-formed sequence at `position`, or the maximal subpart of an ill-formed one.
  /// `position` must be below `bytes.count`; the length is at least 1 and never passes the end.
  // bounded: as its callers are told
  static func sequence(_ bytes: UnsafeRawBufferPointer, at position: Int) -> (length: Int, isValid: Bool) {
    guard let shape = Shape(lead: bytes[position]) else { return (1, false) }
    var length = 1
    var allowed = shape.second
    while length < shape.length {
      let next = position &+ length
      guard next < bytes.count, allowed.contains(bytes[next]) else { return (length, false) }
      allowed = 0x80...0xBF
      length &+= 1
    }
    return (length, true)
  }

  /// What may follow a lead byte (Unicode standard, table 3-7).
  private struct Shape {
    let length: Int
    let second: ClosedRange<UInt8>

    init?(lead: UInt8) {
      switch lead {
      case 0x00...0x7F: (length, second) = (1, 0x80...0xBF)
      case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
      case 0xE0: (length, second) = (3, 0xA0...0xBF)
      case 0xED: (length, second) = (3, 0x80...0x9F)
      case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
      case 0xF0: (length, second) = (4, 0x90...0xBF)
      case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
      case 0xF4: (length, second) = (4, 0x80...0x8F)
      default: return nil
      }
    }
  }
}

extension ByteSink {
  /// Appends `bytes` as UTF-8, ill-formed parts replaced by U+FFFD.
  mutating func appendValidUTF8(_ bytes: UnsafeRawBufferPointer) {
    var runStart = 0
    var position = UTF8Text.skipASCII(bytes, from: 0)
    while position < bytes.count {
      let sequence = UTF8Text.sequence(bytes, at: position)
      if !sequence.isValid {
        append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[runStart..<position]))
        appendReplacementCharacter()
        runStart = position &+ sequence.length
      }
      position = UTF8Text.skipASCII(bytes, from: position &+ sequence.length)
    }
    append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[runStart...]))
  }

  mutating func appendReplacementCharacter() {
    append(0xEF)
    append(0xBF)
    append(0xBD)
  }
}
