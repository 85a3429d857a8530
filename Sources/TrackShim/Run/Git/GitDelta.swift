/// How a pack says one object by another (gitformat-pack(5)): pieces of the other one, and bytes of its own.
enum GitDelta {
  /// Nil where that is not one, or gives more than `limit` bytes.
  static func apply(_ delta: [UInt8], to base: [UInt8], limit: Int) -> [UInt8]? {
    var reader = Reader(bytes: delta)
    guard reader.size() == base.count, let size = reader.size(), size <= limit else { return nil }
    var result: [UInt8] = []
    while let command = reader.byte() {
      if command & 0x80 != 0 {
        guard let piece = reader.piece(command), piece.start &+ piece.size <= base.count else { return nil }
        result.append(contentsOf: base.dropFirst(piece.start).prefix(piece.size))
      } else {
        guard command > 0, let own = reader.take(Int(clamping: command)) else { return nil }
        result.append(contentsOf: own)
      }
      guard result.count <= size else { return nil }
    }
    return result.count == size ? result : nil
  }

  private struct Reader {
    let bytes: [UInt8]
    var position = 0

    mutating func byte() -> UInt8? {
      guard position < bytes.count else { return nil }
      defer { position &+= 1 }
      return bytes[position]
    }

    mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
      guard count <= bytes.count &- position else { return nil }
      defer { position &+= count }
      return bytes[position..<(position &+ count)]
    }

    /// Seven bits a byte, lowest first.
    mutating func size() -> Int? {
      var value = 0
      for shift in 0..<5 {
        guard let byte = byte() else { return nil }
        value |= Int(byte & 0x7F) &<< (7 &* shift)
        if byte & 0x80 == 0 { return value }
      }
      return nil
    }

    /// Of four bytes of an offset and three of a size those that the command names.
    mutating func piece(_ command: UInt8) -> (start: Int, size: Int)? {
      var value = 0
      for bit in 0..<7 where command &>> UInt8(truncatingIfNeeded: bit) & 1 != 0 {
        guard let byte = byte() else { return nil }
        value |= Int(byte) &<< (8 &* bit)
      }
      let size = value &>> 32
      return (value & 0xFFFF_FFFF, size == 0 ? 0x1_0000 : size)
    }
  }
}
