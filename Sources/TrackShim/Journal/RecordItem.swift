/// A key and its JSON text: an item of config, history, summary or stats.
public struct RecordItem: Equatable, Sendable {
  /// One element for a plain key; W&B's summary may nest deeper.
  public var path: [String]
  /// JSON, but with bare `NaN`, `Infinity` and `-Infinity` as W&B writes them.
  public var json: String

  public init(path: [String], json: String) {
    self.path = path
    self.json = json
  }

  public init(key: String, json: String) { self.init(path: [key], json: json) }

  /// For bytes that a program printed: what is not UTF-8 is replaced.
  init(key: [UInt8], json: [UInt8]) {
    self.init(key: String(decoding: key, as: UTF8.self), json: String(decoding: json, as: UTF8.self))
  }

  /// The path joined with dots, as W&B's interface shows it.
  public var key: String { path.joined(separator: ".") }
}

extension RecordItem: WireMessage {
  init() { self.init(path: [], json: "") }

  /// A single key goes into `key`, as config and stats have it; history and summary are written by
  /// `ItemList`, which has the other form.
  func encode(into out: inout [UInt8]) {
    if path.count == 1 { out.appendField(1, key) } else { out.appendField(2, path) }
    out.appendField(16, json)
  }

  mutating func take(_ field: WireField) {
    switch field.number {
    case 1:
      if let key = field.text { path = [key] }
    case 2: field.read(&path)
    case 16: field.read(&json)
    default: break
    }
  }
}
