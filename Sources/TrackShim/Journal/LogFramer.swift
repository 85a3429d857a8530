/// The container of a `.wandb` file: a LevelDB log behind a preamble of W&B's own.
///
/// Pure: knows the offset it is told and the bytes it makes, so that a journal can be continued at
/// any offset after a crash. Blocks are counted from the start of the file, the preamble included.
enum LogFramer {
  static let blockSize = 32_768
  static let headerSize = 7
  /// `:W&B`, magic 0xBEE1 little-endian, version 0.
  static let preamble: [UInt8] = [0x3A, 0x57, 0x26, 0x42, 0xE1, 0xBE, 0x00]

  enum ChunkType: UInt8 {
    case full = 1
    case first = 2
    case middle = 3
    case last = 4
  }

  /// Appends the framed `record` to `out`, as it has to stand from file offset `offset` on, and
  /// returns the offset behind it. At offset 0 the preamble comes first.
  static func append(_ record: UnsafeRawBufferPointer, at offset: Int, to out: inout [UInt8]) -> Int {
    let start = out.count
    if offset <= 0 { out.append(contentsOf: preamble) }
    var room = blockSize &- (max(offset, 0) &+ out.count &- start) % blockSize
    var rest = record[...]
    var isFirst = true
    repeat {
      room = fillShortRoom(room, &out)
      let chunk = rest.prefix(room &- headerSize)
      rest = rest.dropFirst(chunk.count)
      appendChunk(type(isFirst: isFirst, isLast: rest.isEmpty), UnsafeRawBufferPointer(rebasing: chunk), to: &out)
      isFirst = false
      room = blockSize
    } while !rest.isEmpty
    return max(offset, 0) &+ out.count &- start
  }

  static func append(_ record: [UInt8], at offset: Int, to out: inout [UInt8]) -> Int {
    record.withUnsafeBytes { append($0, at: offset, to: &out) }
  }

  /// The same for a record that `write` makes. It is written in its place, but for the one of a block that reaches
  /// into the next.
  static func append(size: Int, at offset: Int, to out: inout [UInt8], _ write: (inout ByteCursor) -> Void) {
    guard offset > 0, size <= blockSize &- headerSize &- offset % blockSize else {
      var record: [UInt8] = []
      record.append(size: size, write)
      _ = append(record, at: offset, to: &out)
      return
    }
    out.append(size: headerSize &+ size) { out in
      out.keep(headerSize)
      write(&out)
      fillHeader(.full, &out)
    }
  }

  /// A header never crosses into the next block: zeros fill what is too short for one.
  private static func fillShortRoom(_ room: Int, _ out: inout [UInt8]) -> Int {
    guard room < headerSize else { return room }
    out.append(contentsOf: repeatElement(0, count: room))
    return blockSize
  }

  private static func type(isFirst: Bool, isLast: Bool) -> ChunkType {
    if isFirst { isLast ? .full : .first } else { isLast ? .last : .middle }
  }

  private static func appendChunk(_ type: ChunkType, _ payload: UnsafeRawBufferPointer, to out: inout [UInt8]) {
    out.append(size: headerSize &+ payload.count) { out in
      out.keep(headerSize)
      out.append(contentsOf: payload)
      fillHeader(type, &out)
    }
  }

  /// In front of a chunk that has been written. Its last byte is the type, so what the checksum is of lies in one piece.
  private static func fillHeader(_ type: ChunkType, _ chunk: inout ByteCursor) {
    chunk.replace(at: 6, with: type.rawValue)
    let summed = chunk.written(from: 6)
    let length = summed.count &- 1
    var crc = CRC32()
    crc.update(summed)
    let checksum = crc.value
    chunk.replace(at: 0, withFour: checksum)
    chunk.replace(at: 4, with: UInt8(truncatingIfNeeded: length))
    chunk.replace(at: 5, with: UInt8(truncatingIfNeeded: length &>> 8))
  }

  static func checksum(_ type: UInt8, _ payload: UnsafeRawBufferPointer) -> UInt32 {
    var crc = CRC32()
    crc.update(type)
    crc.update(payload)
    return crc.value
  }

  /// How many of these framed bytes, which stand from file offset `offset` on, are whole records.
  static func wholeRecords(in framed: ArraySlice<UInt8>, at offset: Int) -> Int {
    let bytes = Array(framed)
    var position = offset <= 0 ? preamble.count : 0
    var whole = position <= bytes.count ? position : 0
    while true {
      let room = blockSize &- (offset &+ position) % blockSize
      if room < headerSize { position &+= room }
      guard position &+ headerSize <= bytes.count else { return whole }
      let length = Int(bytes[position &+ 4]) | Int(bytes[position &+ 5]) &<< 8
      let type = bytes[position &+ 6]
      position &+= headerSize &+ length
      guard position <= bytes.count else { return whole }
      if type == ChunkType.full.rawValue || type == ChunkType.last.rawValue { whole = position }
    }
  }
}
