/// What the machine's GPUs are, for the run's environment.
struct GPUDevices: Equatable {
  var devices: [NvidiaGPUInfo] = []
  /// The first one's name: W&B has one for all.
  var type = ""
  var count: UInt32 = 0
  /// The newest CUDA that the driver runs, "12.4"; empty where it is not known.
  var driverCUDAVersion = ""
  /// The CUDA that the program brings, as its libcudart is called: "12.4.127", or "12". Empty: none was loaded when the
  /// run began.
  var runtimeCUDAVersion = ""

  /// 12040 is 12.4.
  static func version(_ number: Int32) -> String {
    guard number > 0 else { return "" }
    return "\(number / 1000).\(number % 1000 / 10)"
  }

  /// As W&B writes it; empty where it is not known.
  static func architecture(_ number: UInt32) -> String {
    let names: [UInt32: String] = [
      2: "Kepler", 3: "Maxwell", 4: "Pascal", 5: "Volta", 6: "Turing", 7: "Ampere", 8: "Ada", 9: "Hopper",
      10: "Blackwell",
    ]
    return names[number] ?? ""
  }
}
