import Glibc

@testable import TrackShim

/// Takes bytes apart. What is missing is zero, so that any bytes are an input.
struct FuzzInput {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) { rest = bytes[...] }

  var isEmpty: Bool { rest.isEmpty }

  mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

  mutating func number(bytes count: Int) -> UInt64 {
    (0..<count).reduce(0) { value, _ in value << 8 | UInt64(byte()) }
  }

  mutating func take(_ count: Int) -> [UInt8] {
    let taken = Array(rest.prefix(count))
    rest = rest.dropFirst(count)
    return taken
  }

  /// A length of two bytes, and what it counts.
  mutating func counted() -> [UInt8] { take(Int(number(bytes: 2))) }

  mutating func all() -> [UInt8] { take(rest.count) }

  /// What stands between bytes that the format under test has no use for.
  mutating func pieces(_ separator: UInt8 = 0x1E) -> [[UInt8]] {
    all().split(separator: separator, omittingEmptySubsequences: false).map { Array($0) }
  }
}

/// A folder for what can only be read from files; the same in every execution.
enum FuzzFolder {
  static let path: String = {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array((parent + "/trackshim-fuzz-XXXXXX").utf8CString)
    guard template.withUnsafeMutableBufferPointer({ $0.baseAddress.flatMap { mkdtemp($0) } }) != nil else {
      return "/nonexistent"
    }
    return template.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)).asText
  }()

  @discardableResult
  static func write(_ name: String, _ bytes: [UInt8]) -> String {
    let file = path.path(adding: name)
    _ = Files.write(bytes, to: file)
    return file
  }

  static func read(_ name: String) -> [UInt8] { (try? Files.read(path.path(adding: name), limit: 1 << 20)) ?? [] }

  static func remove() {
    for name in ["git/refs/heads/main", "git/refs/heads", "git/refs", "git/HEAD", "git/config", "git/packed-refs"] {
      _ = Glibc.remove(path.path(adding: name))
    }
    for folder in ["git", "run/files", "run", ""] {
      let folder = path.path(adding: folder)
      for name in Files.list(folder) { _ = Glibc.remove(folder.path(adding: name)) }
      _ = rmdir(folder)
    }
  }
}
