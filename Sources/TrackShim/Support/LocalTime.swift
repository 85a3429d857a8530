/// Local time for the names of run folders, from the system's own time zone files.
///
/// libc's localtime opens those files by stdio. The worker must not touch stdio: a program that ends holds
/// stdio's lock while it flushes, and waits for the worker meanwhile.
struct LocalTime {
  /// Seconds east of Greenwich.
  let offset: Int64

  /// `zone` is the variable TZ: unset is the system's zone, otherwise a name or a path. What cannot be
  /// read, and the POSIX notation (`CET-1CEST`), count as UTC.
  init(zone: String?, at seconds: Int64, read: (String) -> [UInt8]) {
    let name = zone.map { $0.hasPrefix(":") ? String($0.dropFirst()) : $0 }
    let path: String
    switch name {
    case nil: path = "/etc/localtime"
    case let name? where name.hasPrefix("/"): path = name
    case let name?: path = "/usr/share/zoneinfo/" + (name.isEmpty ? "UTC" : name)
    }
    offset = ZoneFile(read(path))?.offset(at: seconds) ?? 0
  }

  /// As in `20261122_070653`.
  func stamp(_ seconds: Int64) -> String {
    let local = seconds &+ offset
    let day = local >= 0 ? local / 86_400 : (local &- 86_399) / 86_400
    let second = local &- day &* 86_400
    let date = GregorianDay(daysSince1970: day)
    return date.year.padded(4) + date.month.padded(2) + date.day.padded(2) + "_" + (second / 3600).padded(2)
      + (second / 60 % 60).padded(2) + (second % 60).padded(2)
  }
}

/// A TZif file (RFC 9636). Its second, 64-bit part is used; times after its last transition get that one's
/// offset, so with a file that leaves the future to its footer a summer may be an hour off.
private struct ZoneFile {
  private let bytes: [UInt8]
  private let times: Int
  private let types: Int
  private let timeCount: Int
  private let typeCount: Int

  init?(_ bytes: [UInt8]) {
    guard bytes.starts(with: "TZif".utf8), bytes.count > 44, bytes[4] >= UInt8(ascii: "2") else { return nil }
    let header = Self.counts(bytes, at: 0)
    let first =
      44 &+ header.times &* 5 &+ header.types &* 6 &+ header.characters &+ header.leaps &* 8
      &+ header.standard &+ header.universal
    guard first >= 44, bytes.count >= first &+ 44 else { return nil }
    let counts = Self.counts(bytes, at: first)
    self.bytes = bytes
    timeCount = counts.times
    typeCount = counts.types
    times = first &+ 44
    types = times &+ timeCount &* 9
    guard typeCount > 0, bytes.count >= types &+ typeCount &* 6 else { return nil }
  }

  // bounded: `init` has held all of the second part against the size
  func offset(at seconds: Int64) -> Int64 {
    var type = 0
    for index in 0..<timeCount where time(index) <= seconds { type = Int(bytes[times &+ timeCount &* 8 &+ index]) }
    guard type < typeCount else { return 0 }
    return Int64(Int32(truncatingIfNeeded: Self.number(bytes, at: types &+ type &* 6, size: 4)))
  }

  private func time(_ index: Int) -> Int64 { Self.number(bytes, at: times &+ index &* 8, size: 8) }

  private static func counts(_ bytes: [UInt8], at start: Int)
    -> (universal: Int, standard: Int, leaps: Int, times: Int, types: Int, characters: Int)
  {
    // A count that no real file has would only lead out of bounds; it is cut, and the size check fails.
    let counts = (0..<6).map { min(Int(clamping: number(bytes, at: start &+ 20 &+ $0 &* 4, size: 4)), 1 << 20) }
    // bounded: they are six
    return (counts[0], counts[1], counts[2], counts[3], counts[4], counts[5])
  }

  /// Big-endian; 0 beyond the end.
  private static func number(_ bytes: [UInt8], at start: Int, size: Int) -> Int64 {
    guard start >= 0, start &+ size <= bytes.count else { return 0 }
    return bytes[start..<start &+ size].reduce(0) { $0 &<< 8 | Int64($1) }
  }
}

extension Int64 {
  fileprivate func padded(_ width: Int) -> String {
    let digits = String(magnitude)
    return String(repeating: "0", count: Swift.max(0, width &- digits.utf8.count)) + digits
  }
}
