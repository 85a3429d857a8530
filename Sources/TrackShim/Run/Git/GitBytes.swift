// Git's files hold numbers with the highest byte first, and names of 20 bytes.

extension [UInt8] {
  /// 0 where the bytes end before.
  @inline(__always)
  func gitNumber(at start: Int) -> UInt32 {
    guard start >= 0, start <= count &- 4 else { return 0 }
    return withUnsafeBytes { UInt32(bigEndian: $0.loadUnaligned(fromByteOffset: start, as: UInt32.self)) }
  }

  /// The name that begins there; nil where the bytes end before.
  func gitID(at start: Int) -> ArraySlice<UInt8>? {
    guard start >= 0, start <= count &- SHA1.size else { return nil }
    return self[start..<(start &+ SHA1.size)]
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
  static func id(digits: some Sequence<UInt8>) -> [UInt8]? {
    var id: [UInt8] = []
    var isSecond = false
    var high: UInt8 = 0
    for digit in digits {
      let value: UInt8
      switch digit {
      case 0x30...0x39: value = digit &- 0x30
      case 0x61...0x66: value = digit &- 0x61 &+ 10
      default: return nil
      }
      if isSecond { id.append(high | value) } else { high = value &<< 4 }
      isSecond.toggle()
    }
    return id.count == SHA1.size && !isSecond ? id : nil
  }

  /// What git would call these contents.
  static func id(of content: [UInt8], _ kind: String) -> [UInt8] {
    var sum = SHA1()
    sum.update(header(kind, size: content.count))
    sum.update(content)
    return sum.finish()
  }

  static func header(_ kind: String, size: Int) -> [UInt8] { Array("\(kind) \(size)\0".utf8) }
}
