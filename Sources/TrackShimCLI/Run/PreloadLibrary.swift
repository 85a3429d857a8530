import Glibc

/// Our library, which lies beside the command: `bin/trackshim` and `lib/libtrackshim.so`, wherever the two
/// folders were copied to.
struct PreloadLibrary {
  static let name = "libtrackshim.so"

  struct Missing: Error {
    let place: String
  }

  let path: String

  init() throws(Missing) {
    let command = FileAccess.resolved("/proc/self/exe") ?? ""
    let folder = command.split(separator: "/").dropLast(2).joined(separator: "/")
    let place = ("/" + folder).path(adding: "lib").path(adding: Self.name)
    guard let path = FileAccess.resolved(place), FileAccess.isFile(path) else { throw Missing(place: place) }
    self.path = path
  }

  var image: ELFImage? { ELFImage { FileAccess.bytes(path, at: $0, count: $1) } }

  /// LD_PRELOAD with the library in front, and whatever else was there behind it. A second copy of ours
  /// goes: a program must not be tracked twice.
  static func list(_ path: String, before others: String?) -> String {
    let others = (others ?? "").split { $0 == ":" || $0 == " " }.map(String.init)
    return ([path] + others.filter { !$0.lastPathComponent.hasPrefix(name) }).joined(separator: ":")
  }
}
