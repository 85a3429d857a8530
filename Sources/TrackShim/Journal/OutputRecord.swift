/// The stream a console line was printed on, numbered as W&B does.
public enum OutputStream: UInt64, Sendable {
  case standardError = 0
  case standardOutput = 1
}

/// Console text as it was printed (`output_raw`), line end included. Written through
/// `RecordBuilder.appendOutput`.
public struct OutputRecord: Equatable, Sendable {
  public var stream = OutputStream.standardError
  /// When it was printed, in nanoseconds since 1970.
  public var time: Int64?
  public var text = ""

  public init() {}
}

extension OutputRecord: RecordMessage {
  static let recordField = 13

  func encode(into out: inout [UInt8]) {
    out.appendField(1, stream.rawValue)
    out.appendField(2, time: time)
    out.appendField(3, text)
  }

  mutating func take(_ field: WireField) throws(WireError) {
    switch field.number {
    case 1: stream = field.varint.flatMap(OutputStream.init) ?? stream
    case 2: try field.read(time: &time)
    case 3: field.read(&text)
    default: break
    }
  }
}
