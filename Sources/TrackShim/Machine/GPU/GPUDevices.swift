/// What the machine's GPUs are, for the run's environment.
struct GPUDevices: Equatable {
  /// Of NVIDIA's.
  var count: UInt32 = 0
  var devices: [NvidiaGPUInfo] = []
  /// The newest CUDA that the driver runs, 12040 for 12.4; 0 where it is not known.
  var driverCUDA: Int32 = 0
  var amd: [AMDGPUInfo] = []

  /// Merged by W&B with what was said of the machine before, for it has the same writer.
  func environment(writerID: String) -> EnvironmentRecord {
    var record = EnvironmentRecord()
    // W&B has one kind for all, and shows it as so many of that kind. Beside NVIDIA's, AMD's is mostly a processor's own.
    record.gpuCount = count > 0 ? count : UInt32(clamping: amd.count)
    record.gpuType = (count > 0 ? devices.first?.name : amd.first?.series) ?? ""
    record.nvidiaGPUs = devices
    record.amdGPUs = amd
    record.cudaVersion = Self.version(driverCUDA)
    record.writerID = writerID
    return record
  }

  static func version(_ number: Int32) -> String {
    guard number > 0 else { return "" }
    return "\(number / 1000).\(number % 1000 / 10)"
  }

  /// As W&B writes it; empty where it is not known.
  static func architecture(_ number: UInt32) -> String {
    switch number {
    case 2: "Kepler"
    case 3: "Maxwell"
    case 4: "Pascal"
    case 5: "Volta"
    case 6: "Turing"
    case 7: "Ampere"
    case 8: "Ada"
    case 9: "Hopper"
    case 10: "Blackwell"
    default: ""
    }
  }
}
