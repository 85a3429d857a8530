import Testing

@testable import TrackShimCLI

struct ELFImageTests {
  /// A header and a program table as the linker writes them, of the smallest kind.
  static func file(
    is64Bit: Bool = true, isLittleEndian: Bool = true, machine: Int = 62, interpreter: String? = "/lib64/ld.so"
  ) -> [UInt8] {
    func bytes(_ value: Int, _ size: Int) -> [UInt8] {
      let little = (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
      return isLittleEndian ? little : little.reversed()
    }
    let wide = is64Bit ? 8 : 4
    let headerSize = is64Bit ? 64 : 52, entrySize = is64Bit ? 56 : 32
    let text = Array((interpreter ?? "").utf8) + [0]
    var file: [UInt8] = [0x7F, 0x45, 0x4C, 0x46, is64Bit ? 2 : 1, isLittleEndian ? 1 : 2, 1]
    file += [UInt8](repeating: 0, count: 16 - file.count)
    file += bytes(2, 2) + bytes(machine, 2) + bytes(1, 4) + bytes(0, wide) + bytes(headerSize, wide)
    file += bytes(0, wide) + bytes(0, 4) + bytes(headerSize, 2) + bytes(entrySize, 2) + bytes(2, 2)
    file += [UInt8](repeating: 0, count: headerSize - file.count)
    for type in [1, interpreter == nil ? 1 : 3] {
      let end = headerSize + 2 * entrySize
      var entry = bytes(type, 4)
      if is64Bit { entry += bytes(4, 4) }
      entry += bytes(end, wide) + bytes(0, 2 * wide) + bytes(text.count, wide)
      file += entry + [UInt8](repeating: 0, count: entrySize - entry.count)
    }
    return file + text
  }

  static func image(_ file: [UInt8]) -> ELFImage? {
    ELFImage { offset, count in
      guard offset < file.count else { return [] }
      return Array(file[offset..<min(file.count, offset + count)])
    }
  }

  @Test(arguments: [true, false], [true, false])
  func readsWhatTheFileSays(is64Bit: Bool, isLittleEndian: Bool) {
    let image = Self.image(Self.file(is64Bit: is64Bit, isLittleEndian: isLittleEndian, machine: 243))
    #expect(image?.machine == ELFImage.Machine(is64Bit: is64Bit, isLittleEndian: isLittleEndian, number: 243))
    #expect(image?.interpreter == "/lib64/ld.so")
  }

  @Test func aStaticProgramHasNoInterpreter() {
    let image = Self.image(Self.file(interpreter: nil))
    #expect(image != nil && image?.interpreter == nil)
  }

  @Test func otherFilesAreNoImages() {
    #expect(Self.image([]) == nil)
    #expect(Self.image(Array("#!/bin/sh\n".utf8)) == nil)
    #expect(Self.image([UInt8](repeating: 0x7F, count: 64)) == nil)
  }

  @Test func aFileCutAnywhereDoesNoHarm() {
    let file = Self.file()
    for count in 0..<file.count { _ = Self.image(Array(file.prefix(count))) }
  }

  @Test func hostileNumbersDoNoHarm() {
    var file = Self.file()
    for at in 32..<64 { file[at] = 0xFF }
    #expect(Self.image(file)?.interpreter == nil)
  }

  @Test func obstaclesAreRecognised() throws {
    let library = try #require(Self.image(Self.file(interpreter: nil)))
    func obstacle(_ file: [UInt8]) -> Obstacle? { Self.image(file).flatMap { Obstacle.of($0, library: library) } }
    #expect(obstacle(Self.file()) == nil)
    #expect(obstacle(Self.file(interpreter: nil)) == .staticallyLinked)
    #expect(obstacle(Self.file(interpreter: "/lib/ld-musl-x86_64.so.1")) == .otherLibc)
    #expect(obstacle(Self.file(is64Bit: false, machine: 3)) == .otherMachine("a 32-bit program"))
    #expect(obstacle(Self.file(machine: 183)) == .otherMachine("built for another kind of processor"))
  }

  @Test func aLoaderIsKnownByTheLibraryBesideIt() throws {
    let folder = TemporaryFolder()
    let library = try #require(Self.image(Self.file(interpreter: nil)))
    func obstacle(_ versions: String) -> Obstacle? {
      let loader = folder.write("lib/ld-2.so")
      folder.write("lib/libc.so.6", text: "...\0\(versions)\0...")
      folder.link("ld.so", to: loader)
      return Self.image(Self.file(interpreter: folder.path("ld.so"))).flatMap { Obstacle.of($0, library: library) }
    }
    #expect(obstacle("GLIBC_2.2.5\0GLIBC_2.17\0GLIBC_2.31") == .oldLibc)
    #expect(obstacle("GLIBC_2.17\0GLIBC_2.34") == nil)
    #expect(obstacle("GLIBC_2.17\0GLIBC_2.33\0GLIBC_2.34\0GLIBC_2.43") == nil)
    // Another kind of library, or none: nobody knows.
    #expect(obstacle("LIBC_1.0") == nil)
  }

  @Test func thisTestIsAnOrdinaryProgram() throws {
    let image = try #require(ELFImage { FileAccess.bytes("/proc/self/exe", at: $0, count: $1) })
    #expect(Obstacle.of(image, library: image) == nil)
  }
}
