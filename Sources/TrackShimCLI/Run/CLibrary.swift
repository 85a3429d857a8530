/// The C library that a program's loader comes with.
enum CLibrary {
  /// What our library asks for (Tests/test_binary.py).
  static let oldest = "2.34"

  /// Whether it is a glibc without the versions that ours asks for. The loader of such a one does not leave our
  /// library out: it ends the program before it has begun. Where nothing is found nothing is claimed.
  static func isTooOld(loader: String) -> Bool {
    guard let path = FileAccess.resolved(loader), let end = path.lastIndex(of: "/") else { return false }
    // Its version names stand in the first 160 KB (seen on glibc 2.31 to 2.43).
    let library = FileAccess.bytes(String(path[..<end]).path(adding: "libc.so.6"), at: 0, count: 1 << 20)
    return names(library, version: "2.17") && !names(library, version: oldest)
  }

  private static func names(_ library: [UInt8], version: String) -> Bool {
    let name = Array("GLIBC_\(version)".utf8) + [0]
    guard library.count >= name.count else { return false }
    return (0...library.count - name.count).contains { start in
      library[start] == name[0] && library[start..<start + name.count].elementsEqual(name)
    }
  }
}
