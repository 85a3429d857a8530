@testable import TrackShim

/// Texts that are taken apart and put together again.
enum TextFuzz {
  static func runJSON(_ bytes: [UInt8]) throws {
    guard let value = JSONValue(bytes) else { return }
    let text = value.text(asJSON: true)
    guard let again = JSONValue(text) else { throw Finding(description: "\(text) cannot be read again") }
    try hold(again == value, "\(text) is another value")
    try hold(again.text(asJSON: true) == text, "\(text) changed")
    _ = (value.integer, value.double, value["data"], value.elements.last?.integer, value.members.last?.value.double)
    let shift = StepShift(lastStep: 5, runtime: 1_000_000_000)
    _ = text.utf8.withContiguousStorageIfAvailable {
      shift.runtime(UnsafeRawBufferPointer($0)).count
        &+ (HistoryLine.integer(UnsafeRawBufferPointer($0)) == nil ? 0 : 1)
    }
  }

  static func runYAML(_ bytes: [UInt8]) throws {
    // Also as what a sweep's file holds: whatever is read is written as text that means the same.
    if let value = YAMLReader.read(bytes) { try rereadable(value) }
    try hold(SweepParameters(bytes).items.allSatisfy { JSONValue($0.json) != nil }, "no JSON")
    guard let value = JSONValue(bytes) else { return }
    try rereadable(value)
    for yaml in [YAMLText.make(value), ConfigYAML.make(items: [("key", bytes)], wandb: bytes)] {
      try hold(yaml.last == Control.lineFeed, "no end of line")
      try hold(yaml.allSatisfy { $0 >= 0x20 || $0 == Control.lineFeed }, "control characters")
      try hold(Array(yaml.asText.utf8) == yaml, "no UTF-8")
    }
  }

  private static func rereadable(_ value: JSONValue) throws {
    let yaml = YAMLText.make(value)
    // Numbers of such length are taken for text.
    let hasEndlessWord = yaml.split { $0 <= 0x20 }.contains { $0.count > PrintedNumber.longest }
    guard !hasEndlessWord, let again = YAMLReader.read(yaml) else {
      return try hold(hasEndlessWord || value.depth > 90, "\(yaml.asText) cannot be read again")
    }
    try hold(YAMLText.make(again) == yaml, "\(yaml.asText) changed")
  }

  static func runText(_ bytes: [UInt8]) throws {
    let text = bytes.asText
    try bytes.withUnsafeBytes { raw in
      let valid = UTF8Text(raw)
      var out: [UInt8] = []
      valid.append(to: &out)
      try hold(out == Array(text.utf8), "not the UTF-8 that Swift makes of it")
      try hold(valid.validCount == out.count, "\(valid.validCount) bytes announced, \(out.count) written")
      try number(raw)
      try hold(UTF8Sequence.unfinished(at: raw) <= 3, "more than a character is unfinished")
    }
    var json: [UInt8] = []
    json.appendJSONString(bytes)
    try hold(JSONValue(json) == .string(text), "\(json.asText) is another text")
    try hold(text.printable.unicodeScalars.allSatisfy { $0.value >= 0x20 }, "control characters in a note")
    _ = (text.trimmed, text.lastPathComponent, bytes.base64.count, try? APIKey(text))
    var input = FuzzInput(bytes)
    let nanoseconds = Int64(bitPattern: input.number(bytes: 8))
    var out: [UInt8] = []
    out.appendUTCTime(nanoseconds: nanoseconds)
    try hold(out.count == 26, out.asText)
    out.appendSeconds(nanoseconds: nanoseconds)
    out.appendDecimal(nanoseconds)
    _ = RetryAfter.seconds(text, now: nanoseconds)
    var timestamp: [UInt8] = []
    timestamp.appendField(1, time: nanoseconds)
  }

  /// What is found as a number is one for JSON too.
  private static func number(_ bytes: UnsafeRawBufferPointer) throws {
    var json: [UInt8] = []
    guard let number = PrintedNumber(in: bytes, at: 0) else { return }
    number.appendJSON(from: bytes, to: &json)
    try hold(json.withUnsafeBytes { JSONNumber.isNumber($0) }, "\(json.asText) is no number")
    let printed = Double(bytes.part(0, number.range.upperBound).map { $0 }.asText)
    guard let printed, number.kind == .integer || number.kind == .decimal else { return }
    try hold(Double(json.asText) == printed, "\(printed) became \(json.asText)")
  }
}

extension JSONValue {
  fileprivate var depth: Int {
    1 + ((elements.map(\.depth) + members.map(\.value.depth)).max() ?? 0)
  }
}
