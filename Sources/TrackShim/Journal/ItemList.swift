/// Items of a history or summary record, kept in the form they have on the wire.
///
/// A training may print thousands of rows a second. So a list is filled from raw bytes, is reused
/// for every row, and allocates nothing once it has grown to the size of the largest one.
struct ItemList {
  /// A run of `item` fields: they have number 1 in history and in summary alike.
  private var bytes = ReusedBytes()
  private(set) var count = 0

  /// Where an item ends that is to be changed.
  private var mark = 0

  var isEmpty: Bool { count == 0 }
  /// Their size as they stand in a record.
  var size: Int { bytes.count }
  var encoded: [UInt8] { bytes.array }

  mutating func removeAll() {
    bytes.removeAll()
    count = 0
  }

  /// Adds an item. `json` is JSON text, `NaN` and the infinities bare. An item without key or value
  /// means nothing to W&B and is left out.
  mutating func append(_ key: Int, of keys: ItemKeys, json: UnsafeRawBufferPointer) {
    let json = UTF8Text(json)
    append(key, of: keys, jsonSize: json.validCount) { json.append(to: &$0) }
  }

  /// The same for JSON text that `write` makes, of `jsonSize` bytes.
  @inline(__always)
  mutating func append(_ key: Int, of keys: ItemKeys, jsonSize: Int, _ write: (inout ByteCursor) -> Void) {
    keys.withKey(key) { key in
      guard !key.isEmpty, jsonSize > 0 else { return }
      bytes.appendItem(key, jsonSize: jsonSize, write)
      count &+= 1
    }
  }

  mutating func append(contentsOf other: ItemList) {
    other.bytes.withUnsafeBytes { bytes.append(contentsOf: $0) }
    count &+= other.count
  }

  /// The last item so far is one that will have another value of the same size.
  mutating func marksEnd() { mark = bytes.count }

  mutating func replaceDecimal(_ value: UInt64, digits: Int) {
    bytes.replaceDecimal(value, digits: digits, upTo: mark)
  }

  mutating func append(key: [UInt8], json: [UInt8]) {
    let keys = ItemKeys([key])
    json.withUnsafeBytes { append(0, of: keys, json: $0) }
  }

  @inline(__always)
  func append(to out: inout ByteCursor) {
    bytes.withUnsafeBytes { out.append(contentsOf: $0) }
  }

  mutating func append(_ item: RecordItem) {
    append(key: Array(item.key.utf8), json: Array(item.json.utf8))
  }
}

extension ReusedBytes {
  /// An item of history or summary: a key as `ItemKeys` has it, and the JSON text that `write` makes.
  @inline(__always)
  mutating func appendItem(_ key: UnsafeRawBufferPointer, jsonSize: Int, _ write: (inout ByteCursor) -> Void) {
    let size = key.count &+ WireSize.prefixed(jsonSize)
    append(size: 1 &+ WireSize.prefixed(size)) { out in
      if out.appendItemHead(key, jsonSize: jsonSize) { write(&out) }
    }
  }
}
