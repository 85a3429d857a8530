/// One line of wandb-history.jsonl out of one history record.
enum HistoryLine {
  /// Past this W&B takes no line (10 MiB less 100 KiB); such a row is left out whole, as its own client does.
  static let longest = 10_383_360

  enum Outcome {
    case row
    case tooLong
    /// The earlier part of a continued run has it.
    case leftOut
  }

  /// The body of a history record as a JSON object.
  static func make(_ message: UnsafeRawBufferPointer, _ shift: inout StepShift, into line: inout [UInt8]) -> Outcome {
    line.removeAll(keepingCapacity: true)
    line.append(UInt8(ascii: "{"))
    var printed: Int64?
    var hasPrintedStep = false
    let runtimeShift = shift
    RowScan.items(of: message, field: 1) { item in
      if item.isNamed("_step") {
        printed = integer(item.json)
      } else if item.isNamed("_runtime"), runtimeShift.runtime != 0 {
        append(item, json: runtimeShift.runtime(item.json), to: &line)
      } else {
        hasPrintedStep = hasPrintedStep || item.isNamed("step")
        append(item, to: &line)
      }
    }
    guard let step = shift.step(for: printed) else { return .leftOut }
    if shift.isRenumbering, !hasPrintedStep, let printed { append("step", printed, to: &line) }
    append("_step", step, to: &line)
    line.append(UInt8(ascii: "}"))
    return line.count <= longest ? .row : .tooLong
  }

  static func integer(_ json: UnsafeRawBufferPointer) -> Int64? {
    if let digits = digits(json) { return digits }
    let text = Array(json).asText
    return Int64(text) ?? Double(text).flatMap { Int64(exactly: $0.rounded()) }
  }

  /// A step as all of them are: digits alone, and not so many that they may be too many.
  private static func digits(_ json: UnsafeRawBufferPointer) -> Int64? {
    guard !json.isEmpty, json.count <= 18 else { return nil }
    var value: Int64 = 0
    for byte in json {
      let digit = byte &- UInt8(ascii: "0")
      guard digit <= 9 else { return nil }
      value = value &* 10 &+ Int64(digit)
    }
    return value
  }

  private static func append(_ name: StaticString, _ value: Int64, to line: inout [UInt8]) {
    if line.count > 1 { line.append(UInt8(ascii: ",")) }
    line.append(UInt8(ascii: "\""))
    line.append(contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    line.append(contentsOf: "\":".utf8)
    line.appendDecimal(value)
  }

  /// `{"a":{"b":1}}` for an item that nests, as W&B's own client writes them.
  static func append(_ item: RowScan.Item, json: [UInt8]? = nil, to line: inout [UInt8]) {
    if line.count > 1 { line.append(UInt8(ascii: ",")) }
    line.appendJSONString(item.name)
    line.append(UInt8(ascii: ":"))
    for name in item.innerNames {
      line.append(UInt8(ascii: "{"))
      line.appendJSONString(name)
      line.append(UInt8(ascii: ":"))
    }
    if let json { line.append(contentsOf: json) } else { line.append(contentsOf: item.json) }
    for _ in item.innerNames { line.append(UInt8(ascii: "}")) }
  }
}

/// One line of wandb-events.jsonl out of one stats record.
enum EventLine {
  static func make(
    _ message: UnsafeRawBufferPointer, startTime: Int64, label: String = "", _ shift: StepShift,
    into line: inout [UInt8]
  ) {
    let mark = label.isEmpty ? [] : Array("/l:\(label)".utf8)
    line.removeAll(keepingCapacity: true)
    line.append(contentsOf: "{\"_wandb\":true".utf8)
    RowScan.items(of: message, field: 3) { item in
      line.append(UInt8(ascii: ","))
      line.appendJSONString(Array("system.".utf8) + Array(item.name) + mark)
      line.append(UInt8(ascii: ":"))
      line.append(contentsOf: item.json)
    }
    let time = (try? StatsRecord(decoding: message).time) ?? startTime
    line.append(contentsOf: ",\"_timestamp\":".utf8)
    line.appendSeconds(nanoseconds: time)
    line.append(contentsOf: ",\"_runtime\":".utf8)
    line.appendSeconds(nanoseconds: max(0, time &- startTime) &+ shift.runtime)
    line.append(UInt8(ascii: "}"))
  }
}
