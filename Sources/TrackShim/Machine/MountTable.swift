/// What is mounted where, in this process's view (`/proc/self/mountinfo`, see proc_pid_mountinfo(5)).
struct MountTable {
  struct Mount {
    /// `major:minor`
    let device: String
    /// Of the mounted file system, what is seen at `point`.
    let root: String
    let point: String
    let type: String
    /// The file system's own, separated by commas; of cgroup v1 the names of its controllers.
    let options: String
  }

  let mounts: [Mount]

  init(root: String) {
    let text = KernelText(root + "/proc/self/mountinfo", limit: 1 << 20)
    mounts = text.map { $0.lines.compactMap(Self.mount) } ?? []
  }

  /// `36 35 98:0 /root /point rw,noatime shared:1 - ext4 /dev/sda1 rw,errors=continue`
  private static func mount(_ line: KernelText.Line) -> Mount? {
    guard let dash = line.fields.firstIndex(where: { $0.elementsEqual("-".utf8) }), let device = line.text(2),
      let root = line.text(3), let point = line.text(4), let type = line.text(dash &+ 1)
    else { return nil }
    return Mount(device: device, root: root, point: point, type: type, options: line.text(dash &+ 3) ?? "")
  }

  /// The last one mounted there is the one that is seen.
  func mount(at point: String) -> Mount? { mounts.last { $0.point == point } }
}
