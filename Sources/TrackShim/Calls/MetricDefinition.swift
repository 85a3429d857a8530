import CTrackShim

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

/// What `trackshim_define_metric` says of a metric; its values are the header's.
struct MetricFlags: OptionSet {
  let rawValue: Int32

  static let minimize = MetricFlags(rawValue: 16)
  static let maximize = MetricFlags(rawValue: 32)
  static let hidden = MetricFlags(rawValue: 64)
  private static let summaryBits: Int32 = 15

  /// nil: none that is known.
  var summary: Template.SummaryRule? {
    switch rawValue & Self.summaryBits {
    case 0: .last
    case 1: .min
    case 2: .max
    case 3: .first
    case 4: .mean
    default: nil
    }
  }

  /// `isPattern`: of a key with a star at its end.
  func isUsable(isPattern: Bool) -> Bool {
    let others = MetricFlags(rawValue: rawValue & ~Self.summaryBits)
    guard summary != nil, others.isSubset(of: [.minimize, .maximize, .hidden]) else { return false }
    guard !contains(.minimize) || !contains(.maximize) else { return false }
    return !isPattern || rawValue & ~MetricFlags.hidden.rawValue == 0
  }
}
