import CTrackShim

/// What the machine was doing, every `interval` seconds and once at the start. Asked by the worker: all of it is read from
/// files of the kernel's that answer from memory.
struct MachineMonitor {
  private let interval: Int64
  private var due: Int64
  private let capacity: Double
  private let memory: MemoryFigures
  private let tree: ProcessTree
  private let disk: DiskFigures
  private let network: NetworkFigures
  private var last: (ticks: UInt64, time: Int64)?

  /// nil: nobody wants them. `root`: where /proc and /sys are, for tests.
  init?(interval: Double, cores: UInt32, logical: UInt32, now: Int64, root: String = "") {
    guard interval > 0 else { return nil }
    self.interval = Pace.nanoseconds(interval)
    due = now
    let mounts = MountTable(root: root)
    let group = ControlGroup(root: root, mounts: mounts)
    capacity = ProcessorCapacity.count(root: root, group: group, cores: cores, logical: logical)
    memory = MemoryFigures(root: root, group: group)
    tree = ProcessTree(root: root)
    disk = DiskFigures(root: root, mounts: mounts)
    network = NetworkFigures(root: root)
  }

  func isDue(now: Int64) -> Bool { now >= due }

  /// A machine that was asleep is asked once, and not for each time that was missed.
  mutating func sample(now: Int64) -> MachineSample {
    due = max(due &+ interval, now &+ interval / 2)
    var sample = MachineSample()
    let total = memory.add(to: &sample)
    if let usage = tree.usage() { add(usage, now, memory: total, to: &sample) }
    disk.add(to: &sample)
    network.add(to: &sample)
    return sample
  }

  // bounded: doubles
  private mutating func add(
    _ usage: ProcessTree.Usage, _ now: Int64, memory total: UInt64?, to sample: inout MachineSample
  ) {
    if let last, now > last.time {
      let busy = Double(usage.ticks &- min(usage.ticks, last.ticks)) / ProcessTree.ticksPerSecond
      sample.add("cpu", busy / (Double(now &- last.time) / 1e9) / capacity * 100)
    }
    last = (usage.ticks, now)
    let resident = usage.pages &* UInt64(clamping: tsi_page_size())
    sample.add("proc.memory.rssMB", mebibytes: resident)
    if let total { sample.add("proc.memory.percent", percent: resident, of: total) }
    sample.add("proc.cpu.threads", Double(usage.threads))
  }
}
