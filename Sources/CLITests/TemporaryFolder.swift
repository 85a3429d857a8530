import Glibc

@testable import TrackShimCLI

/// A folder that goes with the test.
final class TemporaryFolder {
  let path: String
  var user: UInt32 { geteuid() }

  init() {
    var template = Array("/tmp/trackshim-test-XXXXXX".utf8CString)
    path = mkdtemp(&template).map { String(cString: $0) } ?? "/nowhere"
  }

  deinit { Self.remove(path) }

  private static func remove(_ path: String) {
    var about = stat()
    guard lstat(path, &about) == 0 else { return }
    // Not through links.
    if about.st_mode & S_IFMT == S_IFDIR {
      for name in FileAccess.names(in: path) { remove(path + "/" + name) }
    }
    Glibc.remove(path)
  }

  @discardableResult
  func write(_ name: String, text: String = "x", executable: Bool = false) -> String {
    let folders = name.split(separator: "/").dropLast()
    for count in folders.indices { mkdir(path(folders[...count].joined(separator: "/")), 0o755) }
    let file = open(path(name), O_WRONLY | O_CREAT | O_TRUNC, executable ? 0o755 : 0o644)
    Output.write(text, to: file)
    close(file)
    return path(name)
  }

  func link(_ name: String, to target: String) { symlink(target, path(name)) }

  func openToAll(_ name: String) {
    mkdir(path(name), 0o777)
    chmod(path(name), 0o777)
  }

  func path(_ name: String) -> String { path + "/" + name }
}
