import CTrackShim

/// What the machine was doing, beside what the program says.
extension Tracker {
  /// At the end of a wake-up. Nothing is asked behind the program's end: that would move it.
  func watchMachine() {
    guard recorder.state == .running, end == nil, endCode == nil else { return }
    let now = tsi_clock_monotonic()
    if !hasMachine {
      hasMachine = true
      let processor = HostFacts.processor
      machine = MachineMonitor(
        interval: settings.statsInterval, cores: processor.count, logical: processor.countLogical, now: now)
    }
    guard machine?.isDue(now: now) == true, let sample = machine?.sample(now: now), !sample.items.isEmpty else {
      return
    }
    var record = StatsRecord()
    record.time = tsi_clock_realtime()
    record.items = sample.items
    recorder.journal?.append(record)
  }
}
