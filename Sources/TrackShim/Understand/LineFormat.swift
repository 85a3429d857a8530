/// What one line told us. One value is reused for all lines, so that understanding a line allocates
/// nothing once its arrays have grown.
package struct Observations {
  /// A printed number. `value` is the range of its JSON text in `text`.
  package struct Metric: Equatable {
    package var name: Int
    package var value: Range<Int>
  }

  package struct ConfigEntry: Equatable {
    /// UTF-8.
    package var key: [UInt8]
    /// JSON text: a number, `NaN`, `Infinity`, `-Infinity` (bare, as W&B writes them) or a string.
    package var value: [UInt8]
  }

  /// The step that the line's metrics belong to; also set, without metrics, by a line that only
  /// announces where counting starts.
  package var step: Int64?
  /// The log has shown no counter yet: its rows are counted instead.
  package var isUncounted = false
  package var metrics: [Metric] = []
  package var config: [ConfigEntry] = []
  /// JSON texts of the metrics' values, one behind the other.
  package var text: [UInt8] = []

  package init() {}

  package mutating func removeAll() {
    step = nil
    isUncounted = false
    // Every line asks for this, and most have said nothing.
    if !metrics.isEmpty { metrics.removeAll(keepingCapacity: true) }
    if !config.isEmpty { config.removeAll(keepingCapacity: true) }
    if !text.isEmpty { text.removeAll(keepingCapacity: true) }
  }

  package var isEmpty: Bool { step == nil && metrics.isEmpty && config.isEmpty }
}

/// A way of printing metrics that TrackShim understands. A format sees every whole line of one
/// stream in order, without its line end, and may remember what it needs between lines.
///
/// Formats must take any bytes whatever: no traps, time linear in the line, memory bounded.
protocol LineFormat {
  /// Adds what `line` says to `found`, which is empty when called. The line is only valid during
  /// the call. Returns true when the line is one of the format's own, though it may say nothing
  /// (a table's bar, text inside a sample block).
  mutating func understand(_ line: UnsafeRawBufferPointer, names: MetricNames, into found: inout Observations) -> Bool

  /// Lines are missing between those before and those that follow.
  mutating func loseTrack()
}
