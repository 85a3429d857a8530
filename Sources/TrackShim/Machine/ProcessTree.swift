import CTrackShim

/// This process and those it has started: what they take of processors and memory.
struct ProcessTree {
  /// A process may have more children than can be looked at in a moment; then those of its first threads count.
  private static let most = 256
  /// Threads of all of them together that are asked for their children.
  private static let mostThreads = 1024

  /// What the tree has used up to now.
  struct Usage {
    /// Hundredths of a second, also of children that are gone.
    var ticks: UInt64 = 0
    /// Of this process in memory: what children share with it would count again with each of them.
    var pages: UInt64 = 0
    var threads: UInt64 = 0
  }

  /// The kernel counts in these for programs, whatever its own clock is.
  static let ticksPerSecond = 100.0

  private let root: String
  private let process: Int32

  init(root: String, process: Int32 = tsi_process()) {
    self.root = root
    self.process = process
  }

  func usage() -> Usage? {
    var usage = Usage()
    var waiting = [UInt64(clamping: process)]
    var seen = Set(waiting)
    var threadsLeft = Self.mostThreads
    while let next = waiting.popLast() {
      guard add(next, to: &usage) || next != UInt64(clamping: process) else { return nil }
      for child in children(of: next, &threadsLeft) where seen.count < Self.most && seen.insert(child).inserted {
        waiting.append(child)
      }
    }
    return usage
  }

  /// proc_pid_stat(5), from its third field on: the second is a name in parentheses, which may hold anything.
  private func add(_ process: UInt64, to usage: inout Usage) -> Bool {
    guard let bytes = try? Files.read("\(root)/proc/\(process)/stat", limit: 4096),
      let name = bytes.lastIndex(of: UInt8(ascii: ")")),
      let line = KernelText(Array(bytes[name...].dropFirst())).lines.first(where: { _ in true })
    else { return false }
    // utime, stime, cutime, cstime
    for field in 11...14 { usage.ticks &+= line.number(field) ?? 0 }
    usage.threads &+= line.number(17) ?? 0
    if process == UInt64(clamping: self.process) { usage.pages = line.number(21) ?? 0 }
    return true
  }

  /// Each thread has children of its own.
  private func children(of process: UInt64, _ threadsLeft: inout Int) -> [UInt64] {
    let threads = "\(root)/proc/\(process)/task"
    let asked = Files.list(threads).prefix(min(Self.most, threadsLeft))
    threadsLeft &-= asked.count
    return asked.flatMap { thread -> [UInt64] in
      guard let text = KernelText("\(threads)/\(thread)/children", limit: 4096) else { return [] }
      return text.lines.flatMap { $0.fields.compactMap { KernelText.decimal($0) } }
    }
  }
}
