/// Where bytes are appended: an array, or space whose size was computed beforehand.
protocol ByteSink {
  mutating func append(_ byte: UInt8)
  mutating func append(contentsOf bytes: UnsafeRawBufferPointer)
  mutating func appendVarint(_ value: UInt64)
  /// The last `digits` decimal digits of `value`, with zeros in front where it has fewer.
  mutating func appendDecimal(_ value: UInt64, digits: Int)
}

/// Where records go, one behind the other, each written in the place where it will stand.
protocol RecordSpace {
  /// Room for `size` bytes, which `write` fills; not called where nothing is taken any more.
  mutating func append(size: Int, _ write: (inout ByteCursor) -> Void)
}

extension [UInt8]: ByteSink, RecordSpace {
  /// Grows once by exactly `size` bytes and lets `write` fill them. For the hot records: an array
  /// tests uniqueness and capacity at every append, which together cost more than the bytes do.
  ///
  /// Should `write` leave some of the space, the array ends before it.
  @inline(__always)
  mutating func append(size: Int, _ write: (inout ByteCursor) -> Void) {
    append(addingCapacity: Swift.max(size, 0)) { span in
      span.withUnsafeMutableBufferPointer { space, initialized in
        var cursor = ByteCursor(UnsafeMutableRawBufferPointer(space))
        write(&cursor)
        initialized = cursor.count
      }
    }
  }

  /// One copy: the library's own, for any sequence, takes about a hundred instructions more.
  @inline(__always)
  mutating func append(contentsOf bytes: UnsafeRawBufferPointer) {
    // Of no bytes the library writes the length anew, also that of the one empty array that all threads share.
    guard !bytes.isEmpty else { return }
    append(size: bytes.count) { $0.append(contentsOf: bytes) }
  }
}

/// Fills given space from its start. What does not fit is dropped, so that a wrong size computed by
/// us would spoil a record but never memory.
struct ByteCursor: ByteSink {
  // Unsafe because a bounds-checked Array is what this type avoids; sound because both appends
  // compare with the space left, and the `append(size:)` of arrays and of `ReusedBytes` are the only ones to make a
  // cursor, of memory that is theirs.
  private let space: UnsafeMutableRawBufferPointer
  /// Of the space, which computes it anew each time it is asked.
  private let capacity: Int
  private(set) var count = 0

  @inline(__always)
  init(_ space: UnsafeMutableRawBufferPointer) {
    self.space = space
    capacity = space.count
  }

  @inline(__always)
  mutating func append(_ byte: UInt8) {
    guard count < capacity else { return }
    space.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
    count &+= 1
  }

  @inline(__always)
  mutating func append(contentsOf bytes: UnsafeRawBufferPointer) {
    guard let source = bytes.baseAddress, let target = space.baseAddress, bytes.count <= capacity &- count else {
      return
    }
    // bounded: an address within the space
    (target + count).copyMemory(from: source, byteCount: bytes.count)
    count &+= bytes.count
  }

  @inline(__always)
  mutating func appendVarint(_ value: UInt64) {
    guard WireSize.varint(value) <= capacity &- count else { return }
    appendFittingVarint(value)
  }

  @inline(__always)
  mutating func appendDecimal(_ value: UInt64, digits: Int) {
    guard digits > 0, digits <= capacity &- count else { return }
    var rest = value, index = count &+ digits
    while index > count {
      index &-= 1
      space.storeBytes(
        of: UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10), toByteOffset: index, as: UInt8.self)
      rest /= 10
    }
    count &+= digits
  }

  /// For whoever has made sure that there is room for it.
  @inline(__always)
  private mutating func appendFittingVarint(_ value: UInt64) {
    var rest = value, end = count
    while rest >= 0x80 {
      space.storeBytes(of: UInt8(truncatingIfNeeded: rest) | 0x80, toByteOffset: end, as: UInt8.self)
      rest &>>= 7
      end &+= 1
    }
    space.storeBytes(of: UInt8(truncatingIfNeeded: rest), toByteOffset: end, as: UInt8.self)
    count = end &+ 1
  }

  /// An item of a history or summary record: a key as `ItemKeys` has it, and as much room as its JSON text takes.
  /// One look at whether there is room, for rows have many of them. False when there is none.
  @inline(__always)
  mutating func appendItemHead(_ key: UnsafeRawBufferPointer, jsonSize: Int) -> Bool {
    let inner = key.count &+ WireSize.prefixed(jsonSize)
    guard let source = key.baseAddress, let target = space.baseAddress,
      1 &+ WireSize.prefixed(inner) <= capacity &- count
    else { return false }
    // Field 1, of bytes.
    space.storeBytes(
      of: 1 &<< 3 | UInt8(truncatingIfNeeded: WireType.bytes.rawValue), toByteOffset: count, as: UInt8.self)
    count &+= 1
    appendFittingVarint(UInt64(truncatingIfNeeded: inner))
    // bounded: an address within the space
    (target + count).copyMemory(from: source, byteCount: key.count)
    count &+= key.count
    appendFittingVarint(UInt64(truncatingIfNeeded: jsonSize))
    return true
  }

  /// Leaves so many bytes as they are.
  @inline(__always)
  mutating func keep(_ bytes: Int) {
    if bytes >= 0, bytes <= capacity &- count { count &+= bytes }
  }

  /// What has been written from `start` on.
  func written(from start: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(space).part(start, count)
  }

  /// Writes again what has been written, for what is known only when the rest is.
  mutating func replace(at index: Int, with byte: UInt8) {
    guard index >= 0, index < count else { return }
    space.storeBytes(of: byte, toByteOffset: index, as: UInt8.self)
  }

  /// The same of four bytes, little-endian.
  mutating func replace(at index: Int, withFour bytes: UInt32) {
    guard index >= 0, index &+ 4 <= count else { return }
    space.storeBytes(of: bytes.littleEndian, toByteOffset: index, as: UInt32.self)
  }
}
