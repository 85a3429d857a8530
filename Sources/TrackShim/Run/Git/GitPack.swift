import CTrackShim

/// A pack and its index of version 2 (gitformat-pack(5)), opened for a look-up or two. Neither is read as a whole.
final class GitPack {
  private let index: Int32
  private let pack: Int32
  private let count: UInt64

  private static let tableAt: UInt64 = 8
  private static let namesAt: UInt64 = 8 + 4 * 256
  /// Kinds of entries that are differences.
  private static let toOffset: UInt8 = 6
  private static let toName: UInt8 = 7
  /// Git makes chains of 50 differences, in former times of 250.
  private static let longestChain = 256

  /// `close` is the caller's to call.
  init?(_ indexPath: String) {
    guard indexPath.hasSuffix(".idx") else { return nil }
    index = tsi_open(indexPath, OpenFlags.readOnly, 0)
    guard index >= 0 else { return nil }
    let head = tsi_is_regular(index) ? Files.read(index, at: 0, size: Int(clamping: Self.namesAt)) : []
    count = UInt64(clamping: head.gitNumber(at: 8 &+ 4 &* 255))
    let path = String(indexPath.dropLast(".idx".count)) + ".pack"
    pack =
      head.gitNumber(at: 0) == 0xFF74_4F63 && head.gitNumber(at: 4) == 2 ? tsi_open(path, OpenFlags.readOnly, 0) : -1
    guard pack >= 0, tsi_is_regular(pack) else {
      close()
      return nil
    }
  }

  func close() {
    for file in [index, pack] where file >= 0 { _ = tsi_close(file) }
  }

  // MARK: Where it is

  func offset(of id: [UInt8]) -> UInt64? {
    guard let place = place(of: id) else { return nil }
    let short = number(at: Self.namesAt &+ 24 &* count &+ 4 &* place)
    guard let short else { return nil }
    if short & 0x8000_0000 == 0 { return UInt64(clamping: short) }
    let long = Self.namesAt &+ 28 &* count &+ 8 &* UInt64(clamping: short & 0x7FFF_FFFF)
    guard let high = number(at: long), let low = number(at: long &+ 4) else { return nil }
    return UInt64(clamping: high) &<< 32 | UInt64(clamping: low)
  }

  /// The names are in order, and a table says how many begin with up to each byte.
  private func place(of id: [UInt8]) -> UInt64? {
    guard id.count == SHA1.size, let first = id.first else { return nil }
    var low: UInt64 = 0
    if first > 0 {
      guard let start = number(at: Self.tableAt &+ 4 &* (UInt64(clamping: first) &- 1)) else { return nil }
      low = UInt64(clamping: start)
    }
    guard var high = number(at: Self.tableAt &+ 4 &* UInt64(clamping: first)).map({ UInt64(clamping: $0) }),
      high <= count
    else {
      return nil
    }
    while low < high {
      let middle = (low &+ high) / 2
      let name = Files.read(index, at: Self.namesAt &+ 20 &* middle, size: SHA1.size)
      guard name.count == SHA1.size else { return nil }
      if name == id { return middle }
      if name.lexicographicallyPrecedes(id) { low = middle &+ 1 } else { high = middle }
    }
    return nil
  }

  private func number(at offset: UInt64) -> UInt32? {
    let bytes = Files.read(index, at: offset, size: 4)
    return bytes.count == 4 ? bytes.gitNumber(at: 0) : nil
  }

  // MARK: What it is

  /// Of what is there, if it is of that kind and no larger than `limit`, nor what it is a difference to.
  func content(at start: UInt64, _ kind: GitKind, limit: Int, _ budget: GitBudget) -> [UInt8]? {
    var deltas: [[UInt8]] = []
    var offset = start
    while deltas.count <= Self.longestChain, !budget.isLate {
      // Deflate adds five bytes to each block that it cannot make smaller.
      let bytes = Files.read(pack, at: offset, size: limit &+ limit / 64 &+ 128)
      var position = 0
      guard let first = bytes.first, let size = Self.size(in: bytes, &position), size <= limit else { return nil }
      let found = first &>> 4 & 7
      if found == Self.toOffset || found == Self.toName {
        let base = found == Self.toName ? named(in: bytes, &position) : Self.before(offset, in: bytes, &position)
        guard let base else { return nil }
        offset = base
      } else if found != kind.rawValue {
        return nil
      }
      let content = bytes.withUnsafeBytes { Inflate.zlib($0.part(position, $0.count), limit: size) }
      guard let content, content.count == size else { return nil }
      if found == kind.rawValue { return Self.resolve(deltas, onto: content, limit) }
      deltas.append(content)
    }
    return nil
  }

  private static func resolve(_ deltas: [[UInt8]], onto base: [UInt8], _ limit: Int) -> [UInt8]? {
    var content = base
    for delta in deltas.reversed() {
      guard let next = GitDelta.apply(delta, to: content, limit: limit) else { return nil }
      content = next
    }
    return content
  }

  /// Four bits of the first byte, then seven bits a byte, lowest first.
  private static func size(in bytes: [UInt8], _ position: inout Int) -> Int? {
    var value = 0
    var shift = 0
    while position < bytes.count, shift < 32 {
      let byte = bytes[position]
      position &+= 1
      value |= Int(clamping: byte & (shift == 0 ? 0x0F : 0x7F)) &<< shift
      if byte & 0x80 == 0 { return value }
      shift &+= shift == 0 ? 4 : 7
    }
    return nil
  }

  private func named(in bytes: [UInt8], _ position: inout Int) -> UInt64? {
    guard let id = bytes.gitID(at: position) else { return nil }
    position &+= SHA1.size
    return offset(of: Array(id))
  }

  /// How far back: seven bits a byte, highest first, one added for each further byte.
  private static func before(_ offset: UInt64, in bytes: [UInt8], _ position: inout Int) -> UInt64? {
    var back: UInt64 = 0
    while position < min(bytes.count, 16) {
      let byte = bytes[position]
      position &+= 1
      back = back &<< 7 | UInt64(clamping: byte & 0x7F)
      if byte & 0x80 == 0 { return back > 0 && back < offset ? offset &- back : nil }
      back &+= 1
    }
    return nil
  }
}
