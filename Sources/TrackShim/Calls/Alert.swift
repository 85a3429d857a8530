import CTrackShim

/// trackshim_alert
struct Alert: Equatable {
  enum Level: Int32 { case info = 0, warn, error }

  var title: [UInt8]
  var text: [UInt8]
  var level: Level
  /// Seconds in which a second one of this title is left out.
  var wait: Double

  /// W&B's client waits as long where it is told nothing.
  private static let usualWait = 60.0
  /// Ten years.
  private static let longestWait = 3e8

  static func put(
    _ title: UnsafePointer<CChar>?, _ text: UnsafePointer<CChar>?, _ level: Int32, _ wait: Double
  ) -> CallStatus {
    let words = text == nil ? Call.Text(start: nil, count: 0) : CallText.text(text)
    guard let title = CallText.key(title), let words, let level = Level(rawValue: level), wait >= 0 else {
      return .invalid
    }
    guard tsi_tap_can_record() else { return .inactive }
    return CallStatus(sent: Call.alert(title: title, text: words, level, wait: wait))
  }

  init(title: [UInt8], text: [UInt8], level: Level, wait: Double) {
    self.title = title
    self.text = text
    self.level = level
    self.wait = wait
  }

  /// From the ring, which may hold anything.
  init?(_ record: inout CallUnpacker) {
    guard let level = record.byte().flatMap({ Level(rawValue: Int32($0)) }), let wait = record.double(), wait >= 0,
      let title = record.text(), !title.isEmpty, let text = record.text()
    else { return nil }
    self.title = title
    self.text = text
    self.level = level
    self.wait = wait == 0 ? Self.usualWait : min(wait, Self.longestWait)
  }

  var record: AlertRecord {
    var record = AlertRecord()
    record.title = ConfigValue.validUTF8(title).asText
    record.text = ConfigValue.validUTF8(text).asText
    record.level = level.name
    // bounded: below 3e11
    record.wait = Int64(wait * 1000)
    return record
  }
}

extension Alert.Level {
  /// W&B's word for it.
  var name: String {
    switch self {
    case .info: "INFO"
    case .warn: "WARN"
    case .error: "ERROR"
    }
  }
}
