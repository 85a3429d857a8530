/// A number as a program printed it: where it stands in the line, and how it becomes JSON.
///
/// The digits go into the journal as they were printed, never through a Double: what the user reads
/// in the log and what is recorded are then the same, to the last digit. Only what JSON does not
/// allow is mended: a plus sign, leading zeros, a missing digit beside the point. NaN and the
/// infinities become the bare words that W&B writes.
package struct PrintedNumber: Equatable {
  enum Kind: Equatable {
    case integer, decimal
    case notANumber, infinity
  }

  /// "%f" of the largest double has 309 digits before the point, and a diverging loss may be printed
  /// so; nothing that trains prints a longer one. Past this length it is a key, a hash or a hex dump,
  /// and W&B's readers would make an infinity of it.
  static let longest = 512

  let range: Range<Int>
  let kind: Kind
  private let isNegative: Bool
  private let isValidJSON: Bool

  static let zero = PrintedNumber()

  private init() {
    range = 0..<0
    kind = .integer
    isNegative = false
    isValidJSON = true
  }

  /// The longest number that begins at `start`. What follows is the caller's affair: in `1.2.3` this
  /// finds `1.2`.
  package init?(in bytes: UnsafeRawBufferPointer, at start: Int) {
    guard start >= 0, start < bytes.count else { return nil }
    if let plain = Self(plainIn: bytes, at: start) { self = plain } else { self.init(anyIn: bytes, at: start) }
  }

  /// The short way for what nearly all numbers are, `12` and `0.25`; nil: perhaps one of the others.
  // bounded: `start` is below the count
  @inline(__always)
  private init?(plainIn bytes: UnsafeRawBufferPointer, at start: Int) {
    let whole = EightBytes.endOfDigits(in: bytes, from: start)
    guard whole > start, whole &- start == 1 || bytes[start] != 0x30 else { return nil }
    var end = whole
    if whole < bytes.count, bytes[whole] == 0x2E {
      end = EightBytes.endOfDigits(in: bytes, from: whole &+ 1)
      guard end > whole &+ 1 else { return nil }
    }
    guard end &- start <= Self.longest, end >= bytes.count || bytes[end] | 0x20 != 0x65 else { return nil }
    range = start..<end
    kind = end == whole ? .integer : .decimal
    isNegative = false
    isValidJSON = true
  }

  // bounded: `start` is below the count
  private init?(anyIn bytes: UnsafeRawBufferPointer, at start: Int) {
    var index = start
    let sign = bytes[index]
    isNegative = sign == 0x2D
    if isNegative || sign == 0x2B { index &+= 1 }
    guard index < bytes.count else { return nil }

    if let end = Self.endOfWord(in: bytes, at: index) {
      kind = bytes[index].lowercasedASCII == 0x6E ? .notANumber : .infinity
      isValidJSON = false
      range = start..<end
    } else {
      guard let digits = Self.Digits(in: bytes, at: index) else { return nil }
      kind = digits.isInteger ? .integer : .decimal
      isValidJSON = digits.isValidJSON && sign != 0x2B
      range = start..<digits.end
    }
    guard range.count <= Self.longest else { return nil }
  }

  /// Appends the JSON text. `bytes` must be those that the number was found in.
  func appendJSON(from bytes: UnsafeRawBufferPointer, to text: inout [UInt8]) {
    let token = bytes.part(range.lowerBound, range.upperBound)
    switch kind {
    case .notANumber: text.append(contentsOf: "NaN".utf8)
    case .infinity: text.append(contentsOf: isNegative ? "-Infinity".utf8 : "Infinity".utf8)
    case .integer, .decimal: isValidJSON ? text.append(contentsOf: token) : Self.mend(token, to: &text)
    }
  }

  /// The bytes are its JSON text as they stand.
  var isVerbatim: Bool { isValidJSON }

  @inline(__always)
  func bytes(in line: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    line.part(range.lowerBound, range.upperBound)
  }

  private static func mend(_ token: UnsafeRawBufferPointer, to text: inout [UInt8]) {
    var index = 0
    if let sign = token.first, !sign.isDigit, sign != 0x2E {
      if sign == 0x2D { text.append(sign) }
      index = 1
    }
    while index &+ 1 < token.count, token[index] == 0x30, token[index &+ 1].isDigit { index &+= 1 }
    if index < token.count, token[index] == 0x2E { text.append(0x30) }
    while index < token.count {
      text.append(token[index])
      let pointIsLast = token[index] == 0x2E && !(index &+ 1 < token.count && token[index &+ 1].isDigit)
      if pointIsLast { text.append(0x30) }
      index &+= 1
    }
  }

  // MARK: Words

  /// The end of `nan`, `nan(…)`, `inf` or `infinity` in any case, if one begins here.
  // bounded: `start` is below the count
  private static func endOfWord(in bytes: UnsafeRawBufferPointer, at start: Int) -> Int? {
    let first = bytes[start].lowercasedASCII
    guard first == 0x6E || first == 0x69 else { return nil }
    if matches("nan", in: bytes, at: start) { return endOfPayload(in: bytes, at: start &+ 3) }
    if matches("infinity", in: bytes, at: start) { return start &+ 8 }
    if matches("inf", in: bytes, at: start) { return start &+ 3 }
    return nil
  }

  /// C allows `nan(char-sequence)`: letters, digits and underscores.
  private static func endOfPayload(in bytes: UnsafeRawBufferPointer, at start: Int) -> Int {
    guard start < bytes.count, bytes[start] == 0x28 else { return start }
    var index = start &+ 1
    while index < bytes.count, index &- start < longest {
      let byte = bytes[index]
      if byte == 0x29 { return index &+ 1 }
      guard byte.isDigit || byte.lowercasedASCII &- 0x61 < 26 || byte == 0x5F else { break }
      index &+= 1
    }
    return start
  }

  // bounded: `index` is below both counts
  private static func matches(_ word: StaticString, in bytes: UnsafeRawBufferPointer, at start: Int) -> Bool {
    let count = word.utf8CodeUnitCount
    guard bytes.count &- start >= count else { return false }
    for index in 0..<count where bytes[start &+ index].lowercasedASCII != word.utf8Start[index] { return false }
    return true
  }
}

extension Observations {
  /// `bytes` must be those that the number was found in.
  mutating func add(_ name: Int, _ number: PrintedNumber, in bytes: UnsafeRawBufferPointer) {
    if number.isVerbatim { add(name, number.bytes(in: bytes)) } else { add(name, mended: number, in: bytes) }
  }

  @inline(never)
  private mutating func add(_ name: Int, mended number: PrintedNumber, in bytes: UnsafeRawBufferPointer) {
    var json: [UInt8] = []
    number.appendJSON(from: bytes, to: &json)
    add(name, json)
  }
}

extension PrintedNumber {
  /// Digits, point and exponent, without the sign.
  fileprivate struct Digits {
    var end: Int
    var isInteger = true
    var isValidJSON: Bool

    init?(in bytes: UnsafeRawBufferPointer, at start: Int) {
      let whole = EightBytes.endOfDigits(in: bytes, from: start)
      // bounded: the digits found stand there
      let hasLeadingZero = whole &- start > 1 && bytes[start] == 0x30
      isValidJSON = whole > start && !hasLeadingZero
      end = whole
      if whole < bytes.count, bytes[whole] == 0x2E {
        end = EightBytes.endOfDigits(in: bytes, from: whole &+ 1)
        isInteger = false
        if end == whole &+ 1 { isValidJSON = false }
        guard whole > start || end > whole &+ 1 else { return nil }
      }
      guard end > start else { return nil }
      takeExponent(in: bytes)
    }

    private mutating func takeExponent(in bytes: UnsafeRawBufferPointer) {
      guard end < bytes.count, bytes[end].lowercasedASCII == 0x65 else { return }
      var index = end &+ 1
      if index < bytes.count, bytes[index] == 0x2B || bytes[index] == 0x2D { index &+= 1 }
      let last = EightBytes.endOfDigits(in: bytes, from: index)
      guard last > index else { return }
      end = last
      isInteger = false
    }
  }
}
