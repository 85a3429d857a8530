import CTrackShim

/// The GPUs of the machine, as far as a driver tells of them. The worker's side: it asks, and takes what is there; a driver
/// that is slow or hangs is the other thread's trouble.
struct GPUMonitor {
  private let driver: any GPUDriver
  private var notes: [String] = []
  private var hasTakenDevices = false
  private var hasNotedTrouble = false
  private var hasNotedSilence = false
  private var lost: Set<UInt32> = []

  init(driver: any GPUDriver) { self.driver = driver }

  /// On the worker, when the run has begun. nil: there are no GPUs of NVIDIA's or AMD's here.
  static func start(_ settings: Settings) -> GPUMonitor? {
    guard tsi_gpu_start(settings.nvml, settings.sysfs.isEmpty ? "/sys" : settings.sysfs) else { return nil }
    return GPUMonitor(driver: GPUThread())
  }

  func ask() { driver.ask() }

  /// What the newest sample says that nobody has taken yet; nothing where there is none.
  mutating func take() -> [RecordItem] {
    var sample = MachineSample()
    for reading in driver.take() ?? [] {
      if reading.isLost, lost.insert(reading.index).inserted {
        notes.append("GPU \(reading.index) does not answer any more (lost, or taken away); its figures end here")
      }
      reading.add(to: &sample)
    }
    return sample.items
  }

  /// Once, when it is known that there are some.
  mutating func takeDevices() -> GPUDevices? {
    guard !hasTakenDevices, let devices = driver.devices() else { return nil }
    hasTakenDevices = true
    return devices.count > 0 || !devices.amd.isEmpty ? devices : nil
  }

  /// What the user is to know of all this, once.
  mutating func takeNotes(now: Int64) -> [String] {
    noteTrouble()
    noteSilence(now: now)
    defer { notes.removeAll() }
    return notes
  }

  private mutating func noteTrouble() {
    guard !hasNotedTrouble, let text = driver.trouble() else { return }
    hasNotedTrouble = true
    // Then NVIDIA's library alone is in trouble.
    let whose = driver.devices() == nil ? "the GPUs" : "NVIDIA's GPUs"
    if !text.isEmpty { notes.append("the figures of \(whose) are not recorded: \(text.printablePath)") }
  }

  private mutating func noteSilence(now: Int64) {
    let since = driver.busySince()
    guard !hasNotedSilence, since > 0, now &- since > tsi_longest_silence else { return }
    hasNotedSilence = true
    notes.append("a driver of the GPUs does not answer; their figures are missing until it does")
  }
}
