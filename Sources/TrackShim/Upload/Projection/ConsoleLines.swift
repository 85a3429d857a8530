/// Makes numbered lines of the console text in a journal.
///
/// The numbers follow from the text alone, so whoever reads the journal later finds the same ones: stdout and
/// stderr have a line each that is being written, and a line gets the next number with its first character, an
/// empty one with its "\n". A "\r" goes back to the line's start, and what follows overwrites; everything else
/// is text, as W&B's own client has it.
///
/// A value, so that its state at some place of the journal can be kept. Holds the finished lines that have not
/// been taken, and two open ones of at most 64 KiB, or 64 Ki characters.
struct ConsoleLines {
  /// Numbers given so far.
  private(set) var count = 0
  private var finished: [ConsoleLine] = []
  private var isOrdered = true
  /// By stream, as W&B numbers them.
  private var open = [OpenConsoleLine(), OpenConsoleLine()]

  init() {}

  // MARK: Text in

  mutating func take(_ chunk: UnsafeRawBufferPointer, _ stream: OutputStream, at wall: Int64) {
    var start = 0
    while start < chunk.count {
      let end = Self.nextLineEnd(in: chunk, from: start)
      start = take(chunk, start, end, stream, at: wall)
    }
  }

  /// The next "\n" or "\r".
  private static func nextLineEnd(in chunk: UnsafeRawBufferPointer, from start: Int) -> Int {
    var end = Control.next(in: chunk, from: start)
    while end < chunk.count, chunk[end] != Control.lineFeed, chunk[end] != Control.carriageReturn {
      end = Control.next(in: chunk, from: end &+ 1)
    }
    return end
  }

  /// What stands before `end`, and the byte there. Returns where to go on.
  // bounded: a line for each of two streams
  private mutating func take(
    _ chunk: UnsafeRawBufferPointer, _ start: Int, _ end: Int, _ stream: OutputStream, at wall: Int64
  ) -> Int {
    let index = stream.index
    let isLast = end < chunk.count && chunk[end] == Control.lineFeed
    if isLast, open[index].number == nil {
      add(ConsoleLine.text(of: chunk.part(start, end)), stream, at: wall)
      return end &+ 1
    }
    if end > start {
      if open[index].number == nil { count &+= 1 }
      open[index].write(chunk.part(start, end), at: wall, newNumber: count &- 1)
    }
    if isLast { finish(index, stream) } else if end < chunk.count { open[index].carriageReturn() }
    return end &+ 1
  }

  private mutating func add(_ text: [UInt8], _ stream: OutputStream, at wall: Int64) {
    finished.append(ConsoleLine(number: count, stream: stream, time: wall, text: text, isOpen: false))
    count &+= 1
  }

  // bounded: a line for each of two streams
  private mutating func finish(_ index: Int, _ stream: OutputStream) {
    guard var line = open[index].line(stream) else { return }
    line.isOpen = false
    if let last = finished.last, last.number > line.number { isOrdered = false }
    finished.append(line)
    open[index] = OpenConsoleLine()
  }

  // MARK: Lines out

  /// What is to be sent, by number. A finished line comes once. An open one comes before that when a later line
  /// does, so that there is no gap, or when `includingOpen`; and again when `includingOpen` and it has changed.
  mutating func takeChanges(includingOpen: Bool) -> [ConsoleLine] {
    var lines: [ConsoleLine] = []
    swap(&lines, &finished)
    let last = isOrdered ? lines.last?.number : lines.lazy.map(\.number).max()
    for (index, stream) in [OutputStream.standardError, .standardOutput].enumerated() {
      guard open[index].waitingSince != nil, let line = open[index].line(stream) else { continue }
      guard includingOpen || (!open[index].isSent && line.number < last ?? 0) else { continue }
      open[index].markSent()
      if let previous = lines.last, previous.number > line.number { isOrdered = false }
      lines.append(line)
    }
    if !isOrdered { lines.sort { $0.number < $1.number } }
    isOrdered = true
    return lines
  }

  /// Since when an open line has been waiting to be sent, for the first time or again; nil when none is.
  var openSince: Int64? { open.compactMap(\.waitingSince).min() }
}
