import Glibc

/// What a command asks the file system; everything answers `nil` or empty where there is nothing to see.
enum FileAccess {
  static func attributes(_ path: String) -> stat? {
    var about = stat()
    return stat(path, &about) == 0 ? about : nil
  }

  static func isDirectory(_ path: String) -> Bool { type(path) == S_IFDIR }

  static func isFile(_ path: String) -> Bool { type(path) == S_IFREG }

  private static func type(_ path: String) -> mode_t? { attributes(path).map { $0.st_mode & S_IFMT } }

  static func names(in folder: String) -> [String] {
    guard let entries = opendir(folder) else { return [] }
    defer { closedir(entries) }
    var names: [String] = []
    while let entry = readdir(entries) {
      names.append(
        withUnsafePointer(to: &entry.pointee.d_name) { name in
          name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        })
    }
    return names.filter { $0 != "." && $0 != ".." }.sorted()
  }

  /// Up to `count` bytes from `offset` on.
  static func bytes(_ path: String, at offset: Int, count: Int) -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
    guard file >= 0, offset >= 0, count > 0 else { return [] }
    defer { close(file) }
    return [UInt8](unsafeUninitializedCapacity: count) { buffer, got in
      got = max(0, pread(file, buffer.baseAddress, count, offset))
    }
  }

  /// Absolute and without links.
  static func resolved(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  static var workingDirectory: String {
    guard let path = getcwd(nil, 0) else { return "/" }
    defer { free(path) }
    return String(cString: path)
  }
}

enum Variable {
  static func value(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

  /// `nil` for an empty one as well.
  static func nonEmpty(_ name: String) -> String? { value(name).flatMap { $0.isEmpty ? nil : $0 } }
}
