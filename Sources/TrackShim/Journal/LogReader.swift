/// Reads the records out of a `.wandb` file, in one go or while it grows: give it the file's bytes
/// in order with `append`, ask for records with `next`.
///
/// It holds the bytes it has not read yet plus one record of at most `recordLimit` bytes.
public struct LogReader {
  public enum Event: Equatable, Sendable {
    case record([UInt8])
    /// The bytes end behind a whole record (zeros may follow it, which count for nothing).
    case end
    /// The bytes end inside a record, or inside the preamble.
    case incomplete
    /// No sense can be made of the file from this chunk on; asked again, it says the same.
    case damaged(Damage, offset: Int)
  }

  public enum Damage: Equatable, Sendable {
    /// The file does not begin as a W&B journal does.
    case preamble
    case checksum
    /// A chunk type that does not exist.
    case chunkType
    /// A chunk that would cross the end of its block.
    case chunkLength
    /// A continuation without a beginning, or a beginning inside a record.
    case chunkOrder
    case recordTooLong
  }

  /// Longer than anything W&B's writers make; a bound on memory.
  public static let recordLimit = 256 << 20

  /// File offset behind the last record that `next` returned: where a writer may go on after a
  /// crash, once the file is cut there. 0 until the preamble was seen.
  public private(set) var goodEnd = 0

  private var window: [UInt8] = []
  private var windowStart = 0
  /// File offset of the next chunk.
  private var position = 0
  private var fragments: [UInt8] = []
  private var isInsideRecord = false
  private var damage: Event?

  public init() {}

  public init(_ file: [UInt8]) { window = file }

  /// The bytes that follow those given before.
  public mutating func append(_ bytes: UnsafeRawBufferPointer) {
    dropRead()
    window.append(contentsOf: bytes)
  }

  public mutating func append(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { append($0) }
  }

  public mutating func next() -> Event {
    if let damage { return damage }
    let event = position == 0 ? readPreamble() ?? readRecord() : readRecord()
    if case .damaged = event { damage = event }
    return event
  }

  private var available: Int { windowStart &+ window.count &- position }

  /// Keeps the cost of dropping in proportion to what is read.
  private mutating func dropRead() {
    let read = position &- windowStart
    guard read > 0, read >= window.count / 2 else { return }
    window.removeFirst(min(read, window.count))
    windowStart = position
  }

  private mutating func readPreamble() -> Event? {
    let preamble = LogFramer.preamble
    guard window.starts(with: preamble.prefix(window.count)) else { return .damaged(.preamble, offset: 0) }
    guard window.count >= preamble.count else { return .incomplete }
    position = preamble.count
    goodEnd = position
    return nil
  }

  // bounded: `position` lies in the window or at its end: it moves only by what is available
  private mutating func readRecord() -> Event {
    while true {
      let room = LogFramer.blockSize &- position % LogFramer.blockSize
      if room < LogFramer.headerSize {
        guard available >= room else { return tail }
        position &+= room
        continue
      }
      guard let header = ChunkHeader(window[(position &- windowStart)...]) else { return tail }
      if header.isZero, !isInsideRecord {
        // As LevelDB does: a block is given up at the first zero header.
        guard available > room else { return .end }
        position &+= room
        continue
      }
      if let event = readChunk(header, room: room) { return event }
    }
  }

  /// What the bytes behind the last whole chunk amount to.
  // bounded: as in readRecord
  private var tail: Event {
    let isBlank = window[(position &- windowStart)...].allSatisfy { $0 == 0 }
    return isBlank && !isInsideRecord ? .end : .incomplete
  }

  /// Takes one chunk in; `nil` when the record goes on.
  // bounded: `available` has been held against the size of the chunk
  private mutating func readChunk(_ header: ChunkHeader, room: Int) -> Event? {
    if let damage = header.damage(isInsideRecord: isInsideRecord, room: room) {
      return .damaged(damage, offset: position)
    }
    let size = LogFramer.headerSize &+ header.length
    guard available >= size else { return .incomplete }
    let start = position &- windowStart
    let payload = window[(start &+ LogFramer.headerSize)..<(start &+ size)]
    guard payload.withUnsafeBytes({ LogFramer.checksum(header.type, $0) }) == header.checksum else {
      return .damaged(.checksum, offset: position)
    }
    guard fragments.count &+ header.length <= Self.recordLimit else {
      return .damaged(.recordTooLong, offset: position)
    }
    fragments.append(contentsOf: payload)
    position &+= size
    isInsideRecord = !header.endsRecord
    return header.endsRecord ? finishRecord() : nil
  }

  private mutating func finishRecord() -> Event {
    goodEnd = position
    defer { fragments.removeAll(keepingCapacity: false) }
    return .record(fragments)
  }
}

/// The seven bytes in front of a chunk.
private struct ChunkHeader {
  let checksum: UInt32
  let length: Int
  let type: UInt8

  /// `nil` if there are fewer than seven.
  init?(_ bytes: ArraySlice<UInt8>) {
    guard bytes.count >= LogFramer.headerSize else { return nil }
    let start = bytes.startIndex
    checksum = (0..<4).reduce(0) { $0 | UInt32(bytes[start &+ $1]) &<< UInt32(8 &* $1) }
    length = Int(bytes[start &+ 4]) | Int(bytes[start &+ 5]) &<< 8
    type = bytes[start &+ 6]
  }

  var isZero: Bool { checksum == 0 && length == 0 && type == 0 }

  var beginsRecord: Bool { kind == .full || kind == .first }

  var endsRecord: Bool { kind == .full || kind == .last }

  private var kind: LogFramer.ChunkType? { LogFramer.ChunkType(rawValue: type) }

  func damage(isInsideRecord: Bool, room: Int) -> LogReader.Damage? {
    guard kind != nil else { return .chunkType }
    guard LogFramer.headerSize &+ length <= room else { return .chunkLength }
    return beginsRecord == isInsideRecord ? .chunkOrder : nil
  }
}
