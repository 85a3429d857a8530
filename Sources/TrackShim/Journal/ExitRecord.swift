/// How the run ended; nothing behind it is read. Success is the empty message, so its presence is
/// what counts.
public struct ExitRecord: Equatable, Sendable {
  public var exitCode: Int32 = 0
  /// Seconds.
  public var runtime: Int32 = 0

  public init() {}

  init(exitCode: Int32, runtime: Int32) {
    self.exitCode = exitCode
    self.runtime = runtime
  }
}

extension ExitRecord: RecordMessage {
  static let recordField = 18

  func encode(into out: inout [UInt8]) {
    out.appendField(1, exitCode)
    out.appendField(2, runtime)
  }

  mutating func take(_ field: WireField) {
    switch field.number {
    case 1: field.read(&exitCode)
    case 2: field.read(&runtime)
    default: break
    }
  }
}
