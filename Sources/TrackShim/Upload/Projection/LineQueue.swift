/// Lines of one of W&B's line-addressed files that are still to be sent, each already a JSON string literal.
///
/// A line's number follows from the journal alone, so a line that was sent is known by its number, whoever
/// sent it and when.
struct LineQueue {
  /// Lines that the journal has given so far, those that were passed over included.
  private(set) var count = 0
  /// Number of the first line that is held.
  private(set) var first = 0
  private(set) var bytes: [UInt8] = []
  private var ends: [Int] = []

  var isEmpty: Bool { ends.isEmpty }
  var held: Int { ends.count }

  /// The next line. One that is on the server already is only counted.
  mutating func append(_ line: [UInt8], acknowledged: Int) {
    defer { count &+= 1 }
    guard count >= acknowledged else { return }
    if ends.isEmpty { first = count } else { bytes.append(UInt8(ascii: ",")) }
    bytes.appendJSONString(line)
    ends.append(bytes.count)
  }

  /// As many whole lines as `limit` bytes take, and at least one.
  func prefix(bytes limit: Int) -> (count: Int, bytes: [UInt8]) {
    guard bytes.count > limit, ends.count > 1 else { return (ends.count, bytes) }
    let count = max(1, ends.firstIndex { $0 > limit } ?? ends.count)
    return (count, Array(bytes.prefix(count <= ends.count ? ends[count &- 1] : bytes.count)))
  }

  /// Forgets what has been sent: all lines below `number`.
  mutating func drop(below number: Int) {
    let dropped = min(max(0, number &- first), ends.count)
    guard dropped > 0 else { return }
    if dropped == ends.count {
      ends.removeAll(keepingCapacity: true)
      bytes.removeAll(keepingCapacity: true)
      return
    }
    // The comma behind the last of them goes as well.
    let cut = ends[dropped &- 1] &+ 1
    bytes.removeFirst(min(cut, bytes.count))
    ends.removeFirst(dropped)
    for index in ends.indices { ends[index] &-= cut }
    first &+= dropped
  }
}
