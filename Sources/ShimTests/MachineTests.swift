import Glibc
import Testing

@testable import TrackShim

/// A machine that is made of files.
private struct PaperMachine {
  let folder = TemporaryFolder()
  var root: String { folder("root") }

  func write(_ path: String, _ text: String) {
    Files.makeFolder((root + path).parentFolder ?? "")
    folder.write("root" + path, Array(text.utf8))
  }

  /// `process` with its threads' children.
  func process(
    _ number: Int32, name: String = "train", ticks: (Int, Int, Int, Int), threads: Int, pages: Int, children: [Int] = []
  ) {
    let stat =
      "\(number) (\(name)) S 1 1 1 0 -1 4194560 1 2 3 4 \(ticks.0) \(ticks.1) \(ticks.2) \(ticks.3) 20 0 \(threads) 0 99 1000 \(pages) 18446744073709551615 1"
    write("/proc/\(number)/stat", stat)
    write("/proc/\(number)/task/\(number)/children", children.map { "\($0) " }.joined())
  }

  func mounts(_ lines: String...) { write("/proc/self/mountinfo", lines.joined(separator: "\n") + "\n") }
}

@Suite struct MachineTests {
  private func figures(_ sample: MachineSample) -> [String: String] {
    Dictionary(sample.items.map { ($0.key, $0.json) }, uniquingKeysWith: { first, _ in first })
  }

  private static let disk = "30 1 254:0 / / rw - ext4 /dev/vda rw"

  private func described(_ fill: (PaperMachine) -> Void, later: (PaperMachine) -> Void) -> (
    [String: String], [String: String]
  ) {
    let machine = PaperMachine()
    defer { machine.folder.remove() }
    fill(machine)
    guard var monitor = MachineMonitor(interval: 2, cores: 4, logical: 8, now: 0, root: machine.root) else {
      return ([:], [:])
    }
    let first = figures(monitor.sample(now: 0))
    later(machine)
    return (first, figures(monitor.sample(now: 2_000_000_000)))
  }

  @Test func aWholeMachine() {
    let process = getpid()
    let (first, second) = described { machine in
      machine.mounts("1 1 0:1 / / rw - rootfs none rw", Self.disk, "40 30 0:5 / /proc rw - proc proc rw")
      machine.write("/proc/meminfo", "MemTotal:       1000 kB\nMemFree:  1 kB\nMemAvailable:    250 kB\n")
      machine.write("/proc/diskstats", " 254 0 vda 10 0 2048 5 20 0 4096 7 0 1 1\n 7 0 loop0 1 1 1 1 1 1 1 1\n")
      machine.write(
        "/proc/net/dev", "Inter-| R\n face |b\n    lo: 5 0 0 0 0 0 0 0 5 0\n  eth0:100 1 2 3 4 5 6 7 200 1\n")
      machine.process(process, name: "a) R (b", ticks: (100, 50, 7, 3), threads: 3, pages: 10, children: [77, 88])
      machine.process(77, ticks: (1, 1, 0, 0), threads: 2, pages: 5)
    } later: { machine in
      machine.write("/proc/diskstats", " 254 0 vda 10 0 6144 5 20 0 4096 7 0 1 1\n")
      machine.write("/proc/net/dev", "x\ny\n    lo: 5 0 0 0 0 0 0 0 5 0\n  eth0: 1100 1 2 3 4 5 6 7 700 1\n")
      // The child is gone, and its parent has waited for it.
      machine.process(process, ticks: (180, 52, 8, 4), threads: 3, pages: 20)
      machine.process(77, ticks: (0, 0, 0, 0), threads: 0, pages: 0)
    }
    #expect(first["memory_percent"] == "75" && first["proc.memory.availableMB"] == "0.244140625")
    #expect(first["cpu"] == nil && first["proc.cpu.threads"] == "5")
    #expect(first["proc.memory.rssMB"] == "\(Double(10 * getpagesize()) / 1_048_576)")
    #expect(first["disk.vda.in"] == "0" && first["disk.loop0.in"] == nil && first["network.sent"] == "0")
    // 82 hundredths of a second of 4 processors in 2 s.
    #expect(second["cpu"] == "10.25" && second["proc.cpu.threads"] == "3")
    #expect(second["disk.vda.in"] == "2" && second["disk.vda.out"] == "0")
    #expect(second["network.recv"] == "1000" && second["network.sent"] == "500")
  }

  @Test func whatIsNotThereIsMissing() {
    let (first, second) = described { _ in
    } later: { _ in
    }
    #expect(first.keys.allSatisfy { $0.hasPrefix("disk./.") } && second.keys.allSatisfy { $0.hasPrefix("disk./.") })
  }

  @Test func itIsAskedOnceForAllThatWasMissed() {
    var monitor = MachineMonitor(interval: 10, cores: 1, logical: 1, now: 0, root: "/nowhere")
    #expect(monitor?.isDue(now: 0) == true)
    _ = monitor?.sample(now: 0)
    #expect(monitor?.isDue(now: 9_999_999_999) == false && monitor?.isDue(now: 10_000_000_000) == true)
    _ = monitor?.sample(now: 95_000_000_000)
    #expect(monitor?.isDue(now: 96_000_000_000) == false && monitor?.isDue(now: 100_000_000_000) == true)
    #expect(MachineMonitor(interval: 0, cores: 1, logical: 1, now: 0) == nil)
  }

  // MARK: Limits

  private func group(_ fill: (PaperMachine) -> Void) -> (limit: UInt64?, used: UInt64?, processors: Double?) {
    let machine = PaperMachine()
    defer { machine.folder.remove() }
    fill(machine)
    let group = ControlGroup(root: machine.root, mounts: MountTable(root: machine.root))
    return (group.memoryLimit, group.memoryInUse, group.processors)
  }

  @Test func aGroupOfTheSecondVersion() {
    let found = group { machine in
      machine.mounts("35 24 0:30 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw")
      machine.write("/proc/self/cgroup", "0::/job/task\n")
      machine.write("/sys/fs/cgroup/job/task/memory.max", "1048576\n")
      machine.write("/sys/fs/cgroup/job/task/memory.current", "4096\n")
      machine.write("/sys/fs/cgroup/job/task/cpu.max", "150000 100000\n")
    }
    #expect(found == (1_048_576, 4096, 1.5))
  }

  /// The tree is mounted from the container's own part on.
  @Test func aContainersGroup() {
    let found = group { machine in
      machine.mounts("35 24 0:30 /pods/p1 /sys/fs/cgroup ro - cgroup2 cgroup2 rw")
      machine.write("/proc/self/cgroup", "0::/pods/p1\n")
      machine.write("/sys/fs/cgroup/memory.max", "max\n")
      machine.write("/sys/fs/cgroup/memory.current", "4096\n")
      machine.write("/sys/fs/cgroup/cpu.max", "max 100000\n")
    }
    #expect(found == (nil, nil, nil))
  }

  @Test func groupsOfTheFirstVersion() {
    let found = group { machine in
      machine.mounts(
        "35 24 0:30 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory",
        "36 24 0:31 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct",
        "37 24 0:32 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw")
      machine.write("/proc/self/cgroup", "12:memory:/slurm/job_5\n3:cpu,cpuacct:/slurm/job_5\n0::/\n")
      machine.write("/sys/fs/cgroup/memory/slurm/job_5/memory.limit_in_bytes", "2097152\n")
      machine.write("/sys/fs/cgroup/memory/slurm/job_5/memory.usage_in_bytes", "1000\n")
      machine.write("/sys/fs/cgroup/cpu,cpuacct/slurm/job_5/cpu.cfs_quota_us", "400000\n")
      machine.write("/sys/fs/cgroup/cpu,cpuacct/slurm/job_5/cpu.cfs_period_us", "100000\n")
    }
    #expect(found == (2_097_152, 1000, 4))
  }

  @Test func noLimitInTheFirstVersion() {
    let found = group { machine in
      machine.mounts("35 24 0:30 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory")
      machine.write("/proc/self/cgroup", "12:memory:/\n")
      machine.write("/sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n")
    }
    #expect(found == (nil, nil, nil))
  }

  @Test func memoryOfALimitedGroup() {
    let (first, _) = described { machine in
      machine.mounts("35 24 0:30 / /cg rw - cgroup2 cgroup2 rw")
      machine.write("/proc/self/cgroup", "0::/\n")
      machine.write("/cg/memory.max", "4194304\n")
      machine.write("/cg/memory.current", "1048576\n")
      machine.write("/proc/meminfo", "MemTotal: 1000000 kB\nMemAvailable: 1 kB\n")
    } later: { _ in
    }
    #expect(first["memory_percent"] == "25" && first["proc.memory.availableMB"] == "3")
  }

  // MARK: Processors

  private func capacity(_ affinity: [String], quota: String = "max 100000") -> Double {
    let machine = PaperMachine()
    defer { machine.folder.remove() }
    machine.mounts("35 24 0:30 / /cg rw - cgroup2 cgroup2 rw")
    machine.write("/proc/self/cgroup", "0::/\n")
    machine.write("/cg/cpu.max", quota)
    for (thread, list) in affinity.enumerated() {
      machine.write("/proc/self/task/\(thread + 1)/status", "Name:\tx\nCpus_allowed_list:\t\(list)\n")
    }
    let group = ControlGroup(root: machine.root, mounts: MountTable(root: machine.root))
    return ProcessorCapacity.count(root: machine.root, group: group, cores: 4, logical: 8)
  }

  @Test func whatAHundredPercentAre() {
    #expect(capacity(["0-7"]) == 4 && capacity([]) == 4)
    #expect(capacity(["0-1,5"]) == 3)
    // Each thread bound to a processor of its own.
    #expect(capacity((0..<8).map { "\($0)" }) == 4)
    #expect(capacity(["0-7"], quota: "50000 100000") == 0.5)
    #expect(capacity(["0"], quota: "400000 100000") == 1)
    #expect(capacity(["4294967295-9999999999999999999", "x", "3-1", "-"]) == 4)
  }

  // MARK: Whatever is in the files

  @Test func nothingInAFileTraps() {
    var random = SplitMix(seed: 9)
    let names = [
      "/proc/self/mountinfo", "/proc/self/cgroup", "/proc/meminfo", "/proc/diskstats", "/proc/net/dev",
      "/proc/\(getpid())/stat", "/proc/self/task/1/status", "/proc/\(getpid())/task/1/children", "/cg/memory.max",
      "/cg/memory.current", "/cg/cpu.max",
    ]
    let pieces = [
      "0::/\n", " ", "\n", ":", "-", "18446744073709551615", "99999999999999999999",
      "35 24 0:30 / /cg rw - cgroup2 cgroup2 rw\n",
      "MemTotal:", "MemAvailable:", " kB", "254 0 vda ", "1 ", "(", ")", "\u{0}", "ü", "/", "max",
      "Cpus_allowed_list:\t0-", ",",
    ]
    for _ in 0..<150 {
      let machine = PaperMachine()
      for name in names {
        machine.write(name, (0..<random.below(40)).map { _ in pieces[random.below(pieces.count)] }.joined())
      }
      var monitor = MachineMonitor(interval: 1, cores: 0, logical: 0, now: 0, root: machine.root)
      _ = monitor?.sample(now: 0)
      let items = monitor?.sample(now: .max).items ?? []
      #expect(items.allSatisfy { JSONValue($0.json) != nil })
      machine.folder.remove()
    }
  }
}
