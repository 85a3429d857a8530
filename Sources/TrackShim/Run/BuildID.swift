import CTrackShim

/// The build id of an executable: `gcc` and `clang` on most systems have the linker put a checksum of what it made
/// into a note, by which two builds are told apart and debuggers find symbols. `file` and `readelf -n` show it.
///
/// Read from the file and not from memory, which is the program's to unmap.
enum BuildID {
  /// Nobody has more; a file that says so is none.
  private static let mostHeaders = 256
  private static let mostNotes = 64
  private static let longestNotes = 65_536
  private static let longestID = 64

  /// "" where there is none.
  static func of(_ path: String) -> String {
    let file = tsi_open(path, OpenFlags.readOnly, 0)
    guard file >= 0 else { return "" }
    defer { _ = tsi_close(file) }
    let header = Files.read(file, at: 0, size: 64)
    // 64 bits, little endian: all that we are built for.
    guard header.starts(with: [0x7F, 0x45, 0x4C, 0x46, 2, 1]), header.number(at: 54, bytes: 2) == 56 else { return "" }
    let table = header.number(at: 32, bytes: 8)
    let count = min(Int(clamping: header.number(at: 56, bytes: 2)), mostHeaders)
    let headers = Files.read(file, at: table, size: count &* 56)
    for index in 0..<count {
      let start = index &* 56
      guard headers.number(at: start, bytes: 4) == 4 else { continue }
      let size = min(Int(clamping: headers.number(at: start &+ 32, bytes: 8)), longestNotes)
      let notes = Files.read(file, at: headers.number(at: start &+ 8, bytes: 8), size: size)
      if let id = find(in: notes) { return id }
    }
    return ""
  }

  /// In notes one behind the other, each of: size of the name, size of what is said, kind, name, what is said.
  private static func find(in notes: [UInt8]) -> String? {
    var start = 0
    for _ in 0..<mostNotes {
      guard start &+ 12 <= notes.count else { return nil }
      let nameSize = Int(clamping: notes.number(at: start, bytes: 4))
      let size = Int(clamping: notes.number(at: start &+ 4, bytes: 4))
      let name = start &+ 12, value = name &+ padded(nameSize), end = value &+ size
      guard nameSize <= notes.count, size <= notes.count, end <= notes.count else { return nil }
      // bounded: 0 <= name, value, end <= count, as was just held against it
      if notes.number(at: start &+ 8, bytes: 4) == 3, notes[name..<(name &+ nameSize)].elementsEqual("GNU\0".utf8),
        size > 0, size <= longestID
      {
        return Array(notes[value..<end]).hexadecimal  // bounded: as above
      }
      start = value &+ padded(size)
    }
    return nil
  }

  private static func padded(_ size: Int) -> Int { (size &+ 3) & ~3 }
}

extension [UInt8] {
  /// Little endian; 0 where the bytes end before.
  fileprivate func number(at start: Int, bytes: Int) -> UInt64 {
    guard start >= 0, start <= count, bytes <= count &- start else { return 0 }
    var value: UInt64 = 0
    // bounded: `start` and `bytes` were held against the count
    for index in 0..<bytes { value |= UInt64(self[start &+ index]) &<< UInt64(8 &* index) }
    return value
  }
}
