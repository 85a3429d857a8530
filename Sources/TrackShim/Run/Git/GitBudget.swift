import CTrackShim

/// What may be spent on the question, by the thread that has the program's output to read as well. Nobody waits for an
/// answer that comes late: then there is none.
struct GitBudget {
  /// Bytes of files that are read to be compared.
  private var bytes: UInt64
  private let end: Int64
  /// How many repositories may lie one in another.
  var depth = 3

  init(milliseconds: Int64 = 50, bytes: UInt64 = 16 << 20) {
    self.bytes = bytes
    end = tsi_clock_monotonic() &+ milliseconds &* 1_000_000
  }

  var isLate: Bool { tsi_clock_monotonic() >= end }

  func has(bytes count: UInt64) -> Bool { count <= bytes }

  mutating func take(bytes count: UInt64) -> Bool {
    guard count <= bytes, !isLate else { return false }
    bytes &-= count
    return true
  }
}
