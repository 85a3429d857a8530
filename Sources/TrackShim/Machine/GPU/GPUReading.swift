/// One GPU in one sample, and what W&B calls its figures.
struct GPUReading {
  /// NVML's number of it, which W&B's names have too, whatever CUDA_VISIBLE_DEVICES says.
  let index: Int
  /// By this process.
  let isUsed: Bool
  let values: [GPUFigure: UInt64]

  /// What is not known is absent. Of a GPU that this process uses, the first eight come again as `gpu.process`.
  var items: [RecordItem] {
    var items = named("gpu.\(index)", gauges)
    items.append(contentsOf: named("gpu.\(index)", counters))
    if isUsed { items.append(contentsOf: named("gpu.process.\(index)", gauges)) }
    return items
  }

  private typealias Figure = (name: String, json: String?)

  private func named(_ prefix: String, _ figures: [Figure]) -> [RecordItem] {
    figures.compactMap { figure in
      figure.json.map { RecordItem(key: "\(prefix).\(figure.name)", json: $0) }
    }
  }

  private var gauges: [Figure] {
    [
      ("gpu", whole(.utilization)),
      ("memory", whole(.memoryUtilization)),
      ("memoryAllocated", percent(of: value(.memoryUsed), in: value(.memoryTotal))),
      ("memoryAllocatedBytes", whole(.memoryUsed)),
      ("temp", whole(.temperature)),
      ("powerWatts", watts(.power).map(Self.json)),
      ("enforcedPowerLimitWatts", watts(.powerLimit).map(Self.json)),
      ("powerPercent", percent(of: watts(.power), in: watts(.powerLimit))),
    ]
  }

  private var counters: [Figure] {
    [
      ("smClock", whole(.smClock)),
      ("memoryClock", whole(.memoryClock)),
      ("graphicsClock", whole(.graphicsClock)),
      ("correctedMemoryErrors", whole(.correctedErrors)),
      ("uncorrectedMemoryErrors", whole(.uncorrectedErrors)),
      ("fanSpeed", whole(.fanSpeed)),
      ("encoderUtilization", whole(.encoder)),
      ("pcieLinkGen", whole(.linkGeneration)),
      // The driver counts megabits, W&B bits.
      ("pcieLinkSpeed", values[.linkSpeed].map { Self.json($0 &* 1_000_000) }),
      ("pcieLinkWidth", whole(.linkWidth)),
      ("maxPcieLinkGen", whole(.maxLinkGeneration)),
      ("maxPcieLinkWidth", whole(.maxLinkWidth)),
    ]
  }

  private func value(_ figure: GPUFigure) -> Double? { values[figure].map { Double($0) } }

  private func whole(_ figure: GPUFigure) -> String? { values[figure].map { Self.json($0) } }

  /// The driver says milliwatts.
  private func watts(_ figure: GPUFigure) -> Double? { value(figure).map { $0 / 1000.0 } }

  private func percent(of part: Double?, in whole: Double?) -> String? {
    guard let part, let whole, whole > 0 else { return nil }
    // bounded: of doubles, and the divisor is more than nothing
    return Self.json(part / whole * 100.0)
  }

  private static func json(_ value: UInt64) -> String {
    var text: [UInt8] = []
    text.appendDecimal(value)
    return text.asText
  }

  private static func json(_ value: Double) -> String {
    var text: [UInt8] = []
    text.appendDouble(value)
    return text.asText
  }
}
