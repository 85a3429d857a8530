/// When the next request may go: at once the first time, then in even steps, wider where the server asks for it.
struct Pace {
  /// W&B's own client never goes faster than this; where a server is under load, neither do we.
  static let widest = 15.0
  static let heartbeat: Int64 = 30_000_000_000

  private let usual: Double
  private var interval: Double
  private var next: Int64 = 0
  private(set) var lastSent: Int64 = 0

  init(interval: Double) {
    usual = interval
    self.interval = interval
  }

  /// Monotonic time from which on a request may be sent.
  var earliest: Int64 { next }
  var heartbeatDue: Int64 { lastSent &+ Self.heartbeat }

  mutating func sent(at now: Int64) {
    lastSent = now
    next = now &+ Self.nanoseconds(interval)
  }

  mutating func answered(_ response: HTTPResponse, at now: Int64) {
    if let asked = Self.asked(by: response) {
      interval = max(usual, min(asked, max(usual, Self.widest)))
      next = max(next, now &+ Self.nanoseconds(asked))
    } else {
      interval = max(usual, interval * 0.8)
    }
  }

  // bounded: doubles
  mutating func wasTooFast() { interval = min(max(usual, interval * 2), max(usual, Self.widest)) }

  /// Seconds between requests that spread what is left of the quota over the time that is left.
  private static func asked(by response: HTTPResponse) -> Double? {
    guard let left = number(response.rateLimitRemaining), let reset = number(response.rateLimitReset) else {
      return nil
    }
    if left < 1 { return min(reset, 60) }
    // bounded: doubles
    return min(reset / left, 10)
  }

  private static func number(_ text: String) -> Double? {
    guard let value = Double(text.trimmed), value.isFinite, value >= 0 else { return nil }
    return value
  }

  static func nanoseconds(_ seconds: Double) -> Int64 { Int64(min(max(0, seconds), 1e6) * 1e9) }
}

/// How long to wait before the same is tried again: 2, 4, 8 … 60 s, each up to a quarter longer so that a
/// thousand runs do not come back together.
struct Backoff {
  private(set) var attempts = 0

  /// `jitter`: from 0 to 1.
  mutating func next(isEnding: Bool, jitter: Double) -> Double {
    let wait = min(60, 2 * Double(1 &<< UInt64(clamping: min(attempts, 5))))
    attempts &+= 1
    // bounded: doubles
    let jittered = wait * (1 + 0.25 * jitter)
    // Somebody waits for the program to end: what can be sent still is to be sent soon.
    return isEnding ? min(jittered, 0.5) : jittered
  }

  mutating func reset() { attempts = 0 }
}
