// Protocol buffers, the writing half: https://protobuf.dev/programming-guides/encoding/
//
// As proto3 has it, zeros and empty strings are not written; a message that is present is written
// even when it is empty, because its presence says something (`exit {}` is success).

enum WireType: UInt64 {
  case varint = 0
  case fixed64 = 1
  case bytes = 2
  case fixed32 = 5
}

extension ByteSink {
  @inline(__always)
  mutating func appendVarint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest &>>= 7
    }
    append(UInt8(truncatingIfNeeded: rest))
  }

  @inline(__always)
  mutating func appendTag(_ field: Int, _ type: WireType) {
    appendVarint(UInt64(truncatingIfNeeded: field) &<< 3 | type.rawValue)
  }

  mutating func appendField(_ field: Int, _ value: UInt64) {
    guard value != 0 else { return }
    appendTag(field, .varint)
    appendVarint(value)
  }

  /// Negative numbers take ten bytes, also the 32-bit ones: that is the format's int32.
  mutating func appendField(_ field: Int, _ value: Int64) {
    appendField(field, UInt64(bitPattern: value))
  }

  mutating func appendField(_ field: Int, _ value: Int32) { appendField(field, Int64(clamping: value)) }

  mutating func appendField(_ field: Int, _ value: UInt32) { appendField(field, UInt64(clamping: value)) }

  mutating func appendField(_ field: Int, _ value: Bool) { appendField(field, value ? 1 as UInt64 : 0) }

  mutating func appendField(_ field: Int, _ text: UTF8Text) {
    guard !text.bytes.isEmpty else { return }
    appendHeader(field, size: text.validCount)
    text.append(to: &self)
  }

  /// What stands before `size` bytes of text or message.
  @inline(__always)
  mutating func appendHeader(_ field: Int, size: Int) {
    appendTag(field, .bytes)
    appendVarint(UInt64(truncatingIfNeeded: size))
  }
}

// For the records a run has few of: these may allocate.
extension [UInt8] {
  mutating func appendField(_ field: Int, _ text: String) {
    var text = text
    text.withUTF8 { appendField(field, UTF8Text(UnsafeRawBufferPointer($0))) }
  }

  /// Each element is written, an empty one too: dropping it would shift the others.
  mutating func appendField(_ field: Int, _ texts: [String]) {
    for text in texts {
      appendHeader(field, size: text.utf8.count)
      append(contentsOf: text.utf8)
    }
  }

  /// A message built in a buffer of its own, because its length stands in front of it.
  mutating func appendMessage(_ field: Int, _ build: (inout [UInt8]) -> Void) {
    var body: [UInt8] = []
    build(&body)
    appendHeader(field, size: body.count)
    append(contentsOf: body)
  }

  mutating func appendField<Message: WireMessage>(_ field: Int, _ message: Message?) {
    guard let message else { return }
    appendMessage(field) { message.encode(into: &$0) }
  }

  mutating func appendField<Message: WireMessage>(_ field: Int, _ messages: [Message]) {
    for message in messages { appendField(field, message) }
  }
}

/// Sizes, for the hot records, which write a length before what it counts.
enum WireSize {
  @inline(__always)
  static func varint(_ value: UInt64) -> Int {
    // 7 bits a byte: 1 + highest bit / 7, without the division.
    let highest = 63 &- (value | 1).leadingZeroBitCount
    return (highest &* 9 &+ 73) &>> 6
  }

  /// Length prefix and content.
  @inline(__always)
  static func prefixed(_ count: Int) -> Int {
    varint(UInt64(truncatingIfNeeded: count)) &+ count
  }
}
