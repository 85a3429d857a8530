/// How W&B is to show a metric (`define_metric`).
public struct MetricRecord: Equatable, Sendable {
  /// Exactly one of the two: a name, or a prefix with `*`.
  public var name = ""
  public var globName = ""
  /// The metric to use as x axis.
  public var stepMetric = ""
  public var stepSync = false
  public var hidden = false
  /// Set for what a user defined, as opposed to what a client guessed.
  public var defined = false

  public init() {}
}

extension MetricRecord: RecordMessage {
  static let recordField = 12

  func encode(into out: inout [UInt8]) {
    out.appendField(1, name)
    out.appendField(2, globName)
    out.appendField(4, stepMetric)
    guard stepSync || hidden || defined else { return }
    out.appendMessage(6) { options in
      options.appendField(1, stepSync)
      options.appendField(2, hidden)
      options.appendField(3, defined)
    }
  }

  mutating func take(_ field: WireField) throws(WireError) {
    switch field.number {
    case 1: field.read(&name)
    case 2: field.read(&globName)
    case 4: field.read(&stepMetric)
    case 6: try takeOptions(field)
    default: break
    }
  }

  private mutating func takeOptions(_ field: WireField) throws(WireError) {
    guard let bytes = field.bytes else { return }
    var reader = WireReader(bytes)
    while let field = try reader.next() {
      switch field.number {
      case 1: field.read(&stepSync)
      case 2: field.read(&hidden)
      case 3: field.read(&defined)
      default: break
      }
    }
  }
}
