/// Files that the journal asks to be sent with the run. One is known by its number in the journal.
struct SavedFileQueue {
  struct Entry: Equatable {
    let number: Int
    let name: String
    /// Only once the program has ended.
    let isForEnd: Bool
    /// It becomes a version of the run's model.
    var isModel = false

    /// A file may go with the run and be one of its models, too.
    fileprivate var key: [UInt8] { Array(name.utf8) + (isModel ? [0] : []) }
  }

  /// Files that the journal has named so far, each as often as it did.
  private(set) var count = 0
  /// In the order of the journal. One that was named again, or is done, stays until it is met.
  private var queue: ArraySlice<Entry> = []
  /// By the bytes of the name, and what it is to be, the number under which a file that waits was named last.
  private var last: [[UInt8]: Int] = [:]
  /// Numbers of those that the server did not take: whoever comes next tries again.
  private var refused: [[UInt8]: Int] = [:]
  private var done: SavedFileMarks

  /// `done`: what an earlier uploader of this journal has brought to the server.
  init(done: SavedFileMarks = SavedFileMarks()) { self.done = done }

  /// A file that is named again is sent as it is then, and once.
  mutating func append(_ record: FilesRecord) {
    for item in record.files {
      let entry = Entry(
        number: count, name: item.path, isForEnd: item.policy != .now, isModel: item.kind == .artifact)
      count &+= 1
      guard SavedFile.isUsable(item.path), !done.contains(entry.number) else { continue }
      queue.append(entry)
      last[entry.key] = entry.number
      refused[entry.key] = nil
    }
    if queue.count > 1000, queue.count / 2 > last.count { queue = ArraySlice(queue.filter(isWaiting)) }
  }

  private func isWaiting(_ entry: Entry) -> Bool { last[entry.key] == entry.number }

  mutating func next(isEnding: Bool) -> Entry? {
    while let first = queue.first, !isWaiting(first) { queue.removeFirst() }
    return queue.first { (isEnding || !$0.isForEnd) && isWaiting($0) }
  }

  var hasWaiting: Bool { !last.isEmpty }
  var hasRefused: Bool { !refused.isEmpty }

  /// Names of those that wait, the first of them.
  func waiting(most: Int) -> [String] { queue.lazy.filter(isWaiting).prefix(most).map(\.name) }
  var waitingCount: Int { last.count }

  /// What has been named again meanwhile stays.
  mutating func finish(_ entry: Entry, isRefused: Bool) {
    guard isWaiting(entry) else { return }
    last[entry.key] = nil
    if isRefused { refused[entry.key] = entry.number }
  }

  /// What became of the same files as another state of this queue knows it.
  mutating func adopt(_ marks: SavedFileMarks) {
    for (name, number) in last where marks.contains(number) { last[name] = nil }
  }

  var marks: SavedFileMarks {
    let waiting = queue.lazy.filter(isWaiting).prefix(SavedFileMarks.most &+ 1).map(\.number)
    return SavedFileMarks(seen: count, left: [Array(waiting), Array(refused.values)].joined().sorted())
  }
}

/// Which of the journal's saved files need not be sent any more.
struct SavedFileMarks: Equatable {
  /// So many are remembered; what comes behind them counts as not seen.
  static let most = 100

  /// All below this, but those that are left.
  private(set) var seen = 0
  private(set) var left: [Int] = []

  init() {}

  /// `left` in order, or at least the first of them.
  init(seen: Int, left: [Int]) {
    let isTooMuch = left.count > Self.most
    self.left = Array(left.prefix(Self.most))
    self.seen = max(0, isTooMuch ? self.left.last.map { $0 &+ 1 } ?? 0 : seen)
  }

  func contains(_ number: Int) -> Bool { number < seen && !left.contains(number) }
}
