import CTrackShim

/// trackshim_log_row
enum MetricRow {
  // bounded: the caller says how many there are
  static func put(step: Int64, _ metrics: UnsafePointer<trackshim_metric>?, _ count: Int) -> CallStatus {
    guard CallText.isStep(step), count >= 0, count <= Int(TRACKSHIM_ROW_MAX) else { return .invalid }
    guard let metrics, count > 0 else {
      if count > 0 { return .invalid }
      return tsi_tap_can_record() ? .ok : .inactive
    }
    var bytes = 0
    for index in 0..<count {
      guard let key = CallText.key(metrics[index].key) else { return .invalid }
      bytes &+= key.count &+ 16
    }
    guard bytes <= Call.longestText else { return .invalid }
    guard tsi_tap_can_record() else { return .inactive }
    return CallStatus(
      sent: Call.row(step: step, count: count, bytes: bytes) { index in
        // A key that has changed meanwhile is none.
        (CallText.key(metrics[index].key) ?? Call.Text(start: nil, count: 0), metrics[index].value)
      })
  }
}
