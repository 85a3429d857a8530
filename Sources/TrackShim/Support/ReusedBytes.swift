/// Bytes that are filled and emptied again and again, for every row. To empty an array and keep its memory costs about
/// eighty instructions, more than a row's text itself.
struct ReusedBytes: ByteSink, RecordSpace {
  /// Those behind `count` are left over.
  private var bytes: [UInt8] = []
  private(set) var count = 0

  mutating func removeAll() { count = 0 }

  @inline(__always)
  mutating func append(size: Int, _ write: (inout ByteCursor) -> Void) {
    let start = count, end = count &+ max(size, 0)
    if end > bytes.count { grow(to: end) }
    count = bytes.withUnsafeMutableBytes { bytes in
      guard start <= end, end <= bytes.count else { return start }
      var cursor = ByteCursor(UnsafeMutableRawBufferPointer(rebasing: bytes[start..<end]))
      write(&cursor)
      return start &+ cursor.count
    }
  }

  mutating func append(_ byte: UInt8) { append(size: 1) { $0.append(byte) } }

  @inline(__always)
  mutating func append(contentsOf more: UnsafeRawBufferPointer) {
    append(size: more.count) { $0.append(contentsOf: more) }
  }

  /// Writes the digits anew that end at `end`.
  mutating func replaceDecimal(_ value: UInt64, digits: Int, upTo end: Int) {
    let start = end &- digits
    guard start >= 0, digits >= 0, end <= count else { return }
    bytes.withUnsafeMutableBytes { bytes in
      guard start <= end, end <= bytes.count else { return }
      var cursor = ByteCursor(UnsafeMutableRawBufferPointer(rebasing: bytes[start..<end]))
      cursor.appendDecimal(value, digits: digits)
    }
  }

  private mutating func grow(to size: Int) {
    let missing = max(size, bytes.count &* 2) &- bytes.count
    bytes.append(contentsOf: repeatElement(0, count: max(missing, 0)))
  }

  @inline(__always)
  func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    bytes.withUnsafeBytes { body($0.part(0, count)) }
  }

  var array: [UInt8] { withUnsafeBytes { Array($0) } }
}
