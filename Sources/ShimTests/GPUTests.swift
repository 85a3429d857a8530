import CTrackShim
import Glibc
import Testing

@testable import TrackShim

@Suite struct GPUTests {
  private static let full: [GPUFigure: UInt64] = [
    .utilization: 37, .memoryUtilization: 12, .memoryTotal: 80_000, .memoryUsed: 20_000, .temperature: 61,
    .power: 351_234, .powerLimit: 700_000, .smClock: 1755, .memoryClock: 2619, .graphicsClock: 1740,
    .correctedErrors: 3, .uncorrectedErrors: 0, .fanSpeed: 44, .encoder: 7, .linkGeneration: 5, .linkSpeed: 32_000,
    .linkWidth: 16, .maxLinkGeneration: 4, .maxLinkWidth: 8,
  ]

  private func texts(_ values: [GPUFigure: UInt64], isUsed: Bool = false) -> [String: String] {
    let items = GPUReading(index: 3, isUsed: isUsed, values: values).items
    #expect(Set(items.map(\.key)).count == items.count)
    return Dictionary(items.map { ($0.key, $0.json) }, uniquingKeysWith: { first, _ in first })
  }

  @Test func everyFigureHasItsNameAndUnit() {
    #expect(
      texts(Self.full) == [
        "gpu.3.gpu": "37", "gpu.3.memory": "12", "gpu.3.memoryAllocated": "25", "gpu.3.memoryAllocatedBytes": "20000",
        "gpu.3.temp": "61", "gpu.3.powerWatts": "351.234", "gpu.3.enforcedPowerLimitWatts": "700",
        "gpu.3.powerPercent": "\(351.234 / 700.0 * 100.0)", "gpu.3.smClock": "1755", "gpu.3.memoryClock": "2619",
        "gpu.3.graphicsClock": "1740", "gpu.3.correctedMemoryErrors": "3", "gpu.3.uncorrectedMemoryErrors": "0",
        "gpu.3.fanSpeed": "44", "gpu.3.encoderUtilization": "7", "gpu.3.pcieLinkGen": "5",
        "gpu.3.pcieLinkSpeed": "32000000000", "gpu.3.pcieLinkWidth": "16", "gpu.3.maxPcieLinkGen": "4",
        "gpu.3.maxPcieLinkWidth": "8",
      ])
  }

  /// Of each figure alone: what is made of two needs both.
  @Test(arguments: GPUFigure.allCases)
  func whatIsNotKnownIsAbsent(figure: GPUFigure) {
    let alone = texts([figure: 7])
    #expect(alone.count == (figure == .memoryTotal ? 0 : 1))
    let without = texts(Self.full.filter { $0.key != figure })
    #expect(Set(without.keys).isDisjoint(with: alone.keys))
    let derived = [GPUFigure.memoryTotal, .memoryUsed, .power, .powerLimit].contains(figure) ? 1 : 0
    #expect(without.count == 20 - alone.count - derived)
  }

  @Test func eightOfThemComeAgainForAProcessThatUsesTheGPU() {
    let all = texts(Self.full, isUsed: true)
    let process = all.filter { $0.key.hasPrefix("gpu.process.3.") }
    #expect(process.count == 8 && all.count == 28)
    for (name, value) in process {
      #expect(all[name.replacing("process.", with: "")] == value)
    }
    #expect(texts([.fanSpeed: 1], isUsed: true) == ["gpu.3.fanSpeed": "1"])
  }

  /// What a driver may say is no reason to trap.
  @Test func extremesAreNumbers() {
    let largest = Dictionary(GPUFigure.allCases.map { ($0, UInt64.max) }, uniquingKeysWith: { first, _ in first })
    #expect(texts(largest).count == 20)
    #expect(texts(largest)["gpu.3.memoryAllocated"] == "100")
    let nothing = Dictionary(GPUFigure.allCases.map { ($0, UInt64(0)) }, uniquingKeysWith: { first, _ in first })
    #expect(texts(nothing).count == 18)
    #expect(texts(nothing)["gpu.3.memoryAllocated"] == nil)
  }

  @Test func everyFigureHasANumberOfItsOwn() {
    #expect(Set(GPUFigure.allCases.map(\.number)) == Set(0..<Int32(clamping: TSI_GPU_FIGURES)))
  }

  @Test func versionsAndArchitectures() {
    #expect(GPUDevices.version(12040) == "12.4" && GPUDevices.version(13000) == "13.0")
    #expect(GPUDevices.version(0) == "" && GPUDevices.version(-1) == "" && GPUDevices.version(.max) == "2147483.64")
    #expect(GPUDevices.architecture(9) == "Hopper" && GPUDevices.architecture(.max) == "")
  }

  /// Told by the name of a file, which is a library of another kind here.
  @Test func theProgramsCUDA() throws {
    let folder = TemporaryFolder()
    defer { folder.remove() }
    #expect(runtimeVersion() == "")
    let maps = try Files.read("/proc/self/maps", limit: 4 << 20).asText
    let line = maps.split(separator: "\n").first { $0.hasSuffix("/libm.so.6") }
    let path = try #require(line.flatMap { $0.split(separator: " ").last.map(String.init) })
    folder.write("libcudart.so.12.4.127", try Files.read(path, limit: 32 << 20))
    #expect(symlink("libcudart.so.12.4.127", folder("libcudart.so.12")) == 0)
    let library = try #require(dlopen(folder("libcudart.so.12"), RTLD_NOW))
    #expect(runtimeVersion() == "12.4.127")
    dlclose(library)
  }

  private func runtimeVersion() -> String {
    var text = [CChar](repeating: 0, count: 32)
    tsi_cuda_runtime_version(&text, text.count)
    return text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)).asText
  }
}
