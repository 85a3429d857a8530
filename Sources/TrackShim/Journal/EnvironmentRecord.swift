/// Program and machine; `wandb sync` makes `wandb-metadata.json` of it. Several records of one run
/// merge if they carry the same `writerID`.
public struct EnvironmentRecord: Equatable, Sendable {
  public var operatingSystem = ""
  public var python = ""
  /// Nanoseconds since 1970.
  public var startedAt: Int64?
  public var docker = ""
  public var arguments: [String] = []
  public var program = ""
  public var codePath = ""
  public var codePathLocal = ""
  public var git: GitRecord?
  public var email = ""
  /// The working directory.
  public var root = ""
  public var host = ""
  public var username = ""
  public var executable = ""
  /// Cores, then hardware threads.
  public var cpuCount: UInt32 = 0
  public var cpuCountLogical: UInt32 = 0
  public var gpuType = ""
  public var gpuCount: UInt32 = 0
  public var disks: [DiskInfo] = []
  public var memory: MemoryInfo?
  public var cpu: CPUInfo?
  public var nvidiaGPUs: [NvidiaGPUInfo] = []
  public var cudaVersion = ""
  public var amdGPUs: [AMDGPUInfo] = []
  public var slurm: [JobVariable] = []
  public var writerID = ""
  /// TrackShim's own.
  public var identity: IdentityRecord?

  public init() {}
}

extension EnvironmentRecord: RecordMessage {
  static let recordField = 26

  func encode(into out: inout [UInt8]) {
    encodeProgram(into: &out)
    encodeMachine(into: &out)
    out.appendField(199, writerID)
    out.appendField(IdentityRecord.field, identity)
  }

  private func encodeProgram(into out: inout [UInt8]) {
    out.appendField(1, operatingSystem)
    out.appendField(2, python)
    out.appendField(3, time: startedAt)
    out.appendField(4, docker)
    out.appendField(5, arguments)
    out.appendField(6, program)
    out.appendField(7, codePath)
    out.appendField(8, codePathLocal)
    out.appendField(9, git)
    out.appendField(10, email)
    out.appendField(11, root)
    out.appendField(12, host)
    out.appendField(13, username)
    out.appendField(14, executable)
  }

  private func encodeMachine(into out: inout [UInt8]) {
    out.appendField(16, cpuCount)
    out.appendField(17, cpuCountLogical)
    out.appendField(18, gpuType)
    out.appendField(19, gpuCount)
    out.appendField(20, disks)
    out.appendField(21, memory)
    out.appendField(22, cpu)
    out.appendField(24, nvidiaGPUs)
    out.appendField(25, cudaVersion)
    out.appendField(26, amdGPUs)
    out.appendField(27, slurm)
  }

  mutating func take(_ field: WireField) throws(WireError) {
    switch field.number {
    case 1...14: try takeProgram(field)
    case 199: field.read(&writerID)
    case IdentityRecord.field: try field.read(&identity)
    default: try takeMachine(field)
    }
  }

  private mutating func takeProgram(_ field: WireField) throws(WireError) {
    switch field.number {
    case 1: field.read(&operatingSystem)
    case 2: field.read(&python)
    case 3: try field.read(time: &startedAt)
    case 4: field.read(&docker)
    case 5: field.read(&arguments)
    case 6: field.read(&program)
    case 7: field.read(&codePath)
    case 8: field.read(&codePathLocal)
    case 9: try field.read(&git)
    case 10: field.read(&email)
    case 11: field.read(&root)
    case 12: field.read(&host)
    case 13: field.read(&username)
    case 14: field.read(&executable)
    default: break
    }
  }

  private mutating func takeMachine(_ field: WireField) throws(WireError) {
    switch field.number {
    case 16: field.read(&cpuCount)
    case 17: field.read(&cpuCountLogical)
    case 18: field.read(&gpuType)
    case 19: field.read(&gpuCount)
    case 20: try field.read(&disks)
    case 21: try field.read(&memory)
    case 22: try field.read(&cpu)
    case 24: try field.read(&nvidiaGPUs)
    case 25: field.read(&cudaVersion)
    case 26: try field.read(&amdGPUs)
    case 27: try field.read(&slurm)
    default: break
    }
  }
}
