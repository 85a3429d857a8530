/// Calls of trackshim.h that are waiting for what was printed before them.
///
/// A call reaches the worker at once; a line printed before it may still stand in stdio's buffer. Each call
/// therefore says how far stdout had been printed when it was made, and is taken when that much of stdout has
/// been. Bounded in number and time: past either the oldest goes ahead.
struct CallQueue {
  static let limit = 4096
  /// A line that is only begun, or a buffer that cannot be looked into, holds a call up no longer.
  static let patience: Int64 = 100_000_000

  struct Entry {
    var call: Call
    var position: UInt64
    var time: Int64
  }

  private var entries: [Entry] = []
  private var first = 0

  var isEmpty: Bool { first == entries.count }

  mutating func append(_ entry: Entry) {
    entries.append(entry)
  }

  /// The position that the oldest one waits for.
  // bounded: `first` is below the count unless the queue is empty
  var nextPosition: UInt64? { isEmpty ? nil : entries[first].position }

  /// The oldest one, if all of stdout up to its place has been taken.
  mutating func next(upTo position: UInt64) -> Entry? {
    guard let wanted = nextPosition, wanted <= position else { return nil }
    return removeFirst()
  }

  /// The oldest one, if it has waited long enough or too many wait.
  mutating func nextOverdue(now: Int64, isLast: Bool) -> Entry? {
    guard !isEmpty else { return nil }
    let isLate = now &- entries[first].time > Self.patience
    return isLast || isLate || entries.count &- first > Self.limit ? removeFirst() : nil
  }

  // bounded: both callers have found an entry
  private mutating func removeFirst() -> Entry {
    let entry = entries[first]
    first &+= 1
    if first == entries.count {
      entries.removeAll(keepingCapacity: true)
      first = 0
    }
    return entry
  }
}
