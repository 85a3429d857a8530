import CTrackShim

/// The GPUs of the machine, as far as NVIDIA's driver tells of them. The worker's side: it asks, and takes what is there;
/// a driver that is slow or hangs is the other thread's trouble (nvml_thread.c).
final class GPUMonitor {
  /// After this the user is told that the driver does not answer.
  #if TSI_FAULTS
    static let patience: Int64 = 500_000_000
  #else
    static let patience: Int64 = 30_000_000_000
  #endif

  private var notes: [String] = []
  private var hasTakenDevices = false
  private var hasNotedTrouble = false
  private var hasNotedSilence = false
  private var lost: Set<UInt32> = []

  private init() {}

  /// On the worker, when the run has begun. nil: there are no GPUs of NVIDIA's here, or no thread that could read them.
  static func start(_ settings: Settings) -> GPUMonitor? {
    guard !settings.nvml.isEmpty || tsi_gpu_is_here() else { return nil }
    return tsi_gpu_start(settings.nvml) ? GPUMonitor() : nil
  }

  /// A sample is wanted. Asking while one is being taken changes nothing.
  func ask() { tsi_gpu_ask() }

  /// What the newest sample says that nobody has taken yet; nothing where there is none.
  func take() -> [RecordItem] {
    guard tsi_gpu_take() else { return [] }
    var items: [RecordItem] = []
    for index in 0..<min(tsi_gpu_count(), UInt32(TSI_GPU_LIMIT)) {
      if tsi_gpu_is_lost(index), lost.insert(index).inserted {
        notes.append("GPU \(index) does not answer any more (lost, or taken away); its figures end here")
      }
      items.append(contentsOf: Self.reading(of: index).items)
    }
    return items
  }

  private static func reading(of index: UInt32) -> GPUReading {
    var values: [GPUFigure: UInt64] = [:]
    for figure in GPUFigure.allCases {
      var value: UInt64 = 0
      if tsi_gpu_figure(index, figure.number, &value) { values[figure] = value }
    }
    return GPUReading(index: Int(clamping: index), isUsed: tsi_gpu_is_used(index), values: values)
  }

  /// Once, when it is known.
  func takeDevices() -> GPUDevices? {
    guard !hasTakenDevices, tsi_gpu_are_known() else { return nil }
    hasTakenDevices = true
    var found = GPUDevices()
    found.count = tsi_gpu_count()
    found.devices = (0..<min(found.count, UInt32(TSI_GPU_LIMIT))).map { Self.info(of: $0) }
    found.type = found.devices.first?.name ?? ""
    found.driverCUDAVersion = GPUDevices.version(tsi_gpu_driver_cuda_version())
    found.runtimeCUDAVersion = tsi_gpu_runtime_cuda_version().map { String(cString: $0) } ?? ""
    return found
  }

  private static func info(of index: UInt32) -> NvidiaGPUInfo {
    let known = tsi_gpu_info_of(index)
    var info = NvidiaGPUInfo()
    info.name = CText.of(known.name)
    info.memoryTotal = known.memory
    info.cudaCores = known.cores
    info.architecture = GPUDevices.architecture(known.architecture)
    info.uuid = CText.of(known.uuid)
    info.pciBusID = CText.of(known.bus_id)
    return info
  }

  /// What the user is to know of all this, once.
  func takeNotes() -> [String] {
    noteTrouble()
    noteSilence()
    defer { notes.removeAll() }
    return notes
  }

  private func noteTrouble() {
    guard !hasNotedTrouble, let text = tsi_gpu_trouble().map({ String(cString: $0) }) else { return }
    hasNotedTrouble = true
    if !text.isEmpty { notes.append("the figures of the GPUs are not recorded: \(text.printablePath)") }
  }

  private func noteSilence() {
    let since = tsi_gpu_busy_since()
    guard !hasNotedSilence, since > 0, tsi_clock_monotonic() &- since > Self.patience else { return }
    hasNotedSilence = true
    notes.append("the NVIDIA driver does not answer; the figures of the GPUs are missing until it does")
  }
}

private enum CText {
  /// A char array of a struct, which comes as a tuple and is ended by 0 (nvml_devices.c).
  static func of<Characters>(_ characters: Characters) -> String {
    withUnsafeBytes(of: characters) { Array($0.prefix { $0 != 0 }).asText }
  }
}
