import CTrackShim

/// The values of trackshim_status.
enum CallStatus: Int32 {
  case ok = 0, inactive, invalid, dropped, timeout

  /// `sent` nil: the record had no room.
  init(sent: Bool?) { self = sent.map { $0 ? .ok : .dropped } ?? .invalid }

  /// What cannot be used is told also where nothing is recorded.
  static func of(_ text: Call.Text?, step: Int64? = nil, _ put: (Call.Text) -> Bool?) -> Int32 {
    guard let text, step.map(CallText.isStep) != false else { return invalid.rawValue }
    guard tsi_tap_can_record() else { return inactive.rawValue }
    return CallStatus(sent: put(text)).rawValue
  }

  static func of(_ key: Call.Text?, _ text: Call.Text?, _ put: (Call.Text, Call.Text) -> Bool?) -> Int32 {
    guard let text else { return invalid.rawValue }
    return of(key) { put($0, text) }
  }
}

/// Texts that a caller gave: nil where one cannot be used. No more than the longest is looked at.
enum CallText {
  static func key(_ key: UnsafePointer<CChar>?) -> Call.Text? {
    text(key, longest: Call.longestKey).flatMap { $0.isEmpty ? nil : $0 }
  }

  static func text(_ text: UnsafePointer<CChar>?) -> Call.Text? { self.text(text, longest: Call.longestText) }

  static func json(_ text: UnsafePointer<CChar>?) -> Call.Text? {
    guard let text = self.text(text) else { return nil }
    var parser = JSONParser(text)
    return parser.parse() == nil ? nil : text
  }

  static func isStep(_ step: Int64) -> Bool { step >= -1 && step <= StepCount.largest }

  private static func text(_ text: UnsafePointer<CChar>?, longest: Int) -> Call.Text? {
    guard let text else { return nil }
    let size = tsi_text_size(text, longest &+ 1)
    return size <= longest ? Call.Text(start: text, count: size) : nil
  }
}

/// trackshim_log_row
enum MetricRow {
  // bounded: the caller says how many there are
  static func put(step: Int64, _ metrics: UnsafePointer<trackshim_metric>?, _ count: Int) -> CallStatus {
    guard CallText.isStep(step), count >= 0, count <= Int(TRACKSHIM_ROW_MAX) else { return .invalid }
    guard let metrics, count > 0 else {
      if count > 0 { return .invalid }
      return tsi_tap_can_record() ? .ok : .inactive
    }
    var bytes = 0
    for index in 0..<count {
      guard let key = CallText.key(metrics[index].key) else { return .invalid }
      bytes &+= key.count &+ 16
    }
    guard bytes <= Call.longestText else { return .invalid }
    guard tsi_tap_can_record() else { return .inactive }
    return CallStatus(
      sent: Call.row(step: step, count: count, bytes: bytes) { index in
        // A key that has changed meanwhile is none.
        (CallText.key(metrics[index].key) ?? Call.Text(start: nil, count: 0), metrics[index].value)
      })
  }
}

/// trackshim_define_metric
enum MetricDefinition {
  static func put(
    _ key: UnsafePointer<CChar>?, _ stepKey: UnsafePointer<CChar>?, _ flags: MetricFlags
  ) -> CallStatus {
    guard let key = CallText.key(key) else { return .invalid }
    let isPattern = key.last == UInt8(ascii: "*")
    guard flags.isUsable(isPattern: isPattern), !key.dropLast().contains(UInt8(ascii: "*")) else { return .invalid }
    let stepText = stepKey == nil ? Call.Text(start: nil, count: 0) : CallText.key(stepKey)
    guard let stepText else { return .invalid }
    guard tsi_tap_can_record() else { return .inactive }
    return CallStatus(sent: Call.define(key, stepKey: stepText, flags))
  }
}

/// trackshim_start
enum StartOptions {
  private static let names: [StaticString] = [
    "TRACKSHIM_PROJECT", "TRACKSHIM_ENTITY", "TRACKSHIM_NAME", "TRACKSHIM_RUN_ID", "TRACKSHIM_GROUP",
    "TRACKSHIM_JOB_TYPE", "TRACKSHIM_NOTES", "TRACKSHIM_TAGS", "TRACKSHIM_RESUME", "TRACKSHIM_DIR", "TRACKSHIM_MODE",
    "TRACKSHIM_STREAMS",
  ]

  static func put(_ options: UnsafeRawPointer?) -> CallStatus {
    guard let variables = variables(options) else { return .invalid }
    guard tsi_tap_can_record() else { return .inactive }
    return CallStatus(sent: Call.start(variables))
  }

  /// What is off from the start is never loaded so far; a program that wants that does not call.
  private static func isOff(_ index: Int, _ text: Call.Text) -> Bool {
    index == mode && text.map(\.lowercasedASCII).elementsEqual(disabled)
  }

  private static let mode = 10
  private static let disabled = Array("disabled".utf8)

  /// Programs that were compiled with an earlier header know of fewer: then the rest of them is none.
  // bounded: the struct has as many bytes as it says
  private static func variables(_ options: UnsafeRawPointer?) -> [(name: StaticString, value: Call.Text)]? {
    guard let options else { return [] }
    let size = options.load(as: Int.self), word = MemoryLayout<Int>.size
    guard size >= word, size % word == 0, size <= MemoryLayout<trackshim_options>.size else { return nil }
    var variables: [(StaticString, Call.Text)] = []
    var bytes = 0
    for (index, name) in names.enumerated() where (index &+ 2) &* word <= size {
      let field = options.load(fromByteOffset: (index &+ 1) &* word, as: UnsafePointer<CChar>?.self)
      guard let field else { continue }
      guard let text = CallText.text(field), !isOff(index, text) else { return nil }
      bytes &+= text.count
      variables.append((name, text))
    }
    return bytes <= Call.longestText ? variables : nil
  }
}

/// trackshim_get_counters
enum CounterReport {
  // bounded: the struct has as many bytes as it says
  static func fill(_ counters: UnsafeMutableRawPointer?) -> CallStatus {
    guard let counters else { return .invalid }
    let size = counters.load(as: Int.self), word = 8
    guard size >= word, size % word == 0, size <= 4096 else { return .invalid }
    guard tsi_tap_can_record() else { return .inactive }
    let values: [UInt64] = [
      tsi_counter(Int32(TSI_COUNTER_LINES)), tsi_counter(Int32(TSI_COUNTER_OBSERVATIONS)),
      tsi_counter(Int32(TSI_COUNTER_ROWS)), tsi_counter(Int32(TSI_COUNTER_DROPPED)), tsi_tap_waiting_bytes(),
      tsi_counter(Int32(TSI_COUNTER_RECORDED)), tsi_counter(Int32(TSI_COUNTER_UNSENT)),
    ]
    for (index, value) in values.enumerated() where (index &+ 2) &* word <= size {
      counters.storeBytes(of: value, toByteOffset: (index &+ 1) &* word, as: UInt64.self)
    }
    return .ok
  }
}
