/// Items of a history or summary record, kept in the form they have on the wire.
///
/// A training may print thousands of rows a second. So a list is filled from raw bytes, is reused
/// for every row, and allocates nothing once it has grown to the size of the largest one.
struct ItemList {
  /// A run of `item` fields: they have number 1 in history and in summary alike.
  private(set) var encoded: [UInt8] = []
  private(set) var count = 0

  var isEmpty: Bool { count == 0 }

  mutating func removeAll() {
    encoded.removeAll(keepingCapacity: true)
    count = 0
  }

  /// Adds an item. `json` is JSON text, `NaN` and the infinities bare. An item without key or value
  /// means nothing to W&B and is left out.
  mutating func append(key: UnsafeRawBufferPointer, json: UnsafeRawBufferPointer) {
    guard !key.isEmpty, !json.isEmpty else { return }
    let key = UTF8Text(key)
    let json = UTF8Text(json)
    // Tags: one byte for field 2, two for field 16.
    let size = 3 &+ WireSize.prefixed(key.validCount) &+ WireSize.prefixed(json.validCount)
    encoded.append(size: 1 &+ WireSize.prefixed(size)) { out in
      out.appendHeader(1, size: size)
      // The official writer uses nested_key in these two records, even for keys without a nest.
      out.appendField(2, key)
      out.appendField(16, json)
    }
    count &+= 1
  }

  mutating func append(key: [UInt8], json: [UInt8]) {
    key.withUnsafeBytes { key in json.withUnsafeBytes { json in append(key: key, json: json) } }
  }

  @inline(__always)
  func append(to out: inout ByteCursor) {
    encoded.withUnsafeBytes { out.append(contentsOf: $0) }
  }

  mutating func append(_ item: RecordItem) {
    append(key: Array(item.key.utf8), json: Array(item.json.utf8))
  }
}
