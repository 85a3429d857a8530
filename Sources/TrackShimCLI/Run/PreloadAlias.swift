import Glibc

/// Another name for a library whose path cannot stand in LD_PRELOAD: the loader cuts the list at blanks and
/// colons, expands `$`, and knows no way to quote them.
///
/// The name is a link in a folder that only its user can write: who could write there could have any code
/// run in the user's programs.
struct PreloadAlias {
  struct Failure: Error, Equatable {
    let reason: String
  }

  /// Holds one folder for each user.
  let root: String

  static func isNeeded(_ path: String) -> Bool { path.contains { " :$\t\n".contains($0) } }

  /// The same link each time, so that nothing piles up.
  func link(to library: String) throws(Failure) -> String {
    let own = try makePrivate(root.path(adding: "trackshim-\(geteuid())"))
    let folder = try makePrivate(own.path(adding: Self.hash(library)))
    let link = folder.path(adding: PreloadLibrary.name)
    if Self.target(link) == library { return link }
    unlink(link)
    // Another `trackshim run` may have been quicker; it made the same link.
    guard symlink(library, link) == 0 || Self.target(link) == library else {
      throw Failure(reason: "\(link.printable) cannot be made")
    }
    return link
  }

  private func makePrivate(_ folder: String) throws(Failure) -> String {
    mkdir(folder, 0o700)
    var about = stat()
    guard lstat(folder, &about) == 0, about.st_mode & S_IFMT == S_IFDIR, about.st_uid == geteuid(),
      about.st_mode & 0o022 == 0
    else { throw Failure(reason: "\(folder.printable) is not a folder of this user alone") }
    return folder
  }

  private static func target(_ link: String) -> String? {
    let bytes = [UInt8](unsafeUninitializedCapacity: Int(PATH_MAX)) { buffer, count in
      guard let start = buffer.baseAddress else { return }
      count = max(0, readlink(link, start, buffer.count))
    }
    return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
  }

  /// FNV-1a.
  static func hash(_ text: String) -> String {
    String(text.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }, radix: 16)
  }
}
