/// Figures of one moment, under W&B's names and in its units.
struct MachineSample {
  private(set) var items: [RecordItem] = []

  mutating func add(_ key: String, _ value: Double?) {
    guard let value, value.isFinite else { return }
    var json: [UInt8] = []
    json.appendDouble(value)
    items.append(RecordItem(key: Array(key.utf8), json: json))
  }

  /// `part` of `whole` in percent; nothing where there is no whole.
  mutating func add(_ key: String, percent part: UInt64, of whole: UInt64) {
    guard whole > 0 else { return }
    // bounded: doubles
    add(key, Double(part) / Double(whole) * 100)
  }

  // bounded: doubles
  mutating func add(_ key: String, mebibytes bytes: UInt64) { add(key, Double(bytes) / 1_048_576) }
}
