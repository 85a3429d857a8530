import CTrackShim

/// Reads a journal from its file, record by record, in pieces: a journal may be larger than memory.
public struct JournalScan: Sendable {
  private static let pieceBytes = 1 << 20

  /// Where sense ends, if it does before the file's end.
  public enum Ending: Equatable, Sendable {
    case whole
    /// Inside a record: its writer is at it, or died there.
    case incomplete(offset: Int)
    case damaged(LogReader.Damage, offset: Int)
  }

  public struct Failure: Error, Sendable {
    public let reason: String
  }

  public private(set) var ending = Ending.whole
  public private(set) var records = 0
  /// Whole records whose inside is not what it should be; they were passed over.
  public private(set) var unreadableRecords = 0

  /// Calls `body` with each record in turn.
  public init(of path: String, _ body: (Record) -> Void) throws(Failure) {
    do throws(SystemError) {
      let file = try checked(tsi_open(path, OpenFlags.readOnly, 0))
      defer { _ = tsi_close(file) }
      try scan(file, body)
    } catch {
      throw Failure(reason: error.text)
    }
  }

  private mutating func scan(_ file: Int32, _ body: (Record) -> Void) throws(SystemError) {
    var reader = LogReader()
    var position = 0
    while true {
      switch reader.next() {
      case .record(let payload): take(payload, body)
      case .damaged(let damage, let offset):
        ending = .damaged(damage, offset: offset)
        return
      case .end, .incomplete:
        let piece = try Self.read(file, at: position)
        if piece.isEmpty {
          ending = Self.ending(of: &reader)
          return
        }
        position &+= piece.count
        reader.append(piece)
      }
    }
  }

  private static func ending(of reader: inout LogReader) -> Ending {
    if case .incomplete = reader.next() { return .incomplete(offset: reader.goodEnd) }
    return .whole
  }

  private mutating func take(_ payload: [UInt8], _ body: (Record) -> Void) {
    records &+= 1
    if let record = try? Record(payload) {
      body(record)
    } else {
      unreadableRecords &+= 1
    }
  }

  private static func read(_ file: Int32, at position: Int) throws(SystemError) -> [UInt8] {
    var got: Int64 = 0
    let piece = [UInt8](unsafeUninitializedCapacity: pieceBytes) { buffer, count in
      got = tsi_pread(file, buffer.baseAddress, pieceBytes, Int64(clamping: position))
      count = max(0, min(pieceBytes, Int(clamping: got)))
    }
    try checked(got)
    return piece
  }
}
