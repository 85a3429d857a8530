/// Where bytes are appended: an array, or space whose size was computed beforehand.
protocol ByteSink {
  mutating func append(_ byte: UInt8)
  mutating func append(contentsOf bytes: UnsafeRawBufferPointer)
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
  private(set) var count = 0

  init(_ space: UnsafeMutableRawBufferPointer) { self.space = space }

  @inline(__always)
  mutating func append(_ byte: UInt8) {
    guard count < space.count else { return }
    space.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
    count &+= 1
  }

  @inline(__always)
  mutating func append(contentsOf bytes: UnsafeRawBufferPointer) {
    guard let source = bytes.baseAddress, let target = space.baseAddress,
      bytes.count <= space.count &- count
    else { return }
    // bounded: an address within `space`
    (target + count).copyMemory(from: source, byteCount: bytes.count)
    count &+= bytes.count
  }

  /// What has been written from `start` on.
  func written(from start: Int) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(space).part(start, count) }

  /// Writes again what has been written, for what is known only when the rest is.
  mutating func replace(at index: Int, with byte: UInt8) {
    guard index >= 0, index < count else { return }
    space.storeBytes(of: byte, toByteOffset: index, as: UInt8.self)
  }
}
