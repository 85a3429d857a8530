import CTrackShim

/// A call of trackshim.h on its way from the caller's thread to the worker.
enum Call {
  struct Metric: Equatable {
    var key: [UInt8]
    var json: [UInt8]
  }

  case start(variables: [String: String])
  /// `step` nil: by itself.
  case log(step: Int64?, [Metric], isWholeRow: Bool)
  case config(Metric)
  case summary(Metric)
  case define(key: [UInt8], stepKey: [UInt8], flags: MetricFlags)
  case text([UInt8])
  case alert(Alert)
  case save(SavedFile)

  static let longestKey = Int(clamping: TRACKSHIM_KEY_MAX)
  static let longestText = Int(clamping: TRACKSHIM_TEXT_MAX)

  private enum Kind: UInt8 {
    case start = 1, log, config, summary, define, text, alert, save
  }

  /// One item of a config or summary.
  enum Value {
    case integer(Int64), double(Double), boolean(Bool)
    case string(UnsafeRawBufferPointer), json(UnsafeRawBufferPointer)
  }

  private enum ValueKind: UInt8 {
    case integer = 1, double, boolean, string, json
  }

  /// Of `text`, with its line end.
  var line: [UInt8]? {
    guard case .text(let text) = self else { return nil }
    return text.last == Control.lineFeed ? text : text + [Control.lineFeed]
  }

  // MARK: On the worker

  init?(_ bytes: UnsafeRawBufferPointer) {
    var record = CallUnpacker(bytes)
    guard let kind = record.byte().flatMap(Kind.init), let call = Self.call(kind, &record), record.isAtEnd else {
      return nil
    }
    self = call
  }

  private static func call(_ kind: Kind, _ record: inout CallUnpacker) -> Call? {
    switch kind {
    case .start: return variables(&record).map { .start(variables: $0) }
    case .log: return log(&record)
    case .config: return item(&record).map { .config($0) }
    case .summary: return item(&record).map { .summary($0) }
    case .define:
      guard let flags = record.number(), let key = record.text(), !key.isEmpty, let stepKey = record.text() else {
        return nil
      }
      return .define(key: key, stepKey: stepKey, flags: MetricFlags(rawValue: Int32(truncatingIfNeeded: flags)))
    case .text: return record.text().map { .text($0) }
    case .alert: return Alert(&record).map { .alert($0) }
    case .save: return SavedFile(&record).map { .save($0) }
    }
  }

  private static func variables(_ record: inout CallUnpacker) -> [String: String]? {
    var variables: [String: String] = [:]
    while !record.isAtEnd {
      guard let name = record.text(), let value = record.text() else { return nil }
      variables[name.asText] = value.asText
    }
    return variables
  }

  private static func log(_ record: inout CallUnpacker) -> Call? {
    guard let step = record.number(), let isWholeRow = record.byte() else { return nil }
    var metrics: [Metric] = []
    while !record.isAtEnd {
      guard let value = record.double(), let key = record.text(), !key.isEmpty else { return nil }
      var json: [UInt8] = []
      json.appendDouble(value)
      metrics.append(Metric(key: key, json: json))
    }
    return metrics.isEmpty ? nil : .log(step: step < 0 ? nil : step, metrics, isWholeRow: isWholeRow != 0)
  }

  private static func item(_ record: inout CallUnpacker) -> Metric? {
    guard let kind = record.byte().flatMap(ValueKind.init), let key = record.text(), !key.isEmpty else { return nil }
    var json: [UInt8] = []
    switch kind {
    case .integer:
      guard let value = record.number() else { return nil }
      json.appendDecimal(value)
    case .double:
      guard let value = record.double() else { return nil }
      json.appendDouble(value)
    case .boolean:
      guard let value = record.byte() else { return nil }
      json = Array((value != 0 ? "true" : "false").utf8)
    case .string:
      guard let text = record.text() else { return nil }
      json.appendJSONString(text)
    case .json:
      guard let text = record.text() else { return nil }
      json = text
    }
    return Metric(key: key, json: json)
  }
}

// MARK: - On the caller's thread

extension Call {
  typealias Text = UnsafeRawBufferPointer

  static func put(_ record: UnsafeRawBufferPointer) -> Bool { tsi_tap_call(record.baseAddress, record.count) }

  /// `send` gets the record; nil: it had no room.
  static func start(_ variables: [(name: StaticString, value: Text)], _ send: (Text) -> Bool = put) -> Bool? {
    let room = variables.reduce(64) { $0 &+ $1.name.utf8CodeUnitCount &+ $1.value.count &+ 16 }
    return CallPacker.with(
      room: room,
      { record in
        record.put(Kind.start.rawValue)
        for (name, value) in variables where name.hasPointerRepresentation {
          record.put(Text(start: name.utf8Start, count: name.utf8CodeUnitCount))
          record.put(value)
        }
      }, send)
  }

  static func log(step: Int64, _ key: Text, _ value: Double, _ send: (Text) -> Bool = put) -> Bool? {
    CallPacker.with(
      room: 64 &+ key.count,
      { record in
        record.put(Kind.log.rawValue)
        record.put(step)
        record.put(UInt8(0))
        record.put(value)
        record.put(key)
      }, send)
  }

  /// `bytes`: of all keys together.
  static func row(
    step: Int64, count: Int, bytes: Int, _ metric: (Int) -> (key: Text, value: Double), _ send: (Text) -> Bool = put
  ) -> Bool? {
    CallPacker.with(
      room: 64 &+ bytes &+ count &* 16,
      { record in
        record.put(Kind.log.rawValue)
        record.put(step)
        record.put(UInt8(1))
        for index in 0..<max(0, count) {
          let metric = metric(index)
          record.put(metric.value)
          record.put(metric.key)
        }
      }, send)
  }

  static func config(_ key: Text, _ value: Value, _ send: (Text) -> Bool = put) -> Bool? {
    item(.config, key, value, send)
  }

  static func summary(_ key: Text, _ value: Value, _ send: (Text) -> Bool = put) -> Bool? {
    item(.summary, key, value, send)
  }

  private static func item(_ kind: Kind, _ key: Text, _ value: Value, _ send: (Text) -> Bool) -> Bool? {
    var room = 64 &+ key.count
    if case .string(let text) = value { room &+= text.count }
    if case .json(let text) = value { room &+= text.count }
    return CallPacker.with(room: room, { pack(kind, key, value, &$0) }, send)
  }

  private static func pack(_ kind: Kind, _ key: Text, _ value: Value, _ record: inout CallPacker) {
    record.put(kind.rawValue)
    switch value {
    case .integer(let number):
      record.put(ValueKind.integer.rawValue)
      record.put(key)
      record.put(number)
    case .double(let number):
      record.put(ValueKind.double.rawValue)
      record.put(key)
      record.put(number)
    case .boolean(let isTrue):
      record.put(ValueKind.boolean.rawValue)
      record.put(key)
      record.put(UInt8(isTrue ? 1 : 0))
    case .string(let text):
      record.put(ValueKind.string.rawValue)
      record.put(key)
      record.put(text)
    case .json(let text):
      record.put(ValueKind.json.rawValue)
      record.put(key)
      record.put(text)
    }
  }

  static func define(_ key: Text, stepKey: Text, _ flags: MetricFlags, _ send: (Text) -> Bool = put) -> Bool? {
    CallPacker.with(
      room: 64 &+ key.count &+ stepKey.count,
      { record in
        record.put(Kind.define.rawValue)
        record.put(Int64(clamping: flags.rawValue))
        record.put(key)
        record.put(stepKey)
      }, send)
  }

  static func alert(
    title: Text, text: Text, _ level: Alert.Level, wait: Double, _ send: (Text) -> Bool = put
  ) -> Bool? {
    CallPacker.with(
      room: 64 &+ title.count &+ text.count,
      { record in
        record.put(Kind.alert.rawValue)
        record.put(UInt8(truncatingIfNeeded: level.rawValue))
        record.put(wait)
        record.put(title)
        record.put(text)
      }, send)
  }

  /// `directory`: what a path that does not begin with a slash begins from.
  static func save(_ path: Text, from directory: Text, _ send: (Text) -> Bool = put) -> Bool? {
    CallPacker.with(
      room: 64 &+ path.count &+ directory.count,
      { record in
        record.put(Kind.save.rawValue)
        record.put(path)
        record.put(directory)
      }, send)
  }

  static func text(_ text: Text, _ send: (Text) -> Bool = put) -> Bool? {
    CallPacker.with(
      room: 64 &+ text.count,
      { record in
        record.put(Kind.text.rawValue)
        record.put(text)
      }, send)
  }
}
