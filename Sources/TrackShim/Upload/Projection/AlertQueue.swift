/// Alerts that are still to be sent. One is known by its number in the journal, whoever sent it and when.
struct AlertQueue {
  /// Alerts that the journal has given so far.
  private(set) var count = 0
  /// So many have been sent.
  private var sent: Int
  private var waiting: [AlertRecord] = []

  init(sent: Int = 0) { self.sent = sent }

  var first: AlertRecord? { waiting.first }

  mutating func append(_ alert: AlertRecord) {
    count &+= 1
    if count > sent { waiting.append(alert) }
  }

  /// The first `number` have been sent: also those that an end had, which was taken back and comes again.
  mutating func drop(below number: Int) {
    let first = count &- waiting.count
    waiting.removeFirst(min(max(0, number &- first), waiting.count))
    sent = max(sent, number)
  }
}
