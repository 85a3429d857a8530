import TrackShim

/// The lines of a log with their line ends, as they stand in it, whatever pieces it is read in. A line that is longer than
/// `longest` comes in parts.
struct RawLines {
  static let longest = 1 << 16

  private var kept: [UInt8] = []
  private var isInside = false

  /// `body` gets a line, and whether it is a beginning of one.
  mutating func feed(_ piece: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer, Bool) -> Void) {
    var start = 0
    while start < piece.count {
      let feed = piece.next(Control.lineFeed, from: start)
      let end = min(feed &+ 1, piece.count)
      let isWhole = feed < piece.count
      if kept.isEmpty, isWhole {
        give(piece.part(start, end), endsLine: true, body)
      } else {
        kept.append(contentsOf: piece.part(start, end))
        if isWhole || kept.count >= Self.longest { flush(endsLine: isWhole, body) }
      }
      start = end
    }
  }

  mutating func finish(_ body: (UnsafeRawBufferPointer, Bool) -> Void) {
    if !kept.isEmpty { flush(endsLine: true, body) }
  }

  private mutating func flush(endsLine: Bool, _ body: (UnsafeRawBufferPointer, Bool) -> Void) {
    let isBeginning = !isInside
    kept.withUnsafeBytes { body($0, isBeginning) }
    kept.removeAll(keepingCapacity: true)
    isInside = !endsLine
  }

  private mutating func give(
    _ line: UnsafeRawBufferPointer, endsLine: Bool, _ body: (UnsafeRawBufferPointer, Bool) -> Void
  ) {
    body(line, !isInside)
    isInside = !endsLine
  }
}
