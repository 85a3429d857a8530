@testable import TrackShim

/// Collects what a `LineAssembler` hands on.
struct RecordedLines: LineSink {
  struct Line: Equatable {
    var bytes: [UInt8]
    var cut = false
    var text: String { String(decoding: bytes, as: UTF8.self) }
  }
  var lines: [Line] = []
  var chunks: [[UInt8]] = []
  var times: [Int64] = []

  mutating func console(_ chunk: UnsafeRawBufferPointer, at timestamp: Int64) { chunks.append(Array(chunk)) }
  mutating func line(_ bytes: UnsafeRawBufferPointer, at timestamp: Int64, cut: Bool) {
    lines.append(Line(bytes: Array(bytes), cut: cut))
    times.append(timestamp)
  }

  /// Feeds the pieces. `partials` says after which piece a wake-up ends.
  static func of(_ pieces: [[UInt8]], partials: (Int) -> Bool = { _ in false }) -> RecordedLines {
    var recorded = RecordedLines()
    var assembler = LineAssembler()
    for (index, piece) in pieces.enumerated() {
      piece.withUnsafeBytes { assembler.feed($0, at: Int64(index), into: &recorded) }
      if partials(index) { assembler.takePartial(into: &recorded) }
    }
    assembler.finish(into: &recorded)
    return recorded
  }

  static func of(_ text: String) -> RecordedLines { of([Array(text.utf8)]) }
}
