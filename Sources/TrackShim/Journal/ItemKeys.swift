/// Keys as items have them on the wire, up to the length of the value: encoded once, since every row of a run repeats
/// them. Numbered from 0 in the order in which they come.
struct ItemKeys {
  private var bytes: [UInt8] = []
  private var ends: [Int] = []
  /// Bytes of the longest.
  private(set) var longest = 0

  init(_ keys: [[UInt8]] = []) {
    for key in keys { append(key) }
  }

  var count: Int { ends.count }

  mutating func append(_ key: [UInt8]) {
    // The official writer uses nested_key in history and summary, even for keys without a nest.
    key.withUnsafeBytes { bytes.appendField(2, UTF8Text($0)) }
    if !key.isEmpty { bytes.appendTag(16, .bytes) }
    longest = max(longest, bytes.count &- (ends.last ?? 0))
    ends.append(bytes.count)
  }

  /// What an item has besides key and value: a tag and two lengths.
  static let mostAround = 11

  /// All of them, as they stand in memory.
  struct View {
    fileprivate let bytes: UnsafeRawBufferPointer
    fileprivate let ends: UnsafeBufferPointer<Int>

    /// Nothing for an empty key, and where there is none of this number.
    // bounded: `number` is below the count
    @inline(__always)
    subscript(number: Int) -> UnsafeRawBufferPointer {
      guard number >= 0, number < ends.count else { return UnsafeRawBufferPointer(start: nil, count: 0) }
      return bytes.part(number > 0 ? ends[number &- 1] : 0, ends[number])
    }
  }

  @inline(__always)
  func withKeys(_ body: (View) -> Void) {
    bytes.withUnsafeBytes { bytes in ends.withUnsafeBufferPointer { body(View(bytes: bytes, ends: $0)) } }
  }

  /// `body` is given nothing for an empty key, and where there is none of this number.
  @inline(__always)
  func withKey(_ number: Int, _ body: (UnsafeRawBufferPointer) -> Void) {
    guard number >= 0, number < ends.count else { return body(UnsafeRawBufferPointer(start: nil, count: 0)) }
    let start = number > 0 ? ends[number &- 1] : 0, end = ends[number]
    bytes.withUnsafeBytes { body($0.part(start, end)) }
  }
}
