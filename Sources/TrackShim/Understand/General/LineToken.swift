/// A piece of a line, as somebody's eye would take it in.
struct LineToken {
  enum Kind: Equatable {
    case word
    case number
    /// `12:34`, `1:02:03`: a time of the day, or how long something took.
    case clock
    /// Starts like a number and is none: `2024-01-31`, `1.2.3`, `0x1f`, `10.0.0.1:80`, `3rd`.
    case odd
    /// Text in quotes.
    case quoted
    /// One byte that is none of these.
    case mark(UInt8)
  }

  var kind: Kind
  /// Where it stands in the line. Of a number without its unit.
  var start: Int
  var end: Int
  /// Of a number: what is written right behind it, `ms` in `12ms`. Empty: nothing.
  var unitEnd: Int
  /// A blank or the line's beginning stands before it.
  var isApart: Bool
  /// `k`, `M` right behind a number: how often it is to be taken a thousand times.
  var thousands: UInt8 = 0

  var range: Range<Int> { start..<max(start, end) }
}

/// Cuts a line into tokens.
struct LineTokens {
  /// A line of more is data, not something that is read.
  static let limit = 400

  private(set) var list: [LineToken] = []
  private(set) var isTooLong = false

  mutating func read(_ line: UnsafeRawBufferPointer, from start: Int) {
    list.removeAll(keepingCapacity: true)
    isTooLong = false
    var index = start
    var isApart = true
    while index < line.count {
      let byte = line[index]
      if byte.isBlank {
        isApart = true
        index &+= 1
        continue
      }
      guard list.count < Self.limit else {
        isTooLong = true
        return
      }
      let token = Self.token(line, index, isApart)
      list.append(token)
      index = max(index &+ 1, token.unitEnd)
      isApart = false
    }
  }

  /// nil past the end.
  func at(_ index: Int) -> LineToken? { index >= 0 && index < list.count ? list[index] : nil }

  // bounded: `start` is below the line's count
  private static func token(_ line: UnsafeRawBufferPointer, _ start: Int, _ isApart: Bool) -> LineToken {
    let byte = line[start]
    if byte == 0x7C, let end = endOfNorm(line, start) { return make(.word, start, end, isApart) }
    if isPlusMinus(line, start) { return make(plusMinus, start, start &+ 2, isApart) }
    if let bar = endOfBar(line, start) { return make(.mark(0x7C), start, bar, isApart) }
    if byte.isLetter || isNumeral(line, start) {
      let end = endOfWord(line, start)
      let letter = byte.lowercasedASCII
      if letter == 0x6E || letter == 0x69, let number = PrintedNumber(in: line, at: start),
        number.range.upperBound == end
      {
        return make(.number, start, end, isApart)
      }
      return make(.word, start, end, isApart)
    }
    if byte.isDigit || startsNumber(line, start) { return numeric(line, start, isApart) }
    if (byte == 0x22 || byte == 0x27), let end = endOfQuoted(line, start) { return make(.quoted, start, end, isApart) }
    return make(.mark(byte), start, start &+ 1, isApart)
  }

  private static func make(_ kind: LineToken.Kind, _ start: Int, _ end: Int, _ isApart: Bool) -> LineToken {
    LineToken(kind: kind, start: start, end: end, unitEnd: end, isApart: isApart)
  }

  static let plusMinus = LineToken.Kind.mark(0xB1)

  private static func isPlusMinus(_ line: UnsafeRawBufferPointer, _ start: Int) -> Bool {
    start &+ 1 < line.count && line[start] == 0xC2 && line[start &+ 1] == 0xB1
  }

  /// `|g|`
  private static func endOfNorm(_ line: UnsafeRawBufferPointer, _ start: Int) -> Int? {
    var index = start &+ 1
    while index < line.count, line[index].isLetter, index &- start < 16 { index &+= 1 }
    return index > start &+ 1 && index < line.count && line[index] == 0x7C ? index &+ 1 : nil
  }

  /// `#0` names one of several.
  private static func isNumeral(_ line: UnsafeRawBufferPointer, _ start: Int) -> Bool {
    line[start] == 0x23 && start &+ 1 < line.count && line[start &+ 1].isDigit
  }

  // MARK: Numbers

  /// A sign or a point belongs to a number where nothing stands before it that it could belong to.
  private static func startsNumber(_ line: UnsafeRawBufferPointer, _ start: Int) -> Bool {
    // bounded: `start` is below the line's count
    let byte = line[start]
    guard byte == 0x2B || byte == 0x2D || byte == 0x2E else { return false }
    guard PrintedNumber(in: line, at: start) != nil else { return false }
    guard start > 0, start <= line.count else { return true }
    let before = line[start &- 1]
    return !(before.isLetter || before.isDigit || before == 0x29 || before == 0x5D || before == byte)
  }

  private static func numeric(_ line: UnsafeRawBufferPointer, _ start: Int, _ isApart: Bool) -> LineToken {
    // In a list the commas are between numbers.
    let isListed = start > 0 && start <= line.count && line[start &- 1] == 0x5B
    guard let number = GroupedNumber(in: line, at: start, before: isListed ? .comma : nil) else {
      return make(.odd, start, endOfRun(line, start), isApart)
    }
    var end = number.range.upperBound
    // A full stop at a sentence's end is none of the number.
    if end > start &+ 1, end <= line.count, line[end &- 1] == .point, end == line.count || line[end].isBlank {
      end &-= 1
    }
    if let clock = endOfClock(line, start, end) ?? endOfDuration(line, end) {
      return make(.clock, start, clock, isApart)
    }
    var token = make(.number, start, end, isApart)
    token.unitEnd = endOfUnit(line, end)
    if token.unitEnd == end &+ 1 { token.thousands = thousands(line[end]) }
    if isOdd(line, token) { return make(.odd, start, endOfRun(line, start), isApart) }
    return token
  }

  private static func endOfClock(_ line: UnsafeRawBufferPointer, _ start: Int, _ end: Int) -> Int? {
    guard end &- start <= 3, end &+ 2 < line.count, line[end] == 0x3A, line[end &+ 1].isDigit, line[end &+ 2].isDigit
    else { return nil }
    var last = end
    while last &+ 2 < line.count, line[last] == 0x3A, line[last &+ 1].isDigit, line[last &+ 2].isDigit { last &+= 3 }
    while last < line.count, line[last].isDigit || line[last] == 0x2E || line[last] == 0x2C {
      if !line[last].isDigit, !(last &+ 1 < line.count && line[last &+ 1].isDigit) { break }
      last &+= 1
    }
    // `10:27 PM`
    let half = line.part(last, last &+ 3)
    guard half.count == 3, half[0] == 0x20, half[1] == 0x41 || half[1] == 0x50, half[2] == 0x4D,
      last &+ 3 == line.count || !line[last &+ 3].isLetter
    else { return last }
    return last &+ 3
  }

  /// `3m 12s`, `1h 2m`, `2d 1h 5m`
  private static func endOfDuration(_ line: UnsafeRawBufferPointer, _ start: Int) -> Int? {
    var end = start, index = start, parts = 0
    var units = [0x64, 0x68, 0x6D, 0x73][...] as ArraySlice<UInt8>
    while index < line.count, let place = units.firstIndex(of: line[index]) {
      units = units[place...].dropFirst()
      end = index &+ 1
      parts &+= 1
      index = end
      if index < line.count, line[index].isBlank { index &+= 1 }
      guard index < line.count, line[index].isDigit else { break }
      while index < line.count, line[index].isDigit || line[index] == 0x2E { index &+= 1 }
    }
    let isWhole = end == line.count || !(line[end].isLetter || line[end].isDigit || line[end] == 0x2F)
    return parts > 1 && isWhole ? end : nil
  }

  private static func thousands(_ byte: UInt8) -> UInt8 {
    switch byte {
    case 0x6B, 0x4B: 1
    case 0x4D: 2
    default: 0
    }
  }

  /// `ms`, `ms/step`, `%`, `s/it` right behind the digits.
  private static func endOfUnit(_ line: UnsafeRawBufferPointer, _ end: Int) -> Int {
    guard end < line.count else { return end }
    if line[end] == 0x25 { return end &+ 1 }
    guard line[end].isLetter, !isPlusMinus(line, end) else { return end }
    return endOfWord(line, end)
  }

  /// What follows makes a date, an address, a version or a name of it.
  private static func isOdd(_ line: UnsafeRawBufferPointer, _ token: LineToken) -> Bool {
    let end = token.unitEnd
    // `82b838b3-ba82-4690`
    if end &- token.end > 3, line.part(token.end, end).contains(where: { $0.isDigit }) { return true }
    guard end < line.count else { return false }
    let next = line[end], after = end &+ 1 < line.count ? line[end &+ 1] : 0x20
    switch next {
    case 0x2D, 0x3A, 0x2E, 0x5F: return after.isDigit || (after.isLetter && next != 0x3A)
    case 0x2F: return token.unitEnd > token.end && after.isLetter || isPath(line, end)
    case 0x40, 0x23: return true
    default: return false
    }
  }

  /// A second slash behind one or two digits: `01/31/2024`.
  private static func isPath(_ line: UnsafeRawBufferPointer, _ slash: Int) -> Bool {
    var index = slash &+ 1
    while index < line.count, line[index].isDigit { index &+= 1 }
    return index < line.count && index > slash &+ 1 && index &- slash < 4 && line[index] == 0x2F
  }

  // MARK: Ends

  private static func endOfRun(_ line: UnsafeRawBufferPointer, _ start: Int) -> Int {
    var index = start &+ 1
    while index < line.count, !line[index].isBlank, line[index] != 0x2C, line[index] != 0x5D, line[index] != 0x29,
      line[index] != 0x7C
    { index &+= 1 }
    return index
  }

  /// Letters, digits, and what stands between them: `val/loss`, `acc@1`, `train-logloss`, `l2.norm`.
  private static func endOfWord(_ line: UnsafeRawBufferPointer, _ start: Int) -> Int {
    var index = start
    if index < line.count, line[index] == 0x23 { index &+= 1 }
    while index < line.count {
      let byte = line[index]
      if byte.isLetter || byte.isDigit || byte == 0x5F {
        if isPlusMinus(line, index) { return index }
        index &+= 1
      } else if joins(byte), index &+ 1 < line.count, line[index &+ 1].isLetter || line[index &+ 1].isDigit {
        index &+= 1
      } else {
        return index
      }
    }
    return index
  }

  private static func joins(_ byte: UInt8) -> Bool {
    byte == 0x2F || byte == 0x40 || byte == 0x2D || byte == 0x2E || byte == 0x27 || byte == 0x23 || byte == 0x26
  }

  /// The quote that ends what one begins here, where it looks like quoted text.
  private static func endOfQuoted(_ line: UnsafeRawBufferPointer, _ start: Int) -> Int? {
    // bounded: `start` is below the line's count
    let quote = line[start]
    var index = start &+ 1
    while index < line.count {
      if line[index] == 0x5C {
        index &+= 2
        continue
      }
      if line[index] == quote { return index &+ 1 }
      index &+= 1
    }
    return nil
  }

  /// Block elements and lines, of which bars of progress are drawn: U+2500 to U+25FF.
  private static func endOfBar(_ line: UnsafeRawBufferPointer, _ start: Int) -> Int? {
    var index = start
    while index &+ 2 < line.count, line[index] == 0xE2, line[index &+ 1] &- 0x94 < 4 { index &+= 3 }
    return index > start ? index : nil
  }
}

extension UInt8 {
  /// All that is no ASCII is taken for letters of some language.
  package var isLetter: Bool { (self | 0x20) &- 0x61 < 26 || self >= 0x80 }
}
