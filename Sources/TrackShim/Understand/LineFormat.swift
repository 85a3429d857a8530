/// What one line told us. One value is reused for all lines, so that understanding a line allocates
/// nothing once its arrays have grown.
package struct Observations {
  /// A printed number, whose JSON text stands in `text`.
  package struct Metric: Equatable, BitwiseCopyable {
    package var name: Int
    var start: Int
    var end: Int
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
  package private(set) var metrics = ReusedList<Metric>()
  package var config: [ConfigEntry] = []
  /// JSON texts of the metrics' values, one behind the other.
  private(set) var text = ReusedBytes()

  package init() {}

  package mutating func removeAll() {
    step = nil
    isUncounted = false
    removeMetrics()
    // Every line asks for this, and most have said nothing.
    if !config.isEmpty { config.removeAll(keepingCapacity: true) }
  }

  mutating func removeMetrics() {
    metrics.removeAll()
    text.removeAll()
  }

  func has(_ name: Int) -> Bool {
    for metric in metrics where metric.name == name { return true }
    return false
  }

  /// `json` is a number, `NaN` or an infinity, and ASCII.
  @inline(never)
  mutating func add(_ name: Int, _ json: UnsafeRawBufferPointer) {
    let start = text.count
    text.append(contentsOf: json)
    metrics.append(Metric(name: name, start: start, end: text.count))
  }

  /// The same of `count` metrics, whose texts are `size` bytes at most.
  // bounded: there is room for as many as are counted
  @inline(__always)
  mutating func add(
    _ count: Int, upTo size: Int, _ metric: (_ index: Int) -> (name: Int, json: UnsafeRawBufferPointer)
  ) {
    let start = text.count
    text.append(size: size) { out in
      metrics.append(count, of: Metric(name: -1, start: 0, end: 0)) { metrics in
        var index = 0
        while index < metrics.count {
          let next = metric(index)
          let from = start &+ out.count
          out.append(contentsOf: next.json)
          metrics[index] = Metric(name: next.name, start: from, end: start &+ out.count)
          index &+= 1
        }
      }
    }
  }

  mutating func add(_ name: Int, _ json: [UInt8]) { json.withUnsafeBytes { add(name, $0) } }

  @inline(__always)
  func withMetrics<Result>(_ body: (UnsafeBufferPointer<Metric>, _ text: UnsafeRawBufferPointer) -> Result) -> Result {
    metrics.withUnsafeBufferPointer { metrics in text.withUnsafeBytes { body(metrics, $0) } }
  }

  /// The JSON text of a metric's value.
  package func json(_ metric: Metric) -> [UInt8] {
    text.withUnsafeBytes { Array($0.part(metric.start, metric.end)) }
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
