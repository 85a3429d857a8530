/// Something that the run's owner is to be told of at once.
public struct AlertRecord: Equatable, Sendable {
  public var title = ""
  public var text = ""
  /// `INFO`, `WARN` or `ERROR`.
  public var level = ""
  /// Milliseconds in which W&B keeps back others of this title.
  public var wait: Int64 = 0

  public init() {}
}

extension AlertRecord: RecordMessage {
  static let recordField = 10

  func encode(into out: inout [UInt8]) {
    out.appendField(1, title)
    out.appendField(2, text)
    out.appendField(3, level)
    out.appendField(4, wait)
  }

  mutating func take(_ field: WireField) {
    switch field.number {
    case 1: field.read(&title)
    case 2: field.read(&text)
    case 3: field.read(&level)
    case 4: field.read(&wait)
    default: break
    }
  }
}
