import CTrackShim

/// Who asks the GPUs and leaves what they say, without anybody waiting: a thread of C (gpu_thread.c), or in tests a
/// script.
protocol GPUDriver {
  /// A sample is wanted. Asking while one is being taken changes nothing.
  func ask()
  /// The newest sample that nobody has taken yet.
  func take() -> [GPUReading]?
  /// nil: not known yet.
  func devices() -> GPUDevices?
  /// Why there are no figures, "" where nobody need be told; nil while there may be some.
  func trouble() -> String?
  /// Since when it has not answered, monotonic, ns; 0: nothing is asked of it.
  func busySince() -> Int64
}

/// That thread.
struct GPUThread: GPUDriver {
  func ask() { tsi_gpu_ask() }

  func take() -> [GPUReading]? {
    guard tsi_gpu_take() else { return nil }
    var readings = nvidia()
    readings.append(contentsOf: AMDCards.readings(from: tsi_gpu_count()))
    return readings
  }

  private func nvidia() -> [GPUReading] {
    Self.measured.map { index in
      GPUReading(
        index: index, isUsed: tsi_gpu_is_used(index), isLost: tsi_gpu_is_lost(index),
        values: (0..<Int32(clamping: TSI_GPU_FIGURES)).map { figure in
          var value: UInt64 = 0
          return tsi_gpu_figure(index, figure, &value) ? value : nil
        })
    }
  }

  func devices() -> GPUDevices? {
    guard tsi_gpu_are_known() else { return nil }
    return GPUDevices(
      count: tsi_gpu_count(), devices: Self.measured.map { Self.info(of: $0) },
      driverCUDA: tsi_gpu_driver_cuda_version(), amd: AMDCards.infos(from: tsi_gpu_count()))
  }

  func trouble() -> String? { tsi_gpu_trouble().map { String(cString: $0) } }

  func busySince() -> Int64 { tsi_gpu_busy_since() }

  private static var measured: Range<UInt32> { 0..<min(tsi_gpu_count(), UInt32(TSI_GPU_LIMIT)) }

  private static func info(of index: UInt32) -> NvidiaGPUInfo {
    let known = tsi_gpu_info_of(index)
    var info = NvidiaGPUInfo()
    info.name = text(known.name)
    info.memoryTotal = known.memory
    info.cudaCores = known.cores
    info.architecture = GPUDevices.architecture(known.architecture)
    info.uuid = text(known.uuid)
    info.pciBusID = text(known.bus_id)
    return info
  }

  /// A char array of a struct, which comes as a tuple and is ended by 0 (nvml_devices.c).
  private static func text<Characters>(_ characters: Characters) -> String {
    withUnsafeBytes(of: characters) { Array($0.prefix { $0 != 0 }).asText }
  }
}
