/// Who wrote the journal, and how new a reader it needs.
public struct HeaderRecord: Equatable, Sendable {
  public var producer = ""
  /// Readers older than this are to refuse the file.
  public var minimumConsumer = ""

  public init() {}

  init(producer: String) {
    self.producer = producer
    // What W&B's own client puts here.
    minimumConsumer = "0.70.0"
  }
}

extension HeaderRecord: RecordMessage {
  static let recordField = 21

  func encode(into out: inout [UInt8]) {
    out.appendMessage(1) { versionInfo in
      versionInfo.appendField(1, producer)
      versionInfo.appendField(2, minimumConsumer)
    }
  }

  mutating func take(_ field: WireField) throws(WireError) {
    guard field.number == 1, let versionInfo = field.bytes else { return }
    var reader = WireReader(versionInfo)
    while let field = try reader.next() {
      switch field.number {
      case 1: field.read(&producer)
      case 2: field.read(&minimumConsumer)
      default: break
      }
    }
  }
}
