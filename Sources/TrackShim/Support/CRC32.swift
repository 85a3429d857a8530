import CTrackShim

/// CRC-32 as zlib computes it (IEEE polynomial, reflected, not masked), fed piece by piece.
///
/// Every byte of the journal passes through here on the worker thread, beside someone's training.
/// Hence an instruction of the processor where it has one (crc32.c), and slicing by 8 elsewhere and for a few bytes:
/// eight bytes a turn, eight table look-ups that do not wait for one another.
struct CRC32 {
  private var register: UInt32 = .max

  var value: UInt32 { ~register }

  // bounded: see `crcTables`
  mutating func update(_ byte: UInt8) {
    register = (register &>> 8) ^ crcTables[Int((register ^ UInt32(byte)) & 0xFF)]
  }

  mutating func update(_ bytes: UnsafeRawBufferPointer) {
    let taken = Int(clamping: tsi_crc32(&register, bytes.baseAddress, bytes.count))
    if taken < bytes.count { update(withTables: bytes.part(taken, bytes.count)) }
  }

  // bounded: see `crcTables`
  mutating func update(withTables bytes: UnsafeRawBufferPointer) {
    guard let base = bytes.baseAddress else { return }
    // Fetched once: each use of a global asks again whether it is initialised.
    let tables = crcTables
    var crc = register
    var position = 0
    // `position + 8 <= count` bounds the unaligned load below.
    while position &+ 8 <= bytes.count {
      let word = UInt64(littleEndian: base.loadUnaligned(fromByteOffset: position, as: UInt64.self))
      crc = Self.eightBytes(word ^ UInt64(crc), tables)
      position &+= 8
    }
    while position < bytes.count {
      let byte = base.load(fromByteOffset: position, as: UInt8.self)
      crc = (crc &>> 8) ^ tables[Int((crc ^ UInt32(byte)) & 0xFF)]
      position &+= 1
    }
    register = crc
  }

  // bounded: see `crcTables`
  @inline(__always)
  private static func eightBytes(_ word: UInt64, _ tables: UnsafePointer<UInt32>) -> UInt32 {
    let low =
      tables[1792 &+ Int(word & 0xFF)]
      ^ tables[1536 &+ Int((word &>> 8) & 0xFF)]
      ^ tables[1280 &+ Int((word &>> 16) & 0xFF)]
      ^ tables[1024 &+ Int((word &>> 24) & 0xFF)]
    let high =
      tables[768 &+ Int((word &>> 32) & 0xFF)]
      ^ tables[512 &+ Int((word &>> 40) & 0xFF)]
      ^ tables[256 &+ Int((word &>> 48) & 0xFF)]
      ^ tables[Int(word &>> 56)]
    return low ^ high
  }
}

/// Table `k` (256 entries from `256 * k`) advances a byte over `k` further zero bytes.
///
/// Unsafe because an Array here would cost a bounds test and a retain for each of the eight
/// look-ups; sound because the 2,048 entries are written once, before the first reader gets the
/// pointer (a global's initialiser runs once), are never freed, and every index above is a byte
/// plus at most 1792.
// bounded: a byte selects the entry; addresses within what was just allocated
private nonisolated(unsafe) let crcTables: UnsafePointer<UInt32> = {
  let tables = UnsafeMutablePointer<UInt32>.allocate(capacity: 8 * 256)
  for byte in 0..<256 {
    var crc = UInt32(truncatingIfNeeded: byte)
    for _ in 0..<8 { crc = (crc &>> 1) ^ (crc & 1 == 0 ? 0 : 0xEDB8_8320) }
    (tables + byte).initialize(to: crc)
  }
  for index in 256..<(8 * 256) {
    let previous = tables[index &- 256]
    (tables + index).initialize(to: (previous &>> 8) ^ tables[Int(previous & 0xFF)])
  }
  return UnsafePointer(tables)
}()
