import CTrackShim

/// A failed system call. The number is errno's.
package struct SystemError: Error, Equatable {
  let number: Int32

  init(_ number: Int32) { self.number = number }

  static let notPermitted = SystemError(1)
  static let missing = SystemError(2)
  static let exists = SystemError(17)
  static let busy = SystemError(16)
  static let invalid = SystemError(22)

  package var text: String {
    guard let text = strerrorText(number) else { return "error \(number)" }
    return text
  }

  /// The errors that people meet with journals. libc's strerror may translate, allocate and lock.
  private func strerrorText(_ number: Int32) -> String? {
    switch number {
    case 1: "operation not permitted"
    case 2: "no such file or directory"
    case 5: "input/output error"
    case 13: "permission denied"
    case 17: "file exists"
    case 20: "not a directory"
    case 24: "too many open files"
    case 22: "not a regular file"
    case 27: "file too large"
    case 28: "no space left on device"
    case 30: "read-only file system"
    case 36: "file name too long"
    case 40: "too many levels of symbolic links"
    case 122: "disk quota exceeded"
    default: nil
    }
  }
}

/// The C engine answers -errno; here that becomes a value or an error, in one place.
@discardableResult
func checked<Value: FixedWidthInteger>(_ result: Value) throws(SystemError) -> Value {
  guard result < 0 else { return result }
  throw SystemError(Int32(truncatingIfNeeded: 0 &- result))
}

enum Files {
  /// The beginning of a file, for the small ones of /proc and for settings.
  @inline(never)
  static func read(_ path: String, limit: Int = 65_536) throws(SystemError) -> [UInt8] {
    var size: Int64 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
      size = tsi_read_file(path, buffer.baseAddress, limit)
      count = max(0, min(limit, Int(clamping: size)))
    }
    try checked(size)
    return bytes
  }

  /// Makes or replaces a file, whole or not at all; false where that cannot be done. On no link in the last `own`
  /// folders: those of a run.
  static func write(_ bytes: [UInt8], to path: String, own: Int32 = 0, mode: UInt32 = 0o666) -> Bool {
    bytes.withUnsafeBytes { tsi_replace_in_run(path, own, $0.baseAddress, $0.count, mode) }
  }

  /// Of an open file, as many bytes as there are.
  @inline(never)
  static func read(_ file: Int32, at offset: UInt64, size: Int) -> [UInt8] {
    guard size > 0 else { return [] }
    return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      count = max(0, min(size, Int(tsi_pread(file, buffer.baseAddress, size, Int64(clamping: offset)))))
    }
  }

  @inline(never)
  static func text(_ path: String) -> String {
    ((try? read(path)) ?? []).asText
  }

  static func isDirectory(_ path: String) -> Bool { tsi_is_directory(path) != 0 }

  /// With its parents. That one of them cannot be made shows when something is made inside.
  static func makeFolder(_ path: String) {
    for end in path.indices where path[end] == "/" && end != path.startIndex {
      _ = tsi_mkdir(String(path[..<end]), 0o777)
    }
    _ = tsi_mkdir(path, 0o777)
  }

  static func exists(_ path: String) -> Bool { tsi_exists(path) != 0 }

  /// The names in a folder, in no order; none when it cannot be read.
  static func list(_ folder: String) -> [String] {
    let limit = 4 << 20
    let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
      count = max(
        0,
        Int(tsi_list(folder, UnsafeMutableRawPointer(buffer.baseAddress)?.assumingMemoryBound(to: CChar.self), limit)))
    }
    return bytes.split(separator: 0).map { Array($0).asText }.filter { $0 != "." && $0 != ".." }
  }

  static func linkTarget(_ path: String) -> String {
    let limit = 4096
    let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
      count = max(0, Int(tsi_readlink(path, buffer.baseAddress, limit)))
    }
    return bytes.asText
  }
}

extension [UInt8] {
  /// Ill-formed UTF-8 becomes U+FFFD.
  package var asText: String { String(decoding: self, as: UTF8.self) }
}
