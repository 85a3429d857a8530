import TrackShim

/// What a row of bytes without blanks is, before it is taken for a number.
enum RunBytes {
  /// A byte that belongs to a row: letters, digits, and what stands inside dates, addresses, numbers and names.
  private static func isInside(_ line: UnsafeRawBufferPointer, _ index: Int) -> Bool {
    guard index < line.count else { return false }
    let byte = line[index]
    if byte.isWordByte { return true }
    if byte == .comma {
      return index > 0 && line[index &- 1].isDigit && index &+ 1 < line.count && line[index &+ 1].isDigit
    }
    return isJoint(byte)
  }

  /// `. - + : / @ ~ \`
  private static func isJoint(_ byte: UInt8) -> Bool {
    byte == .point || byte == 0x2D || byte == 0x2B || byte == 0x3A || byte == 0x2F || byte == 0x40 || byte == 0x7E
      || byte == 0x5C
  }

  /// With a letter, a digit, or the sign or point of a number.
  static func begins(_ line: UnsafeRawBufferPointer, at index: Int) -> Bool {
    guard index < line.count else { return false }
    let byte = line[index]
    if byte.isWordByte { return true }
    guard byte == .point || byte == 0x2D || byte == 0x2B else { return false }
    return PrintedNumber(in: line, at: index) != nil
  }

  /// What joins nothing, the point of a sentence, the colon behind a label, is left out.
  // bounded: a byte of the line is before each `end`
  static func end(_ line: UnsafeRawBufferPointer, from start: Int) -> Int {
    var end = start &+ 1
    while isInside(line, end) { end &+= 1 }
    while end > start &+ 1, isJoint(line[end &- 1]) { end &-= 1 }
    return end
  }

  static func hasDigit(_ bytes: UnsafeRawBufferPointer) -> Bool { bytes.contains { $0.isDigit } }

  /// A date, a time of the day, both in one, a version or an address: digits, and twice the same between them.
  static func isMoment(_ run: UnsafeRawBufferPointer) -> Bool {
    var colons = 0, dashes = 0, slashes = 0, fields: [Int] = [0]
    for byte in run {
      switch byte {
      case 0x30...0x39: fields[fields.count &- 1] &+= 1  // bounded: it is never empty
      case 0x3A: colons &+= 1
      case 0x2D, 0x2B: dashes &+= 1
      case 0x2F: slashes &+= 1
      case 0x54, 0x5A, 0x2E, 0x2C: break
      default: return false
      }
      if !byte.isDigit { fields.append(0) }
    }
    if colons > 1 || (dashes > 1 && fields.prefix(2).allSatisfy { $0 > 0 }) { return true }
    if colons == 1, slashes == 0 { return fields.count == 2 && fields[0] < 3 && fields[1] == 2 }
    guard slashes == 2, fields.count == 3 else { return false }
    return fields.allSatisfy { $0 == 2 } || (fields.contains(4) && fields.filter { $0 == 1 || $0 == 2 }.count == 2)
  }

  /// In front of a colon and digits: `127.0.0.1`, `trainer.py`.
  static func isAddress(_ field: UnsafeRawBufferPointer) -> Bool {
    guard let point = field.lastIndex(of: .point), point > 0, point &+ 1 < field.count else { return false }
    if field.allSatisfy({ $0.isDigit || $0 == .point }) { return field.filter { $0 == .point }.count > 1 }
    let suffix = field.part(point &+ 1, field.count)
    return suffix.count <= 5 && suffix.allSatisfy { $0.isLetter } && field.first?.isDigit != true
  }

  /// `ms`, `it`; not the thousands of `99.8k`, which is another number than 99.8.
  static func isUnit(_ rest: UnsafeRawBufferPointer) -> Bool {
    guard rest.count <= 8, rest.allSatisfy({ $0.isLetter }), let first = rest.first else { return false }
    return rest.count > 1 || !multiples.contains(first)
  }

  private static let multiples = Set("kKMGBT".utf8)

  /// Belongs to the text: no digits, or a name with a digit or two (`top5`, `acc@1`, `rank0`).
  static func isWord(_ field: UnsafeRawBufferPointer) -> Bool {
    let digits = field.reduce(0) { $1.isDigit ? $0 &+ 1 : $0 }
    if digits == 0 { return true }
    guard digits <= 2, field.count <= 24, let first = field.first, !first.isDigit else { return false }
    return field.allSatisfy { $0.isWordByte || $0 == 0x40 }
  }

  /// A date, a time, an address, a hash: in the next run it is another.
  static func isOfOneRun(_ token: [UInt8]) -> Bool {
    token.withUnsafeBytes { token in
      if isMoment(token) { return true }
      let points = token.reduce(0) { $1 == .point ? $0 &+ 1 : $0 }
      if points == 3, token.allSatisfy({ $0.isDigit || $0 == .point || $0 == 0x3A }) { return true }
      let digits = token.starts(with: [0x30, 0x78]) ? token.part(2, token.count) : token
      guard digits.count >= 6 else { return false }
      return digits.allSatisfy { $0.isDigit || $0.lowercasedASCII &- 0x61 < 6 }
    }
  }
}
