/// Which alerts are told: a loop may raise the same one at every step.
struct AlertWatch {
  /// Each is a message to somebody.
  static let limit = 1000
  /// Of their texts together; they wait in memory while the server is away.
  private static let mostBytes = 1 << 20

  /// By title, when one may be told again, in nanoseconds of the clock that the calls are stamped by.
  private var quietUntil: [[UInt8]: Int64] = [:]
  private var told = 0
  private var bytes = 0

  enum Decision: Equatable {
    case tell
    /// One of this title was told not long ago.
    case repeats
    /// There were too many.
    case isOver
  }

  mutating func decide(_ alert: Alert, at time: Int64) -> Decision {
    if let until = quietUntil[alert.title], time < until { return .repeats }
    guard told < Self.limit, bytes < Self.mostBytes else { return .isOver }
    told &+= 1
    bytes &+= alert.title.count &+ alert.text.count
    // bounded: below 3e17
    quietUntil[alert.title] = time &+ Int64(alert.wait * 1e9)
    return .tell
  }
}
