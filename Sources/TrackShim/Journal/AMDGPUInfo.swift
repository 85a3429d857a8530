/// A card of AMD's, a part of an environment record. All of it is text.
public struct AMDGPUInfo: Equatable, Sendable {
  /// What each text is, by W&B's key for it, in the order of their numbers on the wire, from 1.
  public static let keys = [
    "id", "uniqueId", "vbiosVersion", "performanceLevel", "gpuOverdrive", "gpuMemoryOverdrive", "maxPower", "series",
    "model", "vendor", "sku",
  ]

  /// In that order; empty: not known.
  public var texts: [String]

  public init() { texts = Array(repeating: "", count: Self.keys.count) }
}

extension AMDGPUInfo: WireMessage {
  func encode(into out: inout [UInt8]) {
    for (number, text) in zip(1..., texts) { out.appendField(number, text) }
  }

  mutating func take(_ field: WireField) {
    let place = field.number &- 1
    if texts.indices.contains(place) { field.read(&texts[place]) }
  }
}
