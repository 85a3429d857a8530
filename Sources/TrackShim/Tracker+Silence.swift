import CTrackShim

/// A program that says nothing any more.
extension Tracker {
  /// At the end of a wake-up. Until its first line a program may take as long as it likes.
  func watchSilence() {
    guard recorder.state == .running, !recorder.alertRules.isEmpty, end == nil, endCode == nil else { return }
    let now = tsi_clock_monotonic()
    let seen = recorder.counts.seen
    if seen != lines.seen { lines = (seen, now) }
    for alert in recorder.alertRules.see(silence: now &- lines.since) {
      recorder.tell(alert, at: tsi_clock_realtime())
    }
  }
}
