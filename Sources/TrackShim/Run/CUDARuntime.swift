/// Which CUDA runtime the program has loaded, by the name of its file. No function of it is called, nor the loader
/// asked, whose lock the program may hold. A runtime that is part of the program (nvcc's default) has no file.
enum CUDARuntime {
  /// A program with more mapped than this has it in the beginning or not at all.
  private static let limit = 1 << 20

  /// `12.4.127`, or as much of that as the file's name says; "" without one.
  static func version() -> String {
    version(inMaps: (try? Files.read("/proc/self/maps", limit: limit)) ?? [])
  }

  /// Of the first one; the kernel shows files by the names that no link leads to.
  static func version(inMaps maps: [UInt8]) -> String {
    let name = Array("/libcudart.so.".utf8)
    for line in maps.split(separator: UInt8(ascii: "\n")) {
      guard let slash = line.lastIndex(of: UInt8(ascii: "/")), line[slash...].starts(with: name) else { continue }
      let version = line[slash...].dropFirst(name.count).prefix { $0.isVersionCharacter }
      if !version.isEmpty, version.count < 32 { return Array(version).asText }
    }
    return ""
  }
}

extension UInt8 {
  fileprivate var isVersionCharacter: Bool { self == UInt8(ascii: ".") || self >= 0x30 && self <= 0x39 }
}
