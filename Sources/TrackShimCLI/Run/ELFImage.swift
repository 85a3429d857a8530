/// What an ELF file says of itself: for which machine it is, and which loader it asks for.
struct ELFImage: Equatable {
  struct Machine: Equatable {
    let is64Bit: Bool
    let isLittleEndian: Bool
    let number: Int
  }

  let machine: Machine
  /// The loader's path; `nil` in a statically linked program, which nothing can be preloaded into.
  let interpreter: String?

  /// `read` gives up to so many bytes from an offset on. `nil` if this is no ELF file.
  init?(read: (_ offset: Int, _ count: Int) -> [UInt8]) {
    let header = read(0, 64)
    guard header.starts(with: [0x7F, 0x45, 0x4C, 0x46]), header.count >= 52 else { return nil }
    guard header[4] == 1 || header[4] == 2, header[5] == 1 || header[5] == 2 else { return nil }
    let fields = Fields(is64Bit: header[4] == 2, isLittleEndian: header[5] == 1)
    machine = Machine(
      is64Bit: fields.is64Bit, isLittleEndian: fields.isLittleEndian,
      number: fields.number(header, at: 18, size: 2))
    interpreter = Self.interpreter(header, fields, read)
  }

  private static func interpreter(_ header: [UInt8], _ fields: Fields, _ read: (Int, Int) -> [UInt8]) -> String? {
    let wide = fields.is64Bit
    let start = fields.number(header, at: wide ? 32 : 28, size: wide ? 8 : 4)
    let size = fields.number(header, at: wide ? 54 : 42, size: 2)
    let count = fields.number(header, at: wide ? 56 : 44, size: 2)
    guard start > 0, size >= (wide ? 56 : 32), count > 0 else { return nil }
    // Real tables have a dozen entries of 56 bytes.
    let table = read(start, min(size * count, 1 << 16))
    for index in 0..<count where fields.number(table, at: index * size, size: 4) == programInterpreter {
      let offset = fields.number(table, at: index * size + (wide ? 8 : 4), size: wide ? 8 : 4)
      let length = fields.number(table, at: index * size + (wide ? 32 : 16), size: wide ? 8 : 4)
      return String(decoding: read(offset, min(length, 4096)).prefix { $0 != 0 }, as: UTF8.self)
    }
    return nil
  }

  private static let programInterpreter = 3  // PT_INTERP

  private struct Fields {
    let is64Bit: Bool
    let isLittleEndian: Bool

    /// 0 beyond the end; what does not fit an offset (a hostile file) becomes 0 as well.
    func number(_ bytes: [UInt8], at start: Int, size: Int) -> Int {
      guard start >= 0, start <= bytes.count - size else { return 0 }
      let part = bytes[start..<start + size]
      let value = (isLittleEndian ? Array(part.reversed()) : Array(part)).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      return Int(exactly: value).flatMap { $0 < 1 << 48 ? $0 : nil } ?? 0
    }
  }
}
