/// How much memory the machine has, and how much of it is in use; of a control group with a limit, its own.
struct MemoryFigures {
  private let root: String
  private let group: ControlGroup

  init(root: String, group: ControlGroup) {
    self.root = root
    self.group = group
  }

  /// Adds its own, and gives what there is in bytes.
  func add(to sample: inout MachineSample) -> UInt64? {
    if let limit = group.memoryLimit, let used = group.memoryInUse {
      sample.add("memory_percent", percent: used, of: limit)
      sample.add("proc.memory.availableMB", mebibytes: limit > used ? limit &- used : 0)
      return limit
    }
    guard let text = KernelText(root + "/proc/meminfo"), let total = Self.bytes("MemTotal:", text),
      let available = Self.bytes("MemAvailable:", text)
    else { return nil }
    sample.add("memory_percent", percent: total > available ? total &- available : 0, of: total)
    sample.add("proc.memory.availableMB", mebibytes: available)
    return total
  }

  private static func bytes(_ name: String, _ text: KernelText) -> UInt64? {
    text.line(name)?.number(1)?.multipliedReportingOverflow(by: 1024).partialValue
  }
}
