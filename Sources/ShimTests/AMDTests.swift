import CTrackShim
import Testing

@testable import TrackShim

@Suite struct GPUsOfAMDTests {
  private static let full: [Int: UInt64] = [
    TSI_AMD_UTILIZATION: 37, TSI_AMD_MEMORY_ACTIVITY: 12, TSI_AMD_MEMORY_OVERDRIVE: 0, TSI_AMD_MEMORY_TOTAL: 80_000,
    TSI_AMD_MEMORY_USED: 20_000, TSI_AMD_TEMPERATURE: 43_500, TSI_AMD_POWER: 89_000_000,
    TSI_AMD_POWER_LIMIT: 560_000_000,
  ]

  private func texts(_ values: [Int: UInt64], index: UInt32 = 2) -> [String: String] {
    var sample = MachineSample()
    let all = (0..<TSI_AMD_FIGURES).map { values[$0] }
    GPUReading(maker: .amd, index: index, isUsed: true, values: all).add(to: &sample)
    #expect(Set(sample.items.map(\.key)).count == sample.items.count)
    return Dictionary(sample.items.map { ($0.key, $0.json) }, uniquingKeysWith: { first, _ in first })
  }

  @Test func everyFigureHasItsNameAndUnit() {
    #expect(Self.full.count == TSI_AMD_FIGURES)
    #expect(
      texts(Self.full) == [
        "gpu.2.gpu": "37", "gpu.2.memoryAllocated": "25", "gpu.2.memoryReadWriteActivity": "12",
        "gpu.2.memoryOverDrive": "0", "gpu.2.temp": "43.5", "gpu.2.powerWatts": "89",
        "gpu.2.powerPercent": "\(89.0 / 560.0 * 100.0)",
      ])
  }

  /// Of each figure alone: what is made of two needs both.
  @Test(arguments: 0..<TSI_AMD_FIGURES)
  func whatIsNotKnownIsAbsent(figure: Int) {
    let halves = [TSI_AMD_MEMORY_TOTAL, TSI_AMD_MEMORY_USED, TSI_AMD_POWER_LIMIT]
    #expect(texts([figure: 7]).count == (halves.contains(figure) ? 0 : 1))
    let without = texts(Self.full.filter { $0.key != figure })
    #expect(without.count == (figure == TSI_AMD_POWER ? 5 : 6))
  }

  /// What a file may say is no reason to trap.
  @Test func extremesAreNumbers() {
    #expect(texts(Self.full.mapValues { _ in UInt64.max }, index: .max).count == 7)
    let nothing = texts(Self.full.mapValues { _ in 0 })
    #expect(nothing["gpu.2.memoryAllocated"] == nil && nothing["gpu.2.powerPercent"] == nil && nothing.count == 5)
  }

  @Test func whatACardIs() {
    let said = [
      TSI_AMD_UNIQUE_ID: "009d230578348e8c", TSI_AMD_VBIOS: "113-D65209-073", TSI_AMD_PERFORMANCE: "profile_peak",
      TSI_AMD_CORE_OVERDRIVE_TEXT: "0", TSI_AMD_MEMORY_OVERDRIVE_TEXT: "3", TSI_AMD_POWER_LIMIT_TEXT: "560900000",
      TSI_AMD_PRODUCT: "AMD INSTINCT MI250 (MCM) OAM AC MBA", TSI_AMD_DEVICE_ID: "0x740c",
    ]
    let info = AMDGPUInfo(id: 4) { said[$0] ?? "" }
    #expect(
      Dictionary(zip(AMDGPUInfo.keys, info.texts), uniquingKeysWith: { first, _ in first }) == [
        "id": "4", "uniqueId": "0x9d230578348e8c", "vbiosVersion": "113-D65209-073", "performanceLevel": "stable_peak",
        "gpuOverdrive": "0", "gpuMemoryOverdrive": "3", "maxPower": "560.9",
        "series": "AMD INSTINCT MI250 (MCM) OAM AC MBA", "model": "0x740c",
        "vendor": "Advanced Micro Devices, Inc. [AMD/ATI]", "sku": "D65209",
      ])
    #expect(info.series == "AMD INSTINCT MI250 (MCM) OAM AC MBA" && AMDGPUInfo().series.isEmpty)
  }

  @Test func whatACardDoesNotSayIsEmpty() {
    var empty = AMDGPUInfo()
    empty.texts[0] = "0"
    empty.texts[9] = "Advanced Micro Devices, Inc. [AMD/ATI]"
    #expect(AMDGPUInfo(id: 0) { _ in "" } == empty)
  }

  @Test(arguments: [
    ("0x740c", "0x740c"), ("740C", "0x740c"), ("0x", ""), ("x", ""), ("0", "0x0"), ("-1", ""),
    ("ffffffffffffffff", "0xffffffffffffffff"), ("10000000000000000", ""),
  ])
  func hexadecimal(text: String, expected: String) { #expect(AMDGPUInfo.hexadecimal(text) == expected) }

  @Test(arguments: [
    ("0", "0.0"), ("999999", "1.0"), ("560955000", "561.0"), ("18446744073709551615", "18446744073709.6"),
    ("18446744073709551616", ""),
    ("-1", ""), ("+1", ""), ("1.5", ""), ("N/A", ""),
  ])
  func watts(text: String, expected: String) { #expect(AMDGPUInfo.watts(text) == expected) }

  @Test(arguments: [
    ("113-D65209-073", "D65209"), ("113-D65209", ""), ("113--073", ""), ("113-D-073", ""), ("1-22-3-4", ""), ("", ""),
  ])
  func sku(vbios: String, expected: String) { #expect(AMDGPUInfo.sku(vbios) == expected) }

  @Test func levels() {
    for level in ["auto", "low", "high", "manual", "perf_determinism", ""] { #expect(AMDGPUInfo.level(level) == level) }
    #expect(AMDGPUInfo.level("profile_standard") == "stable_std" && AMDGPUInfo.level("profile_exit") == "unknown")
    #expect(AMDGPUInfo.level("profile_min_mclk") == "stable_min_mclk")
    #expect(AMDGPUInfo.level("profile_min_sclk") == "stable_min_sclk")
  }

  @Test(arguments: [.min, -1, 0, 12, .max])
  func aNumberOnTheWireThatIsNotKnown(number: Int) {
    var info = AMDGPUInfo()
    [65].withUnsafeBytes { info.take(WireField(number: number, value: .bytes($0))) }
    #expect(info == AMDGPUInfo())
  }

  /// A processor's own graphics beside NVIDIA's cards shall not be what the run is said to have computed on.
  @Test func theEnvironment() {
    let card = AMDGPUInfo(id: 0) { $0 == TSI_AMD_PRODUCT ? "MI250" : "" }
    var nvidia = NvidiaGPUInfo()
    nvidia.name = "H100"
    let alone = GPUDevices(amd: [card, AMDGPUInfo()]).environment(writerID: "w")
    #expect(alone.gpuType == "MI250" && alone.gpuCount == 2 && alone.amdGPUs.count == 2 && alone.writerID == "w")
    let both = GPUDevices(count: 1, devices: [nvidia], amd: [card, card]).environment(writerID: "w")
    #expect(both.gpuType == "H100" && both.gpuCount == 1 && both.amdGPUs.count == 2 && both.nvidiaGPUs == [nvidia])
  }
}
