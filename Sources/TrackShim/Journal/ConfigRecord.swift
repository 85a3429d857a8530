/// Config keys that were learnt after the run record. Values are plain JSON here, not wrapped in
/// `{"value": …}` as they are on the server.
public struct ConfigRecord: Equatable, Sendable {
  public var items: [RecordItem] = []

  public init() {}

  init(items: [RecordItem]) { self.items = items }
}

extension ConfigRecord: RecordMessage {
  static let recordField = 5

  func encode(into out: inout [UInt8]) { out.appendField(1, items) }

  mutating func take(_ field: WireField) throws(WireError) {
    if field.number == 1 { try field.read(&items) }
  }
}
