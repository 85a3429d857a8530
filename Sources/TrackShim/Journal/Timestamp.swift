/// `google.protobuf.Timestamp`, here as nanoseconds since 1970: enough until the year 2262.
struct Timestamp: Equatable {
  private var seconds: Int64 = 0
  private var subsecond: Int32 = 0

  init(nanoseconds: Int64) {
    // Rounded down, so that the part of a second is never negative: the format asks for that.
    let rest = nanoseconds % 1_000_000_000
    let isBefore = rest < 0
    seconds = nanoseconds / 1_000_000_000 &- (isBefore ? 1 : 0)
    subsecond = Int32(truncatingIfNeeded: isBefore ? rest &+ 1_000_000_000 : rest)
  }

  /// Times beyond the range of nanoseconds become its ends.
  var nanoseconds: Int64 {
    let whole = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let sum = whole.partialValue.addingReportingOverflow(Int64(subsecond))
    guard whole.overflow || sum.overflow else { return sum.partialValue }
    return seconds < 0 ? .min : .max
  }

  /// Size of the encoded message.
  var size: Int {
    (seconds == 0 ? 0 : 1 &+ WireSize.varint(UInt64(bitPattern: seconds)))
      &+ (subsecond == 0 ? 0 : 1 &+ WireSize.varint(UInt64(bitPattern: Int64(subsecond))))
  }
}

extension Timestamp: WireMessage {
  init() { self.init(nanoseconds: 0) }

  func encode(into out: inout some ByteSink) {
    out.appendField(1, seconds)
    out.appendField(2, subsecond)
  }

  mutating func take(_ field: WireField) {
    switch field.number {
    case 1: field.read(&seconds)
    case 2: field.read(&subsecond)
    default: break
    }
  }
}

extension [UInt8] {
  mutating func appendField(_ field: Int, time nanoseconds: Int64?) {
    guard let nanoseconds else { return }
    let timestamp = Timestamp(nanoseconds: nanoseconds)
    appendHeader(field, size: timestamp.size)
    timestamp.encode(into: &self)
  }
}

extension WireField {
  func read(time target: inout Int64?) throws(WireError) {
    guard let bytes else { return }
    target = try Timestamp(decoding: bytes).nanoseconds
  }
}
