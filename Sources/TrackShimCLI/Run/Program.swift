import Glibc

/// The file that the kernel will run for a command's first word.
enum Program {
  /// As execvp finds it; `nil` when it will find none.
  static func find(_ word: String, path: String?) -> String? {
    if word.contains("/") { return FileAccess.attributes(word) == nil ? nil : word }
    for folder in (path ?? "/bin:/usr/bin").split(separator: ":", omittingEmptySubsequences: false) {
      let candidate = folder.isEmpty ? "./" + word : String(folder).path(adding: word)
      if FileAccess.isFile(candidate), access(candidate, X_OK) == 0 { return candidate }
    }
    return nil
  }

  /// What runs a script in the end: its interpreter, or that one's.
  static func behindScripts(_ path: String) -> String {
    var path = path
    // The kernel gives up after five.
    for _ in 0..<5 {
      guard let next = interpreter(FileAccess.bytes(path, at: 0, count: 256)) else { return path }
      path = next
    }
    return path
  }

  /// The program in a `#!` line.
  static func interpreter(_ head: [UInt8]) -> String? {
    guard head.starts(with: "#!".utf8) else { return nil }
    let line = head.dropFirst(2).prefix { $0 != 0x0A && $0 != 0 }
    let word = line.drop { $0 == 0x20 || $0 == 0x09 }.prefix { $0 != 0x20 && $0 != 0x09 }
    return word.isEmpty ? nil : String(decoding: word, as: UTF8.self)
  }
}
