// A call of trackshim.h as one record of the ring: a byte that says which, then its arguments one behind the other.

/// Packs on the caller's thread. What has no room is left out, and the record is not sent.
struct CallPacker {
  private let room: UnsafeMutableRawBufferPointer
  private var count = 0
  private var isFull = false

  /// Nothing is allocated for records of a kilobyte. nil: it had no room.
  static func with<Result>(
    room size: Int, _ pack: (inout CallPacker) -> Void, _ body: (UnsafeRawBufferPointer) -> Result
  ) -> Result? {
    withUnsafeTemporaryAllocation(byteCount: max(0, size), alignment: 8) { room in
      var packer = CallPacker(room: room)
      pack(&packer)
      guard !packer.isFull else { return nil }
      return body(UnsafeRawBufferPointer(room).part(0, packer.count))
    }
  }

  private init(room: UnsafeMutableRawBufferPointer) { self.room = room }

  /// nil: there is no room for so many more bytes.
  private mutating func place(_ size: Int) -> Int? {
    guard !isFull, size >= 0, size <= room.count &- count else {
      isFull = true
      return nil
    }
    count &+= size
    return count &- size
  }

  // bounded: there is room
  mutating func put(_ byte: UInt8) {
    if let at = place(1) { room[at] = byte }
  }

  // bounded: there is room
  mutating func put(_ number: Int64) {
    if let at = place(8) { room.storeBytes(of: number, toByteOffset: at, as: Int64.self) }
  }

  mutating func put(_ value: Double) { put(Int64(bitPattern: value.bitPattern)) }

  // bounded: there is room
  mutating func put(_ text: UnsafeRawBufferPointer) {
    put(Int64(clamping: text.count))
    guard let at = place(text.count), text.count > 0 else { return }
    UnsafeMutableRawBufferPointer(rebasing: room[at..<(at &+ text.count)]).copyMemory(from: text)
  }
}

/// Takes the record apart on the worker. The ring may hold anything: nil where it ends.
struct CallUnpacker {
  private let bytes: UnsafeRawBufferPointer
  private var position = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  var isAtEnd: Bool { position == bytes.count }

  private mutating func take(_ size: Int) -> UnsafeRawBufferPointer? {
    guard size >= 0, size <= bytes.count &- position else { return nil }
    position &+= size
    return bytes.part(position &- size, position)
  }

  mutating func byte() -> UInt8? { take(1)?.first }

  // bounded: eight bytes were taken
  mutating func number() -> Int64? { take(8)?.loadUnaligned(as: Int64.self) }

  mutating func double() -> Double? { number().map { Double(bitPattern: UInt64(bitPattern: $0)) } }

  mutating func text() -> [UInt8]? {
    guard let size = number(), size <= bytes.count else { return nil }
    return take(Int(clamping: size)).map(Array.init)
  }
}
