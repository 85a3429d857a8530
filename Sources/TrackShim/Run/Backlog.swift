/// What was printed before the first recognised line, so that the run's console log begins with the first
/// byte. Bounded: past `limit` the oldest text goes, and the log then begins with a line that says so.
struct Backlog {
  static let limit = 1 << 20

  private struct Chunk {
    var stream: OutputStream
    var time: Int64
    var size: Int
  }

  private var chunks: [Chunk] = []
  private var text: [UInt8] = []
  private var firstChunk = 0
  private var firstByte = 0
  private(set) var lostBytes = 0

  mutating func append(_ stream: OutputStream, at time: Int64, _ bytes: UnsafeRawBufferPointer) {
    chunks.append(Chunk(stream: stream, time: time, size: bytes.count))
    text.append(contentsOf: bytes)
    while text.count &- firstByte > Self.limit, firstChunk < chunks.count { dropOldest() }
    if firstByte > Self.limit { compact() }
  }

  /// Gives everything back in order and forgets it.
  mutating func drain(_ body: (OutputStream, Int64, UnsafeRawBufferPointer) -> Void) {
    var position = firstByte
    for chunk in chunks.dropFirst(firstChunk) {
      let end = min(position &+ chunk.size, text.count)
      // bounded: `end` is at most the size of the text, and `position` the `end` before it
      text.withUnsafeBytes { body(chunk.stream, chunk.time, UnsafeRawBufferPointer(rebasing: $0[position..<end])) }
      position = end
    }
    self = Backlog()
  }

  // bounded: its caller has found that there is one
  private mutating func dropOldest() {
    lostBytes &+= chunks[firstChunk].size
    firstByte &+= chunks[firstChunk].size
    firstChunk &+= 1
  }

  private mutating func compact() {
    text.removeFirst(min(firstByte, text.count))
    chunks.removeFirst(min(firstChunk, chunks.count))
    firstByte = 0
    firstChunk = 0
  }
}
