import CTrackShim
import Testing

@testable import TrackShim

/// A driver that says what a test has it say.
private final class PaperDriver: GPUDriver {
  var asked = 0
  var sample: [GPUReading]?
  var found: GPUDevices?
  var problem: String?
  var since: Int64 = 0

  func ask() { asked += 1 }
  func take() -> [GPUReading]? {
    defer { sample = nil }
    return sample
  }
  func devices() -> GPUDevices? { found }
  func trouble() -> String? { problem }
  func busySince() -> Int64 { since }
}

@Suite struct GPUTests {
  private static let full: [Int: UInt64] = [
    TSI_GPU_UTILIZATION: 37, TSI_GPU_MEMORY_UTILIZATION: 12, TSI_GPU_MEMORY_TOTAL: 80_000, TSI_GPU_MEMORY_USED: 20_000,
    TSI_GPU_TEMPERATURE: 61, TSI_GPU_POWER: 351_234, TSI_GPU_POWER_LIMIT: 700_000, TSI_GPU_SM_CLOCK: 1755,
    TSI_GPU_MEMORY_CLOCK: 2619, TSI_GPU_CORRECTED_ERRORS: 3, TSI_GPU_UNCORRECTED_ERRORS: 0, TSI_GPU_FAN_SPEED: 44,
  ]
  private static let gauges = [
    "gpu", "memory", "memoryAllocated", "memoryAllocatedBytes", "temp", "powerWatts", "enforcedPowerLimitWatts",
    "powerPercent",
  ]

  private func reading(
    _ values: [Int: UInt64], index: UInt32 = 3, isUsed: Bool = false, isLost: Bool = false
  ) -> GPUReading {
    GPUReading(index: index, isUsed: isUsed, isLost: isLost, values: (0..<TSI_GPU_FIGURES).map { values[$0] })
  }

  private func texts(_ items: [RecordItem]) -> [String: String] {
    #expect(Set(items.map(\.key)).count == items.count)
    return Dictionary(items.map { ($0.key, $0.json) }, uniquingKeysWith: { first, _ in first })
  }

  private func texts(_ values: [Int: UInt64], isUsed: Bool = false) -> [String: String] {
    var sample = MachineSample()
    reading(values, isUsed: isUsed).add(to: &sample)
    return texts(sample.items)
  }

  // MARK: Names and units

  @Test func everyFigureHasItsNameAndUnit() {
    #expect(Self.full.count == TSI_GPU_FIGURES)
    #expect(
      texts(Self.full) == [
        "gpu.3.gpu": "37", "gpu.3.memory": "12", "gpu.3.memoryAllocated": "25", "gpu.3.memoryAllocatedBytes": "20000",
        "gpu.3.temp": "61", "gpu.3.powerWatts": "351.234", "gpu.3.enforcedPowerLimitWatts": "700",
        "gpu.3.powerPercent": "\(351_234.0 / 700_000.0 * 100.0)", "gpu.3.smClock": "1755", "gpu.3.memoryClock": "2619",
        "gpu.3.correctedMemoryErrors": "3", "gpu.3.uncorrectedMemoryErrors": "0", "gpu.3.fanSpeed": "44",
      ])
  }

  /// Of each figure alone: what is made of two needs both.
  @Test(arguments: 0..<TSI_GPU_FIGURES)
  func whatIsNotKnownIsAbsent(figure: Int) {
    let alone = texts([figure: 7])
    #expect(alone.count == (figure == TSI_GPU_MEMORY_TOTAL ? 0 : 1))
    let without = texts(Self.full.filter { $0.key != figure })
    #expect(Set(without.keys).isDisjoint(with: alone.keys))
    let pairs = [TSI_GPU_MEMORY_TOTAL, TSI_GPU_MEMORY_USED, TSI_GPU_POWER, TSI_GPU_POWER_LIMIT]
    #expect(without.count == 13 - alone.count - (pairs.contains(figure) ? 1 : 0))
  }

  /// With MIG on the driver says nothing of how busy a GPU is, and a passive card has no fan.
  @Test func aGPUInSlices() {
    let absent = [TSI_GPU_UTILIZATION, TSI_GPU_MEMORY_UTILIZATION, TSI_GPU_FAN_SPEED]
    let sliced = texts(Self.full.filter { !absent.contains($0.key) }, isUsed: true)
    #expect(sliced["gpu.3.gpu"] == nil && sliced["gpu.process.3.gpu"] == nil && sliced["gpu.3.fanSpeed"] == nil)
    #expect(sliced["gpu.3.memoryAllocated"] == "25" && sliced["gpu.process.3.powerWatts"] == "351.234")
    #expect(sliced.count == 10 + 6)
  }

  @Test func theGaugesComeAgainForAProcessThatUsesTheGPU() {
    let all = texts(Self.full, isUsed: true)
    let process = all.filter { $0.key.hasPrefix("gpu.process.3.") }
    #expect(Set(process.keys) == Set(Self.gauges.map { "gpu.process.3.\($0)" }) && all.count == 13 + 8)
    for (name, value) in process { #expect(all[name.replacing("process.", with: "")] == value) }
    #expect(texts([TSI_GPU_FAN_SPEED: 1], isUsed: true) == ["gpu.3.fanSpeed": "1"])
  }

  /// What a driver may say is no reason to trap.
  @Test func extremesAreNumbers() {
    let largest = texts(Self.full.mapValues { _ in UInt64.max })
    #expect(largest.count == 13 && largest["gpu.3.memoryAllocated"] == "100")
    let nothing = texts(Self.full.mapValues { _ in 0 })
    #expect(nothing.count == 11 && nothing["gpu.3.memoryAllocated"] == nil && nothing["gpu.3.powerPercent"] == nil)
    var sample = MachineSample()
    GPUReading(index: .max, isUsed: true).add(to: &sample)
    #expect(sample.items.isEmpty)
  }

  // MARK: The monitor

  @Test func aSampleIsTakenOnce() {
    let driver = PaperDriver()
    var monitor = GPUMonitor(driver: driver)
    #expect(monitor.take().isEmpty)
    monitor.ask()
    #expect(driver.asked == 1 && monitor.take().isEmpty)
    driver.sample = [reading([TSI_GPU_TEMPERATURE: 40], index: 0), reading([TSI_GPU_TEMPERATURE: 50], index: 1)]
    #expect(texts(monitor.take()) == ["gpu.0.temp": "40", "gpu.1.temp": "50"])
    #expect(monitor.take().isEmpty)
  }

  @Test func onlyTheProcessesOwnGPUsAreNamedSo() {
    let driver = PaperDriver()
    var monitor = GPUMonitor(driver: driver)
    driver.sample = (0..<4).map { reading([TSI_GPU_TEMPERATURE: 40], index: $0, isUsed: $0 == 2) }
    #expect(
      Set(texts(monitor.take()).keys) == ["gpu.0.temp", "gpu.1.temp", "gpu.2.temp", "gpu.3.temp", "gpu.process.2.temp"])
  }

  @Test func aLostGPUIsSaidOnceAndTheOthersGoOn() {
    let driver = PaperDriver()
    var monitor = GPUMonitor(driver: driver)
    for round in 0..<3 {
      driver.sample = [reading([:], index: 0, isLost: true), reading([TSI_GPU_TEMPERATURE: 50], index: 1)]
      #expect(texts(monitor.take()) == ["gpu.1.temp": "50"])
      #expect(monitor.takeNotes(now: 0).filter { $0.contains("GPU 0 does not answer") }.count == (round == 0 ? 1 : 0))
    }
  }

  @Test func aDriverInTroubleIsSaidOnce() {
    let driver = PaperDriver()
    var monitor = GPUMonitor(driver: driver)
    #expect(monitor.takeNotes(now: 0).isEmpty)
    driver.problem = "it is \u{1B}[31mred"
    let notes = monitor.takeNotes(now: 0)
    #expect(notes.count == 1 && notes.allSatisfy { $0.contains("not recorded") && !$0.contains("\u{1B}") })
    #expect(monitor.takeNotes(now: 0).isEmpty)
    driver.problem = ""
    var silent = GPUMonitor(driver: driver)
    #expect(silent.takeNotes(now: 0).isEmpty)
  }

  @Test func aDriverThatDoesNotAnswerIsSaidOnce() {
    let driver = PaperDriver()
    var monitor = GPUMonitor(driver: driver)
    driver.since = 5
    #expect(monitor.takeNotes(now: 5 + tsi_longest_silence).isEmpty)
    #expect(monitor.takeNotes(now: 6 + tsi_longest_silence).count == 1)
    #expect(monitor.takeNotes(now: .max).isEmpty)
  }

  // MARK: What they are

  @Test func theDevicesAreTakenOnce() {
    let driver = PaperDriver()
    var monitor = GPUMonitor(driver: driver)
    #expect(monitor.takeDevices() == nil)
    driver.found = GPUDevices(count: 1)
    #expect(monitor.takeDevices()?.count == 1 && monitor.takeDevices() == nil)
    driver.found = GPUDevices(amd: [AMDGPUInfo()])
    var amds = GPUMonitor(driver: driver)
    #expect(amds.takeDevices()?.amd.count == 1)
    driver.found = GPUDevices()
    var none = GPUMonitor(driver: driver)
    #expect(none.takeDevices() == nil)
  }

  @Test func theEnvironment() {
    var first = NvidiaGPUInfo()
    first.name = "NVIDIA H100"
    first.memoryTotal = 85_520_809_984
    first.cudaCores = 16896
    first.architecture = GPUDevices.architecture(9)
    first.uuid = "GPU-7f3c"
    let record = GPUDevices(count: 70, devices: [first, NvidiaGPUInfo()], driverCUDA: 12040).environment(writerID: "w")
    #expect(record.gpuType == "NVIDIA H100" && record.gpuCount == 70 && record.cudaVersion == "12.4")
    #expect(record.nvidiaGPUs == [first, NvidiaGPUInfo()] && record.writerID == "w" && record.host.isEmpty)
    #expect(GPUDevices(count: 70).environment(writerID: "w").gpuType.isEmpty)
  }

  @Test func versionsAndArchitectures() {
    #expect(GPUDevices.version(12040) == "12.4" && GPUDevices.version(13000) == "13.0")
    #expect(GPUDevices.version(0) == "" && GPUDevices.version(-1) == "" && GPUDevices.version(.max) == "2147483.64")
    #expect(GPUDevices.architecture(9) == "Hopper" && GPUDevices.architecture(.max) == "")
  }
}
