/// The run's config as it becomes known. The journal hears of a key once, and again when it changes.
struct Config {
  /// Keys past this number are left out; each table a trainer prints has some dozens.
  static let limit = 10_000

  private var values: [[UInt8]: [UInt8]] = [:]
  private var news: [RecordItem] = []
  /// A key was left out.
  private(set) var isFull = false

  mutating func set(_ key: [UInt8], _ json: [UInt8]) {
    guard !key.isEmpty, values[key] != json else { return }
    guard values.count < Self.limit || values[key] != nil else {
      isFull = true
      return
    }
    values[key] = json
    news.append(RecordItem(key: key, json: json))
  }

  /// The journal has it already.
  mutating func know(_ key: [UInt8], _ json: [UInt8]) { values[key] = json }

  mutating func set(_ key: String, text: String) {
    var json: [UInt8] = []
    json.appendJSONString(text)
    set(Array(key.utf8), json)
  }

  mutating func write(to journal: Journal) {
    guard !news.isEmpty else { return }
    journal.append(ConfigRecord(items: news))
    news.removeAll(keepingCapacity: true)
  }
}
