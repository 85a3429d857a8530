import CTrackShim
import Glibc

@testable import TrackShim

/// A folder of a test's own. `remove` takes everything in it along.
struct TemporaryFolder {
  let path: String

  /// `/dev/shm` as parent gives files in memory.
  init(in parent: String = "/tmp") {
    var template = Array((parent + "/trackshim-unit-XXXXXX").utf8CString)
    let made = template.withUnsafeMutableBufferPointer { $0.baseAddress.flatMap { mkdtemp($0) } != nil }
    path = made ? template.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)).asText : "/nonexistent"
  }

  func callAsFunction(_ name: String) -> String { path.path(adding: name) }

  func write(_ name: String, _ bytes: [UInt8]) {
    let file = tsi_open(self(name), 2 | 0o100 | 0o1000, 0o644)
    _ = bytes.withUnsafeBytes { tsi_pwrite(file, $0.baseAddress, $0.count, 0) }
    _ = tsi_close(file)
  }

  func read(_ name: String) -> [UInt8] { (try? Files.read(self(name), limit: 32 << 20)) ?? [] }

  func remove() { Self.remove(path) }

  private static func remove(_ path: String) {
    var about = stat()
    guard lstat(path, &about) == 0 else { return }
    if about.st_mode & S_IFMT == S_IFDIR {
      for name in Files.list(path) { remove(path.path(adding: name)) }
      _ = rmdir(path)
    } else {
      _ = tsi_unlink(path)
    }
  }
}
