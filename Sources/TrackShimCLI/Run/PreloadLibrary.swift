import Glibc
import TrackShim

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
    let tree = "/" + command.split(separator: "/").dropLast(2).joined(separator: "/")
    guard let path = Self.places(in: tree).first(where: FileAccess.isFile) else {
      throw Missing(place: tree.path(adding: "lib").path(adding: Self.name))
    }
    self.path = path
  }

  /// The name of this command's own series first: what is called `libtrackshim.so` may one day be a later one's. Links
  /// are left as they are, since an update changes where they lead while a script under us starts programs.
  static func places(in tree: String) -> [String] {
    let series = Version.text.prefix { $0 != "." }
    return folders.flatMap { folder in
      ["\(name).\(series)", name].map { tree.path(adding: folder).path(adding: $0) }
    }
  }

  /// Where trees have their libraries: ours and most, Debian's packages, Red Hat's.
  private static let folders = ["lib", "lib/\(architecture)-linux-gnu", "lib64"]

  #if arch(arm64)
    private static let architecture = "aarch64"
  #else
    private static let architecture = "x86_64"
  #endif

  var image: ELFImage? { ELFImage { FileAccess.bytes(path, at: $0, count: $1) } }

  /// LD_PRELOAD with the library in front, and whatever else was there behind it. A second copy of ours
  /// goes: a program must not be tracked twice.
  static func list(_ path: String, before others: String?) -> String {
    let others = (others ?? "").split { $0 == ":" || $0 == " " }.map(String.init)
    return ([path] + others.filter { !$0.lastPathComponent.hasPrefix(name) }).joined(separator: ":")
  }
}
