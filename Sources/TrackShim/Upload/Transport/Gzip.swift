import CTrackShim

enum Gzip {
  /// The same bytes always give the same. nil where libcurl came without zlib.
  static func compress(_ bytes: [UInt8]) -> [UInt8]? {
    var size: Int64 = -1
    let room = tsi_gzip_bound(bytes.count)
    guard room > 0 else { return nil }
    let packed = [UInt8](unsafeUninitializedCapacity: room) { space, count in
      size = bytes.withUnsafeBytes { tsi_gzip($0.baseAddress, $0.count, space.baseAddress, room) }
      count = max(0, min(room, Int(clamping: size)))
    }
    return size < 0 ? nil : packed
  }
}
