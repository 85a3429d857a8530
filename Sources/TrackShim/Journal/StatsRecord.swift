/// A sample of system metrics. Keys have no `system.` here: W&B adds it.
public struct StatsRecord: Equatable, Sendable {
  /// Nanoseconds since 1970.
  public var time: Int64?
  public var items: [RecordItem] = []

  public init() {}
}

extension StatsRecord: RecordMessage {
  static let recordField = 7

  // Field 1, the type, has only the value 0 (system), which is not written.
  func encode(into out: inout [UInt8]) {
    out.appendField(2, time: time)
    out.appendField(3, items)
  }

  mutating func take(_ field: WireField) throws(WireError) {
    switch field.number {
    case 2: try field.read(time: &time)
    case 3: try field.read(&items)
    default: break
    }
  }
}
