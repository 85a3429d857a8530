/// What the machine's GPUs are, for the run's environment.
struct GPUDevices: Equatable {
  var count: UInt32 = 0
  var devices: [NvidiaGPUInfo] = []
  /// The newest CUDA that the driver runs, 12040 for 12.4; 0 where it is not known.
  var driverCUDA: Int32 = 0

  /// Merged by W&B with what was said of the machine before, for it has the same writer.
  func environment(writerID: String) -> EnvironmentRecord {
    var record = EnvironmentRecord()
    record.gpuCount = count
    // W&B has one kind for all.
    record.gpuType = devices.first?.name ?? ""
    record.nvidiaGPUs = devices
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
