import Glibc

/// What a program printed: a file, or `-` for what comes on standard input.
///
/// `each` can be asked again only of a log that was opened to be read again. What is no file is then first copied to one
/// that has no name, in the folder for temporary files.
struct SavedLog: ~Copyable {
  struct Unreadable: Error {
    let reason: String
  }

  /// As somebody typed it.
  let name: String
  private let file: Int32
  private let ownsFile: Bool
  /// Of a log that is read again: what is written to it meanwhile is not part of it.
  private let size: Int?
  /// When it was written last, in nanoseconds since 1970; for what is no file, now.
  let modified: Int64

  init(_ name: String, again: Bool = false) throws(Unreadable) {
    let opened = name == "-" ? 0 : open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY)
    guard opened >= 0 else { throw Self.unreadable(name) }
    var about = stat()
    let isFile = fstat(opened, &about) == 0 && about.st_mode & S_IFMT == S_IFREG
    let copy = again && !isFile ? Result { () throws(Unreadable) in try Self.copy(opened, name) } : .success(opened)
    if opened > 0, again, !isFile { close(opened) }
    file = try copy.get()
    self.name = name
    ownsFile = file > 0
    size = !again ? nil : isFile ? about.st_size : lseek(file, 0, SEEK_END)
    modified = isFile ? Int64(about.st_mtim.tv_sec) * 1_000_000_000 + Int64(about.st_mtim.tv_nsec) : Self.now
  }

  deinit { if ownsFile { close(file) } }

  /// All of it, in pieces.
  func each(_ body: (UnsafeRawBufferPointer) -> Void) throws(Unreadable) {
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    var done = 0
    while true {
      let wanted = size.map { min(buffer.count, max(0, $0 - done)) } ?? buffer.count
      guard wanted > 0 else { return }
      let got = size == nil ? read(file, &buffer, wanted) : pread(file, &buffer, wanted, done)
      if got < 0, errno == EINTR { continue }
      guard got >= 0 else { throw Self.unreadable(name) }
      guard got > 0 else { return }
      done += got
      buffer.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[..<got])) }
    }
  }

  private static var now: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }

  private static func unreadable(_ name: String) -> Unreadable {
    Unreadable(reason: "\(name.printable) cannot be read: \(String(cString: strerror(errno)))")
  }

  private static func copy(_ source: Int32, _ name: String) throws(Unreadable) -> Int32 {
    let folder = Variable.nonEmpty("TMPDIR") ?? "/tmp"
    var path = Array(folder.path(adding: "trackshim-log-XXXXXX").utf8CString)
    let target = mkstemp(&path)
    guard target >= 0 else {
      throw Unreadable(
        reason: "no copy of \(name.printable) can be made in \(folder.printable), and it is read more than once: "
          + "\(String(cString: strerror(errno))); save it as a file, or set TMPDIR")
    }
    unlink(path)
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let got = read(source, &buffer, buffer.count)
      if got < 0, errno == EINTR { continue }
      guard got > 0 else {
        if got == 0 { return target }
        close(target)
        throw unreadable(name)
      }
      guard buffer.withUnsafeBytes({ writeAll(UnsafeRawBufferPointer(rebasing: $0[..<got]), to: target) }) else {
        let why = String(cString: strerror(errno))
        close(target)
        throw Unreadable(reason: "no copy of \(name.printable) can be made in \(folder.printable): \(why)")
      }
    }
  }

  private static func writeAll(_ bytes: UnsafeRawBufferPointer, to file: Int32) -> Bool {
    var rest = bytes
    while rest.count > 0 {
      let written = write(file, rest.baseAddress, rest.count)
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { return false }
      rest = UnsafeRawBufferPointer(rebasing: rest[written...])
    }
    return true
  }
}
