/// Why bytes are not a protocol buffer.
public enum WireError: Error, Equatable, Sendable {
  /// A number, a length or what it announces goes past the end.
  case truncated
  /// More than 64 bits.
  case oversizedVarint
  /// Field number 0 or beyond 2^29 - 1.
  case badFieldNumber
  /// A group (never used by these messages) or one of the two unassigned wire types.
  case badWireType
}

/// Walks the fields of one message. Reads only below `bytes.count`, whatever the bytes say.
struct WireReader {
  private let bytes: UnsafeRawBufferPointer
  private var position = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// The next field; `nil` at the end of the message.
  mutating func next() throws(WireError) -> WireField? {
    guard position < bytes.count else { return nil }
    let tag = try varint()
    let number = tag &>> 3
    guard number >= 1, number < 1 &<< 29 else { throw .badFieldNumber }
    guard let type = WireType(rawValue: tag & 7) else { throw .badWireType }
    return WireField(number: Int(clamping: number), value: try value(type))
  }

  private mutating func value(_ type: WireType) throws(WireError) -> WireField.Value {
    switch type {
    case .varint:
      return .varint(try varint())
    case .fixed64:
      return .fixed(try take(8))
    case .fixed32:
      return .fixed(try take(4))
    case .bytes:
      let length = try varint()
      guard length <= UInt64(bytes.count) else { throw .truncated }
      return .bytes(try take(Int(clamping: length)))
    }
  }

  private mutating func varint() throws(WireError) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while shift < 64 {
      guard position < bytes.count else { throw .truncated }
      let byte = bytes[position]
      position &+= 1
      // The tenth byte holds the last of the 64 bits.
      guard shift < 63 || byte <= 1 else { throw .oversizedVarint }
      value |= UInt64(byte & 0x7F) &<< shift
      if byte < 0x80 { return value }
      shift &+= 7
    }
    throw .oversizedVarint
  }

  private mutating func take(_ count: Int) throws(WireError) -> UnsafeRawBufferPointer {
    guard count <= bytes.count &- position else { throw .truncated }
    let taken = UnsafeRawBufferPointer(rebasing: bytes[position..<(position &+ count)])
    position &+= count
    return taken
  }
}

/// One field, valid as long as the message's bytes are.
///
/// `read` leaves its target alone when the field has another wire type than the target needs: for
/// protocol buffers that is an unknown field, not an error.
struct WireField {
  enum Value {
    case varint(UInt64)
    case fixed(UnsafeRawBufferPointer)
    case bytes(UnsafeRawBufferPointer)
  }

  let number: Int
  let value: Value

  var varint: UInt64? {
    if case .varint(let value) = value { value } else { nil }
  }

  var bytes: UnsafeRawBufferPointer? {
    if case .bytes(let value) = value { value } else { nil }
  }

  var text: String? { bytes.map { String(decoding: $0, as: UTF8.self) } }

  func read<Number: FixedWidthInteger>(_ target: inout Number) {
    if let varint { target = Number(truncatingIfNeeded: varint) }
  }

  func read(_ target: inout Bool) {
    if let varint { target = varint != 0 }
  }

  func read(_ target: inout String) {
    if let text { target = text }
  }

  func read(_ target: inout [String]) {
    if let text { target.append(text) }
  }

  /// A message that comes twice is one message with both sets of fields, says the format.
  func read<Message: WireMessage>(_ target: inout Message?) throws(WireError) {
    guard let bytes else { return }
    var message = target ?? Message()
    try message.merge(bytes)
    target = message
  }

  func read<Message: WireMessage>(_ target: inout [Message]) throws(WireError) {
    if let bytes { target.append(try Message(decoding: bytes)) }
  }
}

/// A message that goes both ways.
protocol WireMessage {
  init()
  func encode(into out: inout [UInt8])
  /// Keeps the field if it is a known one.
  mutating func take(_ field: WireField) throws(WireError)
}

extension WireMessage {
  init(decoding bytes: UnsafeRawBufferPointer) throws(WireError) {
    self.init()
    try merge(bytes)
  }

  mutating func merge(_ bytes: UnsafeRawBufferPointer) throws(WireError) {
    var reader = WireReader(bytes)
    while let field = try reader.next() { try take(field) }
  }
}
