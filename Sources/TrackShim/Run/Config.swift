/// The run's config as it becomes known. The journal hears of a key once, and again when it changes.
struct Config {
  /// Keys past this number are left out; each table a trainer prints has some dozens.
  static let limit = 10_000

  private var values: [[UInt8]: [UInt8]] = [:]
  private var news: [RecordItem] = []
  /// A key was left out.
  private(set) var isFull = false
  /// What was decided before the program began: the parameters of a sweep. As W&B has it, nothing changes them.
  private var kept: Set<[UInt8]> = []
  /// The first time that the program named another number for one of them.
  private(set) var contradiction: String?

  mutating func set(_ key: [UInt8], _ json: [UInt8]) {
    guard !key.isEmpty, values[key] != json else { return }
    guard !kept.contains(key) else { return compare(key, json) }
    guard values.count < Self.limit || values[key] != nil else {
      isFull = true
      return
    }
    values[key] = json
    news.append(RecordItem(key: key, json: json))
  }

  private mutating func compare(_ key: [UInt8], _ json: [UInt8]) {
    guard contradiction == nil, let wanted = values[key], let sweeps = Double(wanted.asText),
      let programs = Double(json.asText), sweeps != programs
    else { return }
    contradiction =
      "the sweep says \(key.asText.printable) = \(wanted.asText.printable), the program "
      + "\(json.asText.printable); the config keeps the sweep's"
  }

  /// The journal has it already, and nothing changes it.
  mutating func keep(_ item: RecordItem) {
    let key = Array(item.key.utf8)
    values[key] = Array(item.json.utf8)
    kept.insert(key)
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
