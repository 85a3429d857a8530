/// What a row holds: the metrics by their numbers and their JSON texts, in the order in which they came, in the form
/// that they have in a record.
struct RowValues {
  fileprivate struct Entry: BitwiseCopyable {
    var name: Int
    /// Where its item begins, and its value stands, which ends it.
    var head: Int
    var start: Int
    var end: Int

    /// What has no key, or no value, is none.
    var hasItem: Bool { start > head }

    static let none = Entry(name: -1, head: 0, start: 0, end: 0)

    /// An item of this metric, with a value of this length, stood here.
    @inline(__always)
    func isLeft(of name: Int, at position: Int, size: Int) -> Bool {
      self.name == name && head == position && start > head && end &- start == size
    }
  }

  private var entries = ReusedList<Entry>()
  private var items = ReusedBytes()
  /// So many entries are still those of the row before, and their items stand in the bytes that are not used yet.
  private var left = 0
  /// All of them are items.
  private var isWhole = true
  /// Of so many the summary has heard.
  private var told = 0

  var count: Int { entries.count }

  mutating func removeAll() {
    // Those behind are of older rows: what came later may have been written over their items.
    left = entries.count
    entries.removeAll()
    items.removeAll()
    isWhole = true
    told = 0
  }

  /// `value` is JSON text; what is not UTF-8 in it is replaced. Without a key it is no item, which to W&B it would mean
  /// nothing as.
  @inline(never)
  mutating func append(_ name: Int, _ value: UnsafeRawBufferPointer, of keys: ItemKeys) {
    let value = UTF8Text(value), head = items.count
    var hasItem = false
    keys.withKey(name) { key in
      let most = key.count &+ ItemKeys.mostAround &+ value.validCount
      items.append(size: most) { out in
        hasItem = value.validCount > 0 && !key.isEmpty && out.appendItemHead(key, jsonSize: value.validCount)
        value.append(to: &out)
      }
    }
    isWhole = isWhole && hasItem
    entries.append(
      Entry(name: name, head: head, start: items.count &- value.validCount, end: items.count))
  }

  /// Those of a line, whose values stand in `text`: all at once, since nearly all rows are one line. And nearly all rows
  /// have the metrics of the one before that had this memory, in texts as long as those: then their items stand there but
  /// for the value. Behind `items.count` nobody has written since, for items only come one behind the other.
  // bounded: there are as many entries as metrics
  mutating func append(_ metrics: Slice, in text: UnsafeRawBufferPointer, of keys: ItemKeys) {
    guard UTF8Text.isASCII(text) else { return appendEach(metrics, in: text, of: keys) }
    let start = items.count, first = entries.count, left = left
    let size = text.count &+ Self.room(for: metrics, keys)
    var isWhole = isWhole
    keys.withKeys { keys in
      items.append(size: size) { out in
        entries.append(metrics.count, of: .none) { entries in
          var index = 0, head = start
          while index < metrics.count {
            let metric = metrics[index], old = entries[index]
            let value = text.part(metric.start, metric.end)
            if first &+ index < left, old.isLeft(of: metric.name, at: head, size: value.count) {
              out.keep(old.start &- head)
              out.append(contentsOf: value)
              head = old.end
            } else {
              let key = keys[metric.name]
              let hasItem = !value.isEmpty && !key.isEmpty && out.appendItemHead(key, jsonSize: value.count)
              out.append(contentsOf: value)
              isWhole = isWhole && hasItem
              let end = start &+ out.count
              entries[index] = Entry(name: metric.name, head: head, start: end &- value.count, end: end)
              head = end
            }
            index &+= 1
          }
        }
      }
    }
    self.isWhole = isWhole
  }

  /// For keys and what is around them, no less than they take. A long key must not count for each of thousands.
  private static func room(for metrics: Slice, _ keys: ItemKeys) -> Int {
    guard keys.longest > 128 else { return metrics.count &* (keys.longest &+ ItemKeys.mostAround) }
    var room = 0
    keys.withKeys { keys in
      for metric in metrics { room &+= keys[metric.name].count &+ ItemKeys.mostAround }
    }
    return room
  }

  private mutating func appendEach(_ metrics: Slice, in text: UnsafeRawBufferPointer, of keys: ItemKeys) {
    for metric in metrics { append(metric.name, text.part(metric.start, metric.end), of: keys) }
  }

  typealias Slice = UnsafeBufferPointer<Observations.Metric>

  /// The same metrics in the same order.
  func hasSameNames(as other: RowValues) -> Bool {
    guard count == other.count else { return false }
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
    guard let entry = entries.first(where: { $0.name == name }) else { return nil }
    return items.withUnsafeBytes { Array($0.part(entry.start, entry.end)) }
  }

  /// `body` is given the items, one or several at a time.
  @inline(__always)
  func forItems(_ body: (UnsafeRawBufferPointer) -> Void) {
    items.withUnsafeBytes { items in
      if isWhole { body(items) } else { forEachItem(in: items, body) }
    }
  }

  private func forEachItem(in items: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Void) {
    var start = 0
    for entry in entries {
      if entry.hasItem { body(items.part(start, entry.end)) }
      start = entry.end
    }
  }

  /// Of all items together.
  var itemsSize: Int {
    if isWhole { return items.count }
    var size = 0
    forItems { size &+= $0.count }
    return size
  }

  /// Everything that `body` has not been given by this.
  mutating func tell(_ body: (_ name: Int, _ value: UnsafeRawBufferPointer) -> Void) {
    forEach(from: told, body)
    told = count
  }

  mutating func tellAgain() { told = 0 }
  mutating func markTold() { told = count }
}
