/// What kind of client wrote the run. A run whose config lacks it cannot be resumed: W&B takes it
/// for one that never started.
public struct TelemetryRecord: Equatable, Sendable {
  /// Field numbers of W&B's `Feature` message that are true.
  public var features: [Int] = []
  public var pythonVersion = ""
  public var cliVersion = ""
  /// Version of what writes the journal.
  public var coreVersion = ""
  /// As in `linux-x86_64`.
  public var platform = ""

  public init() {}
}

/// The features that can be true of a run of ours.
enum TelemetryFeature {
  static let finish = 2
  static let offline = 4
  static let resumed = 5
  static let initName = 13
  static let initID = 14
  static let initTags = 15
  static let initConfig = 16
  static let libC = 56
  static let libCPP = 57
  static let stepLog = 61
  static let sharedMode = 67
  static let label = 69
}

extension TelemetryRecord: RecordMessage {
  static let recordField = 11

  func encode(into out: inout [UInt8]) {
    if !features.isEmpty {
      out.appendMessage(3) { flags in
        for feature in features { flags.appendField(feature, true) }
      }
    }
    out.appendField(4, pythonVersion)
    out.appendField(5, cliVersion)
    out.appendField(12, coreVersion)
    out.appendField(13, platform)
  }

  mutating func take(_ field: WireField) throws(WireError) {
    switch field.number {
    case 3: try takeFeatures(field)
    case 4: field.read(&pythonVersion)
    case 5: field.read(&cliVersion)
    case 12: field.read(&coreVersion)
    case 13: field.read(&platform)
    default: break
    }
  }

  private mutating func takeFeatures(_ field: WireField) throws(WireError) {
    guard let bytes = field.bytes else { return }
    var reader = WireReader(bytes)
    while let field = try reader.next() {
      if let varint = field.varint, varint != 0 { features.append(field.number) }
    }
  }
}
