import CTrackShim

/// One GPU in one sample: what the driver says, and what W&B calls it.
struct GPUReading: Equatable {
  enum Maker { case nvidia, amd }

  var maker = Maker.nvidia
  /// The number in W&B's names: NVML's of it, whatever CUDA_VISIBLE_DEVICES says; of AMD's see `AMDCards`.
  var index: UInt32
  /// By this process.
  var isUsed = false
  /// It does not answer any more, for good.
  var isLost = false
  /// In the driver's units, in the order of ctrackshim_gpu.h or ctrackshim_amd.h; what the GPU does not have or did not
  /// say is nil.
  var values: [UInt64?] = []

  /// What is not known is absent. The gauges of a GPU that this process uses come again as `gpu.process`: they are the
  /// whole GPU's all the same.
  func add(to sample: inout MachineSample) {
    guard maker == .nvidia else { return addAMD("gpu.\(index).", to: &sample) }
    addGauges("gpu.\(index).", to: &sample)
    addCounters("gpu.\(index).", to: &sample)
    if isUsed { addGauges("gpu.process.\(index).", to: &sample) }
  }

  private func addGauges(_ prefix: String, to sample: inout MachineSample) {
    sample.add(prefix + "gpu", number(TSI_GPU_UTILIZATION))
    sample.add(prefix + "memory", number(TSI_GPU_MEMORY_UTILIZATION))
    addPercent(prefix + "memoryAllocated", TSI_GPU_MEMORY_USED, of: TSI_GPU_MEMORY_TOTAL, to: &sample)
    sample.add(prefix + "memoryAllocatedBytes", number(TSI_GPU_MEMORY_USED))
    sample.add(prefix + "temp", number(TSI_GPU_TEMPERATURE))
    // bounded: doubles, of milliwatts
    sample.add(prefix + "powerWatts", number(TSI_GPU_POWER).map { $0 / 1000 })
    sample.add(prefix + "enforcedPowerLimitWatts", number(TSI_GPU_POWER_LIMIT).map { $0 / 1000 })
    addPercent(prefix + "powerPercent", TSI_GPU_POWER, of: TSI_GPU_POWER_LIMIT, to: &sample)
  }

  private func addCounters(_ prefix: String, to sample: inout MachineSample) {
    sample.add(prefix + "smClock", number(TSI_GPU_SM_CLOCK))
    sample.add(prefix + "memoryClock", number(TSI_GPU_MEMORY_CLOCK))
    sample.add(prefix + "correctedMemoryErrors", number(TSI_GPU_CORRECTED_ERRORS))
    sample.add(prefix + "uncorrectedMemoryErrors", number(TSI_GPU_UNCORRECTED_ERRORS))
    sample.add(prefix + "fanSpeed", number(TSI_GPU_FAN_SPEED))
  }

  func value(_ figure: Int) -> UInt64? { values.indices.contains(figure) ? values[figure] : nil }

  func number(_ figure: Int) -> Double? { value(figure).map { Double($0) } }

  func addPercent(_ key: String, _ part: Int, of whole: Int, to sample: inout MachineSample) {
    if let part = value(part), let whole = value(whole) { sample.add(key, percent: part, of: whole) }
  }
}
