import CTrackShim

/// What the driver says of one GPU, in its own units.
enum GPUFigure: Int, CaseIterable {
  case utilization, memoryUtilization, memoryTotal, memoryUsed, temperature, power, powerLimit, smClock, memoryClock,
    graphicsClock, correctedErrors, uncorrectedErrors, fanSpeed, encoder, linkGeneration, linkSpeed, linkWidth,
    maxLinkGeneration, maxLinkWidth

  /// The same in ctrackshim_gpu.h.
  var number: Int32 {
    let number =
      switch self {
      case .utilization: TSI_GPU_UTILIZATION
      case .memoryUtilization: TSI_GPU_MEMORY_UTILIZATION
      case .memoryTotal: TSI_GPU_MEMORY_TOTAL
      case .memoryUsed: TSI_GPU_MEMORY_USED
      case .temperature: TSI_GPU_TEMPERATURE
      case .power: TSI_GPU_POWER
      case .powerLimit: TSI_GPU_POWER_LIMIT
      case .smClock: TSI_GPU_SM_CLOCK
      case .memoryClock: TSI_GPU_MEMORY_CLOCK
      case .graphicsClock: TSI_GPU_GRAPHICS_CLOCK
      case .correctedErrors: TSI_GPU_CORRECTED_ERRORS
      case .uncorrectedErrors: TSI_GPU_UNCORRECTED_ERRORS
      case .fanSpeed: TSI_GPU_FAN_SPEED
      case .encoder: TSI_GPU_ENCODER
      case .linkGeneration: TSI_GPU_LINK_GENERATION
      case .linkSpeed: TSI_GPU_LINK_SPEED
      case .linkWidth: TSI_GPU_LINK_WIDTH
      case .maxLinkGeneration: TSI_GPU_MAX_LINK_GENERATION
      case .maxLinkWidth: TSI_GPU_MAX_LINK_WIDTH
      }
    return Int32(clamping: number)
  }
}
