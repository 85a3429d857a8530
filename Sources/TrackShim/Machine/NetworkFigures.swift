/// What has gone over the machine's network since the start, all interfaces together, as W&B's client counts.
struct NetworkFigures {
  private struct Traffic {
    var received: UInt64 = 0
    var sent: UInt64 = 0
  }

  private let root: String
  private let before: Traffic

  init(root: String) {
    self.root = root
    before = Self.traffic(root) ?? Traffic()
  }

  /// proc_pid_net(5): `eth0: received bytes, seven more, sent bytes, …` below two lines of headings.
  private static func traffic(_ root: String) -> Traffic? {
    guard let bytes = try? Files.read(root + "/proc/net/dev", limit: 1 << 16) else { return nil }
    var total = Traffic()
    for line in bytes.split(separator: UInt8(ascii: "\n")).dropFirst(2) {
      guard let colon = line.lastIndex(of: UInt8(ascii: ":")),
        let figures = KernelText(Array(line[colon...].dropFirst())).lines.first(where: { _ in true })
      else { continue }
      total.received &+= figures.number(0) ?? 0
      total.sent &+= figures.number(8) ?? 0
    }
    return total
  }

  func add(to sample: inout MachineSample) {
    guard let now = Self.traffic(root) else { return }
    // An interface that was removed takes its count with it.
    sample.add("network.sent", Double(now.sent &- min(now.sent, before.sent)))
    sample.add("network.recv", Double(now.received &- min(now.received, before.received)))
  }
}
