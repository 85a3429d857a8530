/// How far a journal is, in one line: `mod97  ██████░░░░░░  12.3 of 40.1 MB  1.2 MB/s`.
struct ProgressBar: Equatable {
  private static let longestName = 24
  private static let shortestBar = 8
  private static let longestBar = 40
  /// Room for the longest figures, so that the bar keeps its width while they change.
  private static let figures = 36

  let name: String
  private(set) var total: Int
  private(set) var sent = 0
  private let start: Int64
  private var now: Int64

  /// Times in nanoseconds.
  init(name: String, total: Int, start: Int64) {
    self.name = name
    self.total = total
    self.start = start
    now = start
  }

  mutating func reached(_ sent: Int, of total: Int, at now: Int64) {
    self.sent = max(0, sent)
    self.total = max(total, self.sent)
    self.now = now
  }

  /// Bytes a second; nil before one could say.
  private var rate: Int? {
    let seconds = Double(now - start) / 1e9
    guard seconds >= 0.5, sent > 0 else { return nil }
    return Int(Double(sent) / seconds)
  }

  func text(_ terminal: Terminal) -> String {
    let title = name.count > Self.longestName ? String(name.prefix(Self.longestName - 3)) + "..." : name
    let speed = rate.map { "  \(Figure.bytes($0))/s" } ?? ""
    let figures = "\(Figure.bytes(sent)) of \(Figure.bytes(total))\(speed)"
    // The last column stays free: some terminals wrap as soon as it is written.
    let room = terminal.columns - 1 - title.count - Self.figures - 4
    guard room >= Self.shortestBar else { return String("\(title)  \(figures)".prefix(terminal.columns - 1)) }
    return "\(title)  \(bar(min(room, Self.longestBar), terminal))  \(figures)"
  }

  private func bar(_ width: Int, _ terminal: Terminal) -> String {
    let done = total == 0 ? 0 : min(width, Int(Double(width) * Double(sent) / Double(total)))
    let (full, empty) = terminal.isASCII ? ("#", ".") : ("█", "░")
    return String(repeating: full, count: done) + String(repeating: empty, count: width - done)
  }
}
