import CTrackShim

/// What the process and its machine say of themselves, from /proc, and what the user wants said instead. Asked
/// once, by the worker.
struct HostFacts {
  /// The program's name, and what it was given unless that is to be kept back.
  let arguments: [String]
  let executable: String
  let directory: String
  let host: String
  private let settings: Settings

  init(_ settings: Settings) {
    self.settings = settings
    let line = (try? Files.read("/proc/self/cmdline")) ?? []
    let all = line.split(separator: 0, omittingEmptySubsequences: false).dropLast(line.last == 0 ? 1 : 0)
      .map { Array($0).asText }
    arguments = settings.sendsArguments ? all : Array(all.prefix(1))
    executable = Files.linkTarget("/proc/self/exe")
    directory = tsi_start_directory().map { String(cString: $0) } ?? ""
    host = settings.host.isEmpty ? Self.hostName() : settings.host
  }

  private static func hostName() -> String {
    var name = [CChar](repeating: 0, count: 128)
    return tsi_host_name(&name, name.count) == 0 ? name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)).asText : ""
  }

  /// As one would type it, without quotes.
  var command: String { arguments.joined(separator: " ") }

  var program: String {
    let name = (arguments.first ?? executable).lastPathComponent
    return name.isEmpty ? "this program" : name
  }

  static var platform: String {
    #if arch(x86_64)
      "linux-x86_64"
    #else
      "linux-aarch64"
    #endif
  }

  func environmentRecord(startedAt: Int64, writerID: String) -> EnvironmentRecord {
    var record = EnvironmentRecord()
    record.operatingSystem = Self.operatingSystem()
    record.startedAt = startedAt
    record.arguments = Array(arguments.dropFirst())
    record.program = settings.program.isEmpty ? arguments.first ?? executable : settings.program
    record.root = directory
    record.host = host
    record.username = settings.username
    record.executable = executable
    record.writerID = writerID
    record.slurm = Self.slurm(Self.variable)
    record.identity = identity
    let processor = Self.processor
    record.cpuCount = processor.count
    record.cpuCountLogical = processor.countLogical
    record.cpu = processor
    if let total = Self.memoryTotal() {
      var memory = MemoryInfo()
      memory.total = total
      record.memory = memory
    }
    if let space = DiskFigures.space("") {
      var disk = DiskInfo()
      disk.path = "/"
      disk.total = space.total
      disk.used = space.used
      record.disks = [disk]
    }
    return record
  }

  private var identity: IdentityRecord? {
    var record = IdentityRecord()
    record.buildID = BuildID.of("/proc/self/exe")
    record.gitBranch = settings.disablesGit ? "" : GitFacts.branch(from: directory)
    record.gitDirty = settings.disablesGit ? nil : GitDirty.find(from: directory)
    record.cudaRuntime = CUDARuntime.version()
    record.job = JobVariables.find(host: host, Self.variable)
    return record == IdentityRecord() ? nil : record
  }

  private static func variable(_ name: String) -> String? {
    tsi_environment(name).map { String(cString: $0) }
  }

  /// What tells a batch job from others, without accounts, users and addresses; named as W&B's client does.
  private static let slurmNames = [
    "job_id", "job_name", "job_nodelist", "job_partition", "job_num_nodes", "ntasks", "procid", "step_id",
    "cpus_per_task",
    "array_job_id", "array_task_id", "restart_count",
  ]

  static func slurm(_ variable: (String) -> String?) -> [JobVariable] {
    slurmNames.compactMap { name in
      guard let value = variable("SLURM_\(name.uppercased())"), !value.isEmpty else { return nil }
      var found = JobVariable()
      found.name = name
      found.value = value
      return found
    }
  }

  private static func operatingSystem() -> String {
    let release = Files.text("/proc/sys/kernel/osrelease").split(whereSeparator: \.isNewline).first.map(String.init)
    return "Linux-\(release ?? "unknown")-\(platform.dropFirst("linux-".count))"
  }

  private static func memoryTotal() -> UInt64? {
    value(of: "MemTotal", in: Files.text("/proc/meminfo"))
      .flatMap { UInt64($0.split(separator: " ").first ?? "") }
      .map { $0 &* 1024 }
  }

  /// Cores are told apart by (physical id, core id); a virtual machine may give neither.
  static let processor = readProcessor()

  private static func readProcessor() -> CPUInfo {
    let text = ((try? Files.read("/proc/cpuinfo", limit: 1 << 20)) ?? []).asText
    var info = CPUInfo()
    var cores: Set<String> = []
    var package = ""
    for line in text.split(whereSeparator: \.isNewline) {
      let parts = line.split(separator: ":", maxSplits: 1).map { String($0).trimmed }
      guard let key = parts.first else { continue }
      switch key {
      case "processor": info.countLogical &+= 1
      case "physical id": package = parts.last ?? ""
      case "core id": cores.insert(package + "/" + (parts.last ?? ""))
      case "model name": info.model = parts.last ?? ""
      default: break
      }
    }
    info.count = cores.isEmpty ? info.countLogical : UInt32(clamping: cores.count)
    return info
  }

  private static func value(of key: String, in text: String) -> String? {
    for line in text.split(whereSeparator: \.isNewline) {
      let parts = line.split(separator: ":", maxSplits: 1)
      if parts.count == 2, parts[0] == key { return String(parts[1]).trimmed }
    }
    return nil
  }
}
