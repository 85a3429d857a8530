/// What a row holds: the metrics by their numbers and their JSON texts, in the order in which they came, in the form
/// that they have in a record.
struct RowValues {
  private struct Entry {
    var name: Int
    /// Where its value stands, which ends its item.
    var start: Int
    var end: Int
    var hasItem: Bool
  }

  /// Those behind `count` are left over, as those of `ReusedBytes`.
  private var entries: [Entry] = []
  private(set) var count = 0
  private var items = ReusedBytes()
  /// All of them are items.
  private var isWhole = true
  /// Of so many the summary has heard.
  private var told = 0

  mutating func removeAll() {
    count = 0
    items.removeAll()
    isWhole = true
    told = 0
  }

  /// `value` is JSON text; what is not UTF-8 in it is replaced. Without a key it is no item, which to W&B it would mean
  /// nothing as.
  mutating func append(_ name: Int, _ value: UnsafeRawBufferPointer, of keys: ItemKeys) {
    let value = UTF8Text(value)
    var hasItem = false
    keys.withKey(name) { key in
      hasItem = !key.isEmpty && value.validCount > 0
      if hasItem {
        items.appendItem(key, jsonSize: value.validCount) { value.append(to: &$0) }
      } else {
        items.append(size: value.validCount) { value.append(to: &$0) }
      }
    }
    isWhole = isWhole && hasItem
    let entry = Entry(name: name, start: items.count &- value.validCount, end: items.count, hasItem: hasItem)
    if count < entries.count { entries[count] = entry } else { entries.append(entry) }
    count &+= 1
  }

  /// The same metrics in the same order.
  func hasSameNames(as other: RowValues) -> Bool {
    guard count == other.count, count <= entries.count, count <= other.entries.count else { return false }
    var index = 0
    while index < count {
      guard entries[index].name == other.entries[index].name else { return false }
      index &+= 1
    }
    return true
  }

  // bounded: no more are counted than there are
  func forEach(from first: Int = 0, _ body: (_ name: Int, _ value: UnsafeRawBufferPointer) -> Void) {
    items.withUnsafeBytes { items in
      var index = max(first, 0)
      while index < count {
        body(entries[index].name, items.part(entries[index].start, entries[index].end))
        index &+= 1
      }
    }
  }

  func value(of name: Int) -> [UInt8]? {
    guard let entry = entries.prefix(count).first(where: { $0.name == name }) else { return nil }
    return items.withUnsafeBytes { Array($0.part(entry.start, entry.end)) }
  }

  /// `body` is given the items, as many of them as it is told.
  // bounded: no more are counted than there are
  func forItems(_ body: (_ items: UnsafeRawBufferPointer, _ count: Int) -> Void) {
    items.withUnsafeBytes { items in
      if isWhole { return body(items, count) }
      var start = 0
      for entry in entries.prefix(count) {
        if entry.hasItem { body(items.part(start, entry.end), 1) }
        start = entry.end
      }
    }
  }

  /// Everything that `body` has not been given by this.
  mutating func tell(_ body: (_ name: Int, _ value: UnsafeRawBufferPointer) -> Void) {
    forEach(from: told, body)
    told = count
  }

  mutating func tellAgain() { told = 0 }
  mutating func markTold() { told = count }
}
