/// How many processors this process can keep busy at once: what 100 % are.
enum ProcessorCapacity {
  private static let mostThreads = 128

  /// As W&B's client counts: cores, or fewer where a control group or the threads' affinity allows fewer.
  static func count(root: String, group: ControlGroup, cores: UInt32, logical: UInt32) -> Double {
    var limits = [group.processors].compactMap { $0 }
    let allowed = allowedProcessors(root)
    if allowed > 0, allowed < Int(clamping: logical) { limits.append(Double(allowed)) }
    return limits.min() ?? Double(max(1, cores))
  }

  /// A program may bind each of its threads to one processor: what one of them may use says nothing of the others.
  private static func allowedProcessors(_ root: String) -> Int {
    let threads = root + "/proc/self/task"
    var allowed: Set<UInt64> = []
    for thread in Files.list(threads).prefix(mostThreads) {
      guard let list = KernelText("\(threads)/\(thread)/status")?.line("Cpus_allowed_list:")?.field(1) else { continue }
      for range in list.split(separator: UInt8(ascii: ",")) { add(range, to: &allowed) }
    }
    return allowed.count
  }

  /// `4` or `0-3`
  private static func add(_ range: ArraySlice<UInt8>, to allowed: inout Set<UInt64>) {
    let ends = range.split(separator: UInt8(ascii: "-")).map { KernelText.decimal($0) }
    guard let first = ends.first ?? nil, let last = ends.last ?? nil, first <= last, last < 65_536 else { return }
    allowed.formUnion(first...last)
  }
}
