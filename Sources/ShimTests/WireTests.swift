import Testing

@testable import TrackShim

@Suite struct WireTests {
  @Test func theFormatsOwnExamples() {
    var out: [UInt8] = []
    out.appendField(1, 150 as UInt64)
    #expect(out == [0x08, 0x96, 0x01])
    out = []
    out.appendField(2, "testing")
    #expect(out == [0x12, 0x07] + Array("testing".utf8))
    out = []
    out.appendField(1, -2 as Int32)
    #expect(out == [0x08, 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01])
    out = []
    out.appendField(1, 0 as Int64)
    out.appendField(2, "")
    out.appendField(3, false)
    #expect(out.isEmpty)
    out.appendField(18, ExitRecord())
    #expect(out == [0x92, 0x01, 0x00])
  }

  @Test func sizesAreThoseOfTheBytes() {
    for bit in 0..<64 {
      for value in [(1 as UInt64) << bit, (1 << bit) &- 1, (1 << bit) &+ 1, .max] {
        var out: [UInt8] = []
        out.appendVarint(value)
        #expect(WireSize.varint(value) == out.count)
        #expect(firstVarint([0x08] + out) == value)
      }
    }
  }

  private func firstVarint(_ bytes: [UInt8]) -> UInt64? {
    bytes.withUnsafeBytes { raw in
      var reader = WireReader(raw)
      return (try? reader.next())?.varint
    }
  }

  private func outcome(_ bytes: [UInt8]) -> WireError? {
    bytes.withUnsafeBytes { raw in
      var reader = WireReader(raw)
      do { while try reader.next() != nil {} } catch let error { return error as? WireError }
      return nil
    }
  }

  @Test(
    arguments: [
      ([], nil), ([0x08, 0x00], nil), ([0x08], .truncated), ([0x08, 0x80], .truncated), ([0x80], .truncated),
      ([0x12, 0x02, 0x41], .truncated), ([0x12], .truncated), ([0x12, 0x00], nil),
      // A length of 2^64 - 1.
      ([0x12, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01], .truncated),
      ([0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01], nil),
      ([0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02], .oversizedVarint),
      ([0x08, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01], .oversizedVarint),
      ([0x00, 0x00], .badFieldNumber), ([0x80, 0x80, 0x80, 0x80, 0x10, 0x00], .badFieldNumber),
      ([0xF8, 0xFF, 0xFF, 0xFF, 0x0F, 0x00], nil),
      ([0x0B], .badWireType), ([0x0C], .badWireType), ([0x0E], .badWireType), ([0x0F], .badWireType),
      ([0x09, 1, 2, 3, 4, 5, 6, 7, 8], nil), ([0x09, 1, 2, 3, 4, 5, 6, 7], .truncated),
      ([0x0D, 1, 2, 3, 4], nil), ([0x0D, 1, 2, 3], .truncated),
    ] as [([UInt8], WireError?)])
  func edges(bytes: [UInt8], expected: WireError?) {
    #expect(outcome(bytes) == expected)
  }

  @Test(
    arguments: [
      0, 1, 999_999_999, 1_000_000_000, 1_795_331_147_062_548_123, -1, -1_000_000_000, -1_500_000_000, .max, .min,
    ] as [Int64])
  func timestamps(nanoseconds: Int64) throws {
    var out: [UInt8] = []
    let timestamp = Timestamp(nanoseconds: nanoseconds)
    timestamp.encode(into: &out)
    #expect(out.count == timestamp.size)
    let back = try out.withUnsafeBytes { try Timestamp(decoding: $0) }
    #expect(back == timestamp)
    // Int64.min and its neighbours: the whole seconds alone are out of range.
    #expect(back.nanoseconds == nanoseconds)
  }

  @Test func timesOutOfRangeBecomeItsEnds() throws {
    var out: [UInt8] = []
    out.appendField(1, Int64.max)
    #expect(try out.withUnsafeBytes { try Timestamp(decoding: $0) }.nanoseconds == .max)
    out = []
    out.appendField(1, Int64.min)
    #expect(try out.withUnsafeBytes { try Timestamp(decoding: $0) }.nanoseconds == .min)
  }
}
