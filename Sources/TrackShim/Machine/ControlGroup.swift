/// The limits that a container, or a batch system, has set for this process: what it may use of the machine.
/// https://docs.kernel.org/admin-guide/cgroup-v2.html and …/cgroup-v1/
struct ControlGroup {
  /// Bytes; nil: no limit.
  private(set) var memoryLimit: UInt64?
  /// Where the memory that is in use can be read.
  private var memoryFile = ""
  /// Processors, as a quota of their time; nil: no limit.
  private(set) var processors: Double?

  /// A limit that is none: v1 has no word for it and writes the largest number of whole pages.
  private static let unlimited: UInt64 = 1 << 60

  /// A machine may have both versions, each with some of the controllers.
  init(root: String, mounts: MountTable) {
    let groups = Self.groups(root)
    if let path = groups[""], let mount = mounts.mounts.first(where: { $0.type == "cgroup2" }) {
      readUnified("\(root)\(Self.folder(path, in: mount))")
    }
    if memoryLimit == nil, let folder = Self.folder(of: "memory", groups, mounts) {
      limit("\(root)\(folder)", "/memory.limit_in_bytes", "/memory.usage_in_bytes")
    }
    if processors == nil, let folder = Self.folder(of: "cpu", groups, mounts) {
      let quota = KernelText(root + folder + "/cpu.cfs_quota_us")?.number
      processors = Self.ratio(quota, KernelText(root + folder + "/cpu.cfs_period_us")?.number)
    }
  }

  private mutating func readUnified(_ folder: String) {
    limit(folder, "/memory.max", "/memory.current")
    let quota = KernelText(folder + "/cpu.max")?.lines.first { _ in true }
    processors = Self.ratio(quota?.number(0), quota?.number(1))
  }

  private mutating func limit(_ folder: String, _ limit: String, _ inUse: String) {
    guard let bytes = KernelText(folder + limit)?.number, bytes < Self.unlimited else { return }
    memoryLimit = bytes
    memoryFile = "\(folder)\(inUse)"
  }

  var memoryInUse: UInt64? { memoryLimit == nil ? nil : KernelText(memoryFile)?.number }

  private static func ratio(_ quota: UInt64?, _ period: UInt64?) -> Double? {
    guard let quota, let period, quota > 0, period > 0 else { return nil }
    // bounded: doubles
    return Double(quota) / Double(period)
  }

  /// This process's groups by controller; "" is that of v2.
  private static func groups(_ root: String) -> [String: String] {
    var groups: [String: String] = [:]
    for line in Files.text(root + "/proc/self/cgroup").split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3, let controllers = parts.dropFirst().first, let path = parts.last else { continue }
      if controllers.isEmpty { groups[""] = String(path) }
      for controller in controllers.split(separator: ",") { groups[String(controller)] = String(path) }
    }
    return groups
  }

  private static func folder(of controller: String, _ groups: [String: String], _ mounts: MountTable) -> String? {
    let mount = mounts.mounts.first {
      $0.type == "cgroup" && $0.options.split(separator: ",").contains { $0 == controller }
    }
    guard let mount, let path = groups[controller] else { return nil }
    return folder(path, in: mount)
  }

  /// A container sees a part of the tree, and its groups' paths may still begin at the tree's root.
  private static func folder(_ path: String, in mount: MountTable.Mount) -> String {
    let isBelow = mount.root != "/" && (path == mount.root || path.hasPrefix(mount.root + "/"))
    let rest = isBelow ? String(path.dropFirst(mount.root.count)) : path
    return rest == "/" || rest.isEmpty ? mount.point : "\(mount.point)\(rest)"
  }
}
