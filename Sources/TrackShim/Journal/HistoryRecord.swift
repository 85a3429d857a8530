/// The metrics of one step, as read. Written through `RecordBuilder.appendHistory`.
public struct HistoryRecord: Equatable, Sendable {
  public var items: [RecordItem] = []
  /// The record's own step field; W&B goes by the item `_step`.
  public var step: Int64?

  public init() {}
}

extension HistoryRecord: RecordMessage {
  static let recordField = 2

  func encode(into out: inout [UInt8]) {
    var list = ItemList()
    for item in items { list.append(item) }
    out.append(contentsOf: list.encoded)
    if let step { out.appendMessage(2) { $0.appendField(1, step) } }
  }

  mutating func take(_ field: WireField) throws(WireError) {
    switch field.number {
    case 1: try field.read(&items)
    case 2: try takeStep(field)
    default: break
    }
  }

  private mutating func takeStep(_ field: WireField) throws(WireError) {
    guard let bytes = field.bytes else { return }
    var number: Int64 = 0
    var reader = WireReader(bytes)
    while let field = try reader.next() {
      if field.number == 1 { field.read(&number) }
    }
    step = number
  }
}

/// Last values of metrics, as read. Written through `RecordBuilder.appendSummary`.
public struct SummaryRecord: Equatable, Sendable {
  public var items: [RecordItem] = []
  /// Of the row that is open, metrics whose last value the summary does not have: one that keeps their least, say. A field
  /// of our own, which W&B's readers pass over.
  public var rowItems: [RecordItem] = []

  public init() {}
}

extension SummaryRecord: RecordMessage {
  static let recordField = 3
  static let rowField = 1000

  func encode(into out: inout [UInt8]) {
    var list = ItemList()
    for item in items { list.append(item) }
    out.append(contentsOf: list.encoded)
    guard !rowItems.isEmpty else { return }
    list.removeAll()
    for item in rowItems { list.append(item) }
    out.appendHeader(Self.rowField, size: list.size)
    out.append(contentsOf: list.encoded)
  }

  mutating func take(_ field: WireField) throws(WireError) {
    switch field.number {
    case 1: try field.read(&items)
    case Self.rowField:
      guard let bytes = field.bytes else { return }
      var reader = WireReader(bytes)
      while let item = try reader.next() {
        if item.number == 1 { try item.read(&rowItems) }
      }
    default: break
    }
  }
}
