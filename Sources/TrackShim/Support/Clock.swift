import CTrackShim

/// When something was printed, in the two clocks that matter: Unix time for the reader, and time since the
/// program started, which no setting of the clock changes.
struct Moment: Equatable {
  /// Nanoseconds since 1970.
  var wall: Int64
  /// Nanoseconds since the run's start.
  var runtime: Int64
}

/// Turns the tap's monotonic times into moments. The offset between the clocks is taken anew at each
/// wake-up, so that a corrected clock (or a laptop that slept) shows in later lines and not in runtimes.
package struct RunClock {
  let start: Int64
  private(set) var offset: Int64

  init(start: Int64) {
    self.start = start
    offset = 0
    adjust()
  }

  /// For times that are Unix times already.
  package init(start: Int64, offset: Int64) {
    self.start = start
    self.offset = offset
  }

  mutating func adjust() { offset = tsi_clock_realtime() &- tsi_clock_monotonic() }

  func moment(_ monotonic: Int64) -> Moment {
    Moment(wall: monotonic &+ offset, runtime: max(0, monotonic &- start))
  }

  var now: Moment { moment(tsi_clock_monotonic()) }
  var startWall: Int64 { start &+ offset }
}
