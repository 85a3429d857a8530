import CTrackShim

/// How full the root file system is, and what has been read from and written to its disk since the start.
struct DiskFigures {
  /// As W&B's client has it by default, and in its keys.
  private static let path = "/"
  private static let bytesPerSector: UInt64 = 512

  struct Traffic: Equatable {
    var sectorsRead: UInt64
    var sectorsWritten: UInt64
  }

  private let root: String
  private let before: [String: Traffic]

  init(root: String, mounts: MountTable) {
    self.root = root
    before = Self.traffic(root) { device, name in Self.devices(mounts)?.contains(device) ?? !Self.isPseudo(name) }
  }

  /// Those of the root file system. That of a container is a pile of folders; then whatever disk something is mounted
  /// from.
  private static func devices(_ mounts: MountTable) -> Set<String>? {
    let root = mounts.mount(at: path).map { Set([$0.device]) } ?? []
    if let device = root.first, !device.hasPrefix("0:") { return root }
    let others = Set(mounts.mounts.map(\.device).filter { !$0.hasPrefix("0:") })
    return others.isEmpty ? nil : others
  }

  private static func isPseudo(_ name: String) -> Bool {
    ["loop", "ram", "zram"].contains { name.hasPrefix($0) }
  }

  /// https://docs.kernel.org/admin-guide/iostats.html
  private static func traffic(_ root: String, where isWanted: (_ device: String, _ name: String) -> Bool)
    -> [String: Traffic]
  {
    var found: [String: Traffic] = [:]
    for line in KernelText(root + "/proc/diskstats", limit: 1 << 18)?.lines.map({ $0 }) ?? [] {
      guard let major = line.text(0), let minor = line.text(1), let name = line.text(2),
        isWanted("\(major):\(minor)", name), let read = line.number(5), let written = line.number(9)
      else { continue }
      found[name] = Traffic(sectorsRead: read, sectorsWritten: written)
    }
    return found
  }

  func add(to sample: inout MachineSample) {
    if let space = Self.space(root) {
      // What only root may use is no room: as df counts.
      sample.add("disk./.usagePercent", percent: space.used, of: space.used &+ space.available)
      sample.add("disk./.usageGB", Double(space.used) / 1_073_741_824)
    }
    let now = Self.traffic(root) { _, name in before[name] != nil }
    for (name, traffic) in now.sorted(by: { $0.key < $1.key }) {
      guard let first = before[name] else { continue }
      let read = traffic.sectorsRead &- min(traffic.sectorsRead, first.sectorsRead)
      let written = traffic.sectorsWritten &- min(traffic.sectorsWritten, first.sectorsWritten)
      sample.add("disk.\(name).in", mebibytes: read &* Self.bytesPerSector)
      sample.add("disk.\(name).out", mebibytes: written &* Self.bytesPerSector)
    }
  }

  /// In bytes.
  static func space(_ root: String) -> (total: UInt64, used: UInt64, available: UInt64)? {
    var space: (UInt64, UInt64, UInt64) = (0, 0, 0)
    let failed = withUnsafeMutableBytes(of: &space) {
      tsi_disk_space("\(root)\(path)", $0.baseAddress?.assumingMemoryBound(to: UInt64.self))
    }
    return failed < 0 ? nil : (space.0, space.1, space.2)
  }
}
