// Git's files hold numbers with the highest byte first, names of 20 bytes, and paths with slashes.

extension [UInt8] {
  /// 0 where the bytes end before.
  @inline(never)
  func gitNumber(at start: Int) -> UInt32 {
    guard start >= 0, start <= count &- 4 else { return 0 }
    return withUnsafeBytes { UInt32(bigEndian: $0.loadUnaligned(fromByteOffset: start, as: UInt32.self)) }
  }

  /// The name that begins there; nil where the bytes end before.
  func gitID(at start: Int) -> ArraySlice<UInt8>? {
    guard start >= 0, start <= count &- SHA1.size else { return nil }
    return self[start..<(start &+ SHA1.size)]
  }

  /// Behind the last slash.
  @inline(never)
  var gitFolderEnd: Int {
    var end = count
    while end > 0, self[end &- 1] != UInt8(ascii: "/") { end &-= 1 }
    return end
  }

  /// Behind the next slash from there on.
  @inline(never)
  func gitFolderEnd(after start: Int) -> Int? {
    var end = start
    while end < count {
      end &+= 1
      if self[end &- 1] == UInt8(ascii: "/") { return end }
    }
    return nil
  }
}

/// What git calls an object's kind, by the numbers that packs have for them.
enum GitKind: UInt8 {
  case commit = 1
  case tree = 2

  var name: String { self == .commit ? "commit" : "tree" }
}

enum GitObject {
  /// The twenty bytes that forty digits stand for.
  @inline(never)
  static func id(digits: [UInt8]) -> [UInt8]? {
    guard digits.count == 2 &* SHA1.size else { return nil }
    var id: [UInt8] = []
    var high: UInt8 = 0
    for (index, digit) in digits.enumerated() {
      let value = digit.isDigit ? digit &- 0x30 : digit &- 0x61 &+ 10
      guard value < 16, digit.isDigit || value >= 10 else { return nil }
      if index & 1 == 0 { high = value &<< 4 } else { id.append(high | value) }
    }
    return id
  }

  /// What git would call these contents.
  @inline(never)
  static func id(of content: [UInt8], _ kind: String) -> [UInt8] {
    let sum = SHA1()
    sum.update(header(kind, size: content.count))
    sum.update(content)
    return sum.finish()
  }

  @inline(never)
  static func header(_ kind: String, size: Int) -> [UInt8] { Array(kind.utf8) + [0x20] + String(size).utf8 + [0] }
}
