// The parts of an environment record. Sizes are in bytes.

/// An entry of `map<string, DiskInfo>`: on the wire a message with the key as field 1.
public struct DiskInfo: Equatable, Sendable {
  public var path = ""
  public var total: UInt64 = 0
  public var used: UInt64 = 0

  public init() {}
}

public struct MemoryInfo: Equatable, Sendable {
  public var total: UInt64 = 0

  public init() {}
}

public struct CPUInfo: Equatable, Sendable {
  public var count: UInt32 = 0
  public var countLogical: UInt32 = 0
  public var model = ""

  public init() {}
}

public struct NvidiaGPUInfo: Equatable, Sendable {
  public var name = ""
  public var memoryTotal: UInt64 = 0
  public var cudaCores: UInt32 = 0
  public var architecture = ""
  public var uuid = ""
  public var pciBusID = ""
  public var numaNode: UInt32 = 0

  public init() {}
}

/// An entry of `map<string, string>`.
public struct JobVariable: Equatable, Sendable {
  public var name = ""
  public var value = ""

  public init() {}
}

extension DiskInfo: WireMessage {
  func encode(into out: inout [UInt8]) {
    out.appendField(1, path)
    out.appendMessage(2) { value in
      value.appendField(1, total)
      value.appendField(2, used)
    }
  }

  mutating func take(_ field: WireField) throws(WireError) {
    switch field.number {
    case 1: field.read(&path)
    case 2: try takeValue(field)
    default: break
    }
  }

  private mutating func takeValue(_ field: WireField) throws(WireError) {
    guard let bytes = field.bytes else { return }
    var reader = WireReader(bytes)
    while let field = try reader.next() {
      switch field.number {
      case 1: field.read(&total)
      case 2: field.read(&used)
      default: break
      }
    }
  }
}

extension MemoryInfo: WireMessage {
  func encode(into out: inout [UInt8]) { out.appendField(1, total) }

  mutating func take(_ field: WireField) {
    if field.number == 1 { field.read(&total) }
  }
}

extension CPUInfo: WireMessage {
  func encode(into out: inout [UInt8]) {
    out.appendField(1, count)
    out.appendField(2, countLogical)
    out.appendField(3, model)
  }

  mutating func take(_ field: WireField) {
    switch field.number {
    case 1: field.read(&count)
    case 2: field.read(&countLogical)
    case 3: field.read(&model)
    default: break
    }
  }
}

extension NvidiaGPUInfo: WireMessage {
  func encode(into out: inout [UInt8]) {
    out.appendField(1, name)
    out.appendField(2, memoryTotal)
    out.appendField(3, cudaCores)
    out.appendField(4, architecture)
    out.appendField(5, uuid)
    out.appendField(6, pciBusID)
    out.appendField(7, numaNode)
  }

  mutating func take(_ field: WireField) {
    switch field.number {
    case 1: field.read(&name)
    case 2: field.read(&memoryTotal)
    case 3: field.read(&cudaCores)
    case 4: field.read(&architecture)
    case 5: field.read(&uuid)
    case 6: field.read(&pciBusID)
    case 7: field.read(&numaNode)
    default: break
    }
  }
}

extension JobVariable: WireMessage {
  func encode(into out: inout [UInt8]) {
    out.appendField(1, name)
    out.appendField(2, value)
  }

  mutating func take(_ field: WireField) {
    switch field.number {
    case 1: field.read(&name)
    case 2: field.read(&value)
    default: break
    }
  }
}
