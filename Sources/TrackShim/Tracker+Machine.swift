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
      if machine != nil { gpus = GPUMonitor.start(settings) }
    }
    takeGPUs(now: now)
    guard machine?.isDue(now: now) == true else { return }
    gpus?.ask()
    if let sample = machine?.sample(now: now) { record(sample.items) }
  }

  private func record(_ items: [RecordItem]) {
    guard !items.isEmpty else { return }
    var record = StatsRecord()
    record.time = tsi_clock_realtime()
    record.items = items
    recorder.journal?.append(record)
  }

  /// When the driver has answered, which need not be soon; in a record of its own.
  private func takeGPUs(now: Int64) {
    guard gpus != nil else { return }
    record(gpus?.take() ?? [])
    if let devices = gpus?.takeDevices() {
      recorder.journal?.append(devices.environment(writerID: run.writerID))
    }
    for note in gpus?.takeNotes(now: now) ?? [] { notes.post(note) }
  }
}
