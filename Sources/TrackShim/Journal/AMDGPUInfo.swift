/// A card of AMD's, a part of an environment record. All of it is text, as rocm-smi writes it.
public struct AMDGPUInfo: Equatable, Sendable {
  public var id = ""
  public var uniqueID = ""
  public var vbiosVersion = ""
  public var performanceLevel = ""
  public var gpuOverdrive = ""
  public var gpuMemoryOverdrive = ""
  public var maxPower = ""
  public var series = ""
  public var model = ""
  public var vendor = ""
  public var sku = ""

  public init() {}
}

extension AMDGPUInfo: WireMessage {
  func encode(into out: inout [UInt8]) {
    out.appendField(1, id)
    out.appendField(2, uniqueID)
    out.appendField(3, vbiosVersion)
    out.appendField(4, performanceLevel)
    out.appendField(5, gpuOverdrive)
    out.appendField(6, gpuMemoryOverdrive)
    out.appendField(7, maxPower)
    out.appendField(8, series)
    out.appendField(9, model)
    out.appendField(10, vendor)
    out.appendField(11, sku)
  }

  mutating func take(_ field: WireField) {
    switch field.number {
    case 1: field.read(&id)
    case 2: field.read(&uniqueID)
    case 3: field.read(&vbiosVersion)
    case 4: field.read(&performanceLevel)
    case 5: field.read(&gpuOverdrive)
    case 6: field.read(&gpuMemoryOverdrive)
    case 7: field.read(&maxPower)
    case 8: field.read(&series)
    case 9: field.read(&model)
    case 10: field.read(&vendor)
    case 11: field.read(&sku)
    default: break
    }
  }
}
