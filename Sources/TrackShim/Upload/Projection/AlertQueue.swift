/// Alerts that are still to be sent. One is known by its number in the journal, whoever sent it and when.
struct AlertQueue {
  /// Alerts that the journal has given so far.
  private(set) var count = 0
  private var waiting: [AlertRecord] = []

  var first: AlertRecord? { waiting.first }

  /// The next one. One that has been sent already is only counted.
  mutating func append(_ alert: AlertRecord, acknowledged: Int) {
    count &+= 1
    if count > acknowledged { waiting.append(alert) }
  }

  /// Forgets those that have been sent, which are the first `number`.
  mutating func drop(below number: Int) {
    let first = count &- waiting.count
    waiting.removeFirst(min(max(0, number &- first), waiting.count))
  }
}
