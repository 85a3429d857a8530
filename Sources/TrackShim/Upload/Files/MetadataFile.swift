/// `wandb-metadata.json`: what is known of the program and its machine.
///
/// The keys are those of W&B's own client, which names some in snake case and some in camel case, writes 64-bit
/// numbers as strings and leaves out what is empty. What W&B has no key for stands under `trackshim`.
enum MetadataFile {
  static func make(_ record: EnvironmentRecord) -> [UInt8] {
    var object = ObjectBuilder()
    addProgram(of: record, to: &object)
    addMachine(of: record, to: &object)
    object.add("writerId", record.writerID)
    object.add("trackshim", record.identity.map(identity))
    var out: [UInt8] = []
    object.value.append(to: &out)
    out.append(Control.lineFeed)
    return out
  }

  private static func addProgram(of record: EnvironmentRecord, to object: inout ObjectBuilder) {
    object.add("os", record.operatingSystem)
    object.add("python", record.python)
    if let time = record.startedAt { object.add("startedAt", startTime(time)) }
    object.add("docker", record.docker)
    object.add("args", record.arguments.map(JSONValue.string))
    object.add("program", record.program)
    object.add("codePath", record.codePath)
    object.add("codePathLocal", record.codePathLocal)
    object.add("git", record.git.map(git))
    object.add("email", record.email)
    object.add("root", record.root)
    object.add("host", record.host)
    object.add("username", record.username)
    object.add("executable", record.executable)
  }

  private static func addMachine(of record: EnvironmentRecord, to object: inout ObjectBuilder) {
    object.add("cpu_count", record.cpuCount)
    object.add("cpu_count_logical", record.cpuCountLogical)
    object.add("gpu", record.gpuType)
    object.add("gpu_count", record.gpuCount)
    object.add("disk", map(record.disks.map { ($0.path, disk($0)) }))
    object.add("memory", record.memory.map(memory))
    object.add("cpu", record.cpu.map(processor))
    object.add("gpu_nvidia", record.nvidiaGPUs.map(nvidia))
    object.add("cudaVersion", record.cudaVersion)
    object.add("gpu_amd", record.amdGPUs.map(amd))
    object.add("slurm", map(record.slurm.map { ($0.name, .string($0.value)) }))
  }

  private static func startTime(_ nanoseconds: Int64) -> String {
    var text: [UInt8] = []
    text.appendUTCTime(nanoseconds: nanoseconds)
    text.append(UInt8(ascii: "Z"))
    return text.asText
  }

  // MARK: Parts

  private static func identity(_ record: IdentityRecord) -> JSONValue {
    var object = ObjectBuilder()
    object.add("buildId", record.buildID)
    object.add("gitBranch", record.gitBranch)
    object.add("gitDirty", record.gitDirty.map(JSONValue.bool))
    object.add("cudaRuntime", record.cudaRuntime)
    object.add("job", map(record.job.map { ($0.name, .string($0.value)) }))
    return object.value
  }

  private static func git(_ record: GitRecord) -> JSONValue {
    var object = ObjectBuilder()
    object.add("remote", record.remoteURL)
    object.add("commit", record.commit)
    return object.value
  }

  private static func disk(_ disk: DiskInfo) -> JSONValue {
    var object = ObjectBuilder()
    object.add("total", disk.total)
    object.add("used", disk.used)
    return object.value
  }

  private static func memory(_ memory: MemoryInfo) -> JSONValue {
    var object = ObjectBuilder()
    object.add("total", memory.total)
    return object.value
  }

  private static func processor(_ processor: CPUInfo) -> JSONValue {
    var object = ObjectBuilder()
    object.add("count", processor.count)
    object.add("countLogical", processor.countLogical)
    object.add("model", processor.model)
    return object.value
  }

  private static func nvidia(_ gpu: NvidiaGPUInfo) -> JSONValue {
    var object = ObjectBuilder()
    object.add("name", gpu.name)
    object.add("memoryTotal", gpu.memoryTotal)
    object.add("cudaCores", gpu.cudaCores)
    object.add("architecture", gpu.architecture)
    object.add("uuid", gpu.uuid)
    object.add("pciBusId", gpu.pciBusID)
    object.add("numaNode", gpu.numaNode)
    return object.value
  }

  private static func amd(_ gpu: AMDGPUInfo) -> JSONValue {
    var object = ObjectBuilder()
    for (key, text) in zip(AMDGPUInfo.keys, gpu.texts) { object.add(key, text) }
    return object.value
  }

  /// By key; of two entries with one key the last counts, as in any protobuf map. Nil when there is none.
  private static func map(_ entries: [(key: String, value: JSONValue)]) -> JSONValue? {
    guard !entries.isEmpty else { return nil }
    let unique = Dictionary(entries.map { ($0.key, $0.value) }) { _, last in last }
    return .object(unique.sorted { $0.key < $1.key }.map { JSONValue.Member(key: $0.key, value: $0.value) })
  }
}

/// An object without its empty members.
private struct ObjectBuilder {
  private var members: [JSONValue.Member] = []

  var value: JSONValue { .object(members) }

  mutating func add(_ key: String, _ value: JSONValue?) {
    if let value { members.append(JSONValue.Member(key: key, value: value)) }
  }

  mutating func add(_ key: String, _ text: String) { add(key, text.isEmpty ? nil : .string(text)) }
  mutating func add(_ key: String, _ elements: [JSONValue]) { add(key, elements.isEmpty ? nil : .array(elements)) }
  mutating func add(_ key: String, _ number: UInt32) { add(key, number == 0 ? nil : .number(String(number))) }
  mutating func add(_ key: String, _ number: UInt64) { add(key, number == 0 ? nil : .string(String(number))) }
}
