import CTrackShim

/// Reads a journal's records while it grows, never past a limit that its writer names. A value: a copy is a
/// place to come back to.
struct JournalFollower {
  private static let pieceBytes = 1 << 18

  enum Step {
    case record([UInt8])
    /// Nothing more below the limit.
    case end
    case damaged(offset: Int)
  }

  private let file: Int32
  private var reader = LogReader()
  private var given = 0
  /// Up to here everything has been read; the last record may be cut off, as a crash leaves it.
  private(set) var through = 0

  init(file: Int32) { self.file = file }

  func fromStart() -> JournalFollower { JournalFollower(file: file) }

  /// Behind the last record read.
  var position: Int { reader.goodEnd }

  mutating func next(limit: Int) -> Step {
    while true {
      switch reader.next() {
      case .record(let payload): return .record(payload)
      case .damaged(_, let offset): return .damaged(offset: offset)
      case .end, .incomplete:
        guard give(upTo: limit) else {
          if given >= limit { through = max(through, limit) }
          return .end
        }
      }
    }
  }

  private mutating func give(upTo limit: Int) -> Bool {
    let wanted = min(Self.pieceBytes, limit &- given)
    guard wanted > 0 else { return false }
    let offset = given
    let piece = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, count in
      count = max(0, min(wanted, Int(tsi_pread(file, buffer.baseAddress, wanted, Int64(clamping: offset)))))
    }
    guard !piece.isEmpty else { return false }
    given &+= piece.count
    reader.append(piece)
    return true
  }
}
