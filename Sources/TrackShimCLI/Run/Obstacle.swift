import Glibc

/// Why the library cannot be in a program.
enum Obstacle: Equatable {
  case staticallyLinked
  case privileged(String)
  case otherMachine(String)
  case otherLibc
  case oldLibc

  var reason: String {
    switch self {
    case .staticallyLinked: "it is statically linked, so no library can be preloaded"
    case .privileged(let how): "it is \(how), and the system preloads nothing into such programs"
    case .otherMachine(let kind): "it is \(kind), and the library is not"
    case .otherLibc: "it is linked with the musl C library, and ours needs glibc"
    case .oldLibc: "its loader has a glibc older than \(CLibrary.oldest), which ours needs"
    }
  }

  /// A loader that cannot load our library complains on stderr (another machine) or gives up (musl, old glibc). In
  /// front of the others the library is harmless, and dynamic programs that they start can be tracked.
  var forbidsPreload: Bool {
    switch self {
    case .otherMachine, .otherLibc, .oldLibc: true
    case .staticallyLinked, .privileged: false
    }
  }

  /// `nil` as well when the file cannot be read: it may then be an ordinary program.
  static func of(_ path: String, library: ELFImage?) -> Obstacle? {
    guard let image = ELFImage(read: { FileAccess.bytes(path, at: $0, count: $1) }) else { return nil }
    // A loader called as a program has no loader of its own, yet honours LD_PRELOAD.
    if path.lastPathComponent.hasPrefix("ld-linux") || path.lastPathComponent.hasPrefix("ld.so") { return nil }
    return of(image, library: library) ?? Privilege.gained(by: path).map(Obstacle.privileged)
  }

  static func of(_ image: ELFImage, library: ELFImage?) -> Obstacle? {
    if let library, image.machine != library.machine { return .otherMachine(name(image.machine, library.machine)) }
    guard let interpreter = image.interpreter else { return .staticallyLinked }
    if interpreter.lastPathComponent.hasPrefix("ld-musl") { return .otherLibc }
    return CLibrary.isTooOld(loader: interpreter) ? .oldLibc : nil
  }

  private static func name(_ machine: ELFImage.Machine, _ ours: ELFImage.Machine) -> String {
    if ours.is64Bit, !machine.is64Bit { return "a 32-bit program" }
    return "built for another kind of processor"
  }
}

/// Whether a program runs with more rights than its user has: the loader then ignores LD_PRELOAD.
enum Privilege {
  static func gained(by path: String) -> String? {
    guard let about = FileAccess.attributes(path), mayGain(path) else { return nil }
    if about.st_mode & S_ISUID != 0, about.st_uid != getuid() { return "set-uid" }
    let isSetGroup = about.st_mode & S_ISGID != 0 && about.st_mode & S_IXGRP != 0
    if isSetGroup, about.st_gid != getgid() { return "set-gid" }
    return nil
  }

  /// Mounted nosuid, or in a process that gave it up, nothing is gained.
  private static func mayGain(_ path: String) -> Bool {
    var system = statvfs()
    // ST_NOSUID
    if statvfs(path, &system) == 0, system.f_flag & 2 != 0 { return false }
    let status = String(decoding: FileAccess.bytes("/proc/self/status", at: 0, count: 8192), as: UTF8.self)
    return !status.contains("NoNewPrivs:\t1")
  }
}
