/// Files that the journal asks to be sent with the run. One is known by its number in the journal.
struct SavedFileQueue {
  struct Entry: Equatable {
    let number: Int
    let name: String
    /// Only once the program has ended.
    let isForEnd: Bool
  }

  /// Files that the journal has named so far, each as often as it did.
  private(set) var count = 0
  private var waiting: [Entry] = []
  /// Those that the server did not take: whoever comes next tries again.
  private var refused: [Entry] = []
  private var done: SavedFileMarks

  /// `done`: what an earlier uploader of this journal has brought to the server.
  init(done: SavedFileMarks = SavedFileMarks()) { self.done = done }

  /// A file that is named again is sent as it is then, and once.
  mutating func append(_ record: FilesRecord) {
    for item in record.files {
      let entry = Entry(number: count, name: item.path, isForEnd: item.policy != .now)
      count &+= 1
      guard SavedFile.isUsable(item.path), !done.contains(entry.number) else { continue }
      waiting.removeAll { $0.name == entry.name }
      refused.removeAll { $0.name == entry.name }
      waiting.append(entry)
    }
  }

  func next(isEnding: Bool) -> Entry? { waiting.first { isEnding || !$0.isForEnd } }

  /// Of an end that somebody waits for no longer, all that is left.
  var left: [String] { waiting.map(\.name) }

  /// What has been named again meanwhile stays.
  mutating func finish(_ entry: Entry, isRefused: Bool) {
    guard let place = waiting.firstIndex(of: entry) else { return }
    waiting.remove(at: place)
    if isRefused { refused.append(entry) }
  }

  /// What became of the same files as another state of this queue knows it.
  mutating func adopt(_ marks: SavedFileMarks) { waiting.removeAll { marks.contains($0.number) } }

  var marks: SavedFileMarks {
    SavedFileMarks(seen: count, left: [waiting, refused].joined().map(\.number).sorted())
  }
}

/// Which of the journal's saved files need not be sent any more.
struct SavedFileMarks: Equatable {
  /// So many are remembered; what comes behind them counts as not seen.
  private static let most = 100

  /// All below this, but those that are left.
  private(set) var seen = 0
  private(set) var left: [Int] = []

  init() {}

  /// `left` in order.
  init(seen: Int, left: [Int]) {
    let isTooMuch = left.count > Self.most
    self.left = Array(left.prefix(Self.most))
    self.seen = max(0, isTooMuch ? self.left.last.map { $0 &+ 1 } ?? 0 : seen)
  }

  func contains(_ number: Int) -> Bool { number < seen && !left.contains(number) }
}
