/// Makes lines of the bytes of one stream, whatever the pieces they come in.
///
/// Two ways through. Nearly every line is a row of text and a "\n", in one piece: it is handed on
/// where it lies, with those that lie behind it. One that comes in pieces is put together in `head`.
/// A line with "\r", "\b" or an erase sequence is played on a `TerminalLine` from its first byte on,
/// until its "\n". Which way a line takes depends on its bytes only, never on the pieces.
///
/// Bounded: `head` holds `longestLine` bytes, a `TerminalLine` about 2 MiB, and nothing else grows.
package struct LineAssembler {
  /// W&B shows 4,096 characters of a line; a line longer than this is data that went astray.
  static let longestLine = 65_536
  /// What goes to the console log in one piece, and the line that reaches beyond it. Small, since a piece is one record:
  /// where a disk is full, or a journal damaged, it is there as a whole or not at all.
  static let longestRun = 512

  /// Bytes of lines that were too long, since the start.
  private(set) var cutBytes = 0

  private var head: [UInt8] = []
  private var headLost = 0
  private var escape = EscapeWatch()
  private var endsInReturn = false

  private var isOnScreen = false
  private var terminal = TerminalLine()
  private var hasNews = false

  /// Those of a run.
  private var lines: [LineScan] = []
  private var reader = ConsoleReader()
  private var shown: [UInt8] = []
  private var chunk: [UInt8] = []
  private var latest: Int64 = 0

  package init() {}

  /// Nothing of a line has come that has not ended.
  var isAtLineStart: Bool { head.isEmpty && !isOnScreen && !endsInReturn }

  // MARK: Feeding

  package mutating func feed<Sink: LineSink>(
    _ bytes: UnsafeRawBufferPointer, at timestamp: Int64, into sink: inout Sink
  ) {
    guard bytes.count > 0 else { return }
    latest = timestamp
    var position = 0
    if endsInReturn { position = resolveReturn(bytes, &sink) }
    while position < bytes.count {
      let end = isAtLineStart ? feedRun(bytes, from: position, &sink) : position
      if end > position {
        position = end
        continue
      }
      position = isOnScreen ? feedScreen(bytes, from: position, &sink) : feedText(bytes, from: position, &sink)
    }
  }

  /// Whole lines of nothing but text, as far as they lie one behind the other. Returns where the first other one begins.
  private mutating func feedRun<Sink: LineSink>(
    _ bytes: UnsafeRawBufferPointer, from start: Int, _ sink: inout Sink
  ) -> Int {
    lines.removeAll(keepingCapacity: true)
    var position = start
    while position &- start < Self.longestRun {
      let line = LineScan(bytes, from: position)
      guard line.end < bytes.count, bytes[line.end] == Control.lineFeed, line.end &- position <= Self.longestLine else {
        break
      }
      lines.append(line)
      position = line.end &+ 1
    }
    guard position > start else { return start }
    sink.console(bytes.part(start, position), at: latest)
    var begin = start
    for line in lines {
      let text = bytes.part(begin, line.end)
      if line.isText { sink.text(text, at: latest) } else { sink.line(text, at: latest, cut: false) }
      begin = line.end &+ 1
    }
    return position
  }

  /// One line, or what there is of it, beginning at `start`. Returns where to go on.
  private mutating func feedText<Sink: LineSink>(
    _ bytes: UnsafeRawBufferPointer, from start: Int, _ sink: inout Sink
  ) -> Int {
    var position = start
    while true {
      if !escape.isEmpty {
        position = escape.skip(bytes, from: position)
        if escape.foundErase { return moveToScreen(bytes, start, position) }
      }
      position = Control.next(in: bytes, from: position)
      guard position < bytes.count else { break }
      switch bytes[position] {
      case Control.lineFeed:
        endText(bytes, start, position, isFollowed: true, &sink)
        return position &+ 1
      case Control.escape:
        escape.begin()
        position &+= 1
      case Control.carriageReturn:
        guard position &+ 1 < bytes.count else {
          endsInReturn = true
          keep(bytes.part(start, position))
          return bytes.count
        }
        guard bytes[position &+ 1] == Control.lineFeed else { return moveToScreen(bytes, start, position) }
        endText(bytes, start, position, isFollowed: false, &sink)
        return position &+ 2
      default:
        return moveToScreen(bytes, start, position)
      }
    }
    keep(bytes.part(start, bytes.count))
    return bytes.count
  }

  /// The last piece ended in "\r": half a line end, or a return to the line's start?
  private mutating func resolveReturn<Sink: LineSink>(_ bytes: UnsafeRawBufferPointer, _ sink: inout Sink) -> Int {
    endsInReturn = false
    guard bytes[0] == Control.lineFeed else {
      _ = moveToScreen(bytes, 0, 0)
      terminal.take(Control.carriageReturn)
      return 0
    }
    endText(bytes, 0, 0, isFollowed: false, &sink)
    return 1
  }

  private mutating func keep(_ bytes: UnsafeRawBufferPointer) {
    let room = Self.longestLine &- head.count
    let taken = min(room, bytes.count)
    if taken > 0 { head.append(contentsOf: bytes.part(0, taken)) }
    headLost &+= bytes.count &- taken
  }

  // MARK: Lines of text

  /// `isFollowed`: the byte at `end` is the line feed, so that line and line end lie in one piece.
  private mutating func endText<Sink: LineSink>(
    _ bytes: UnsafeRawBufferPointer, _ start: Int, _ end: Int, isFollowed: Bool, _ sink: inout Sink
  ) {
    if isFollowed, head.isEmpty, end &- start <= Self.longestLine {
      escape = EscapeWatch()
      sink.console(bytes.part(start, end &+ 1), at: latest)
      sink.line(bytes.part(start, end), at: latest, cut: false)
      return
    }
    keep(bytes.part(start, end))
    deliverText(isTerminated: true, &sink)
  }

  private mutating func deliverText<Sink: LineSink>(isTerminated: Bool, _ sink: inout Sink) {
    shown.removeAll(keepingCapacity: true)
    swap(&shown, &head)
    let size = (cells: shown.count, characters: shown.count)
    deliver(size, isDisturbed: false, lost: headLost, isTerminated: isTerminated, &sink)
  }

  // MARK: Lines on the screen

  /// Plays the line from its beginning; the bytes from `start` to `end` are its last ones so far.
  private mutating func moveToScreen(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ end: Int) -> Int {
    keep(bytes.part(start, end))
    isOnScreen = true
    terminal.begin(lost: headLost)
    for index in head.indices {
      if index == reader.bytes, index > 0 { noteWhatReaderHas() }
      terminal.take(head[index])
    }
    if reader.bytes == head.count, reader.bytes > 0 { noteWhatReaderHas() }
    head.removeAll(keepingCapacity: true)
    headLost = 0
    escape = EscapeWatch()
    hasNews = true
    return end
  }

  /// The reader was given text; now it matters how many columns it fills.
  private mutating func noteWhatReaderHas() {
    shown.removeAll(keepingCapacity: true)
    let size = terminal.screen.show(in: &shown)
    let given = reader.bytes
    let characters = head.withUnsafeBytes { UTF8Sequence.characters(in: $0.part(0, given)) }
    if shown.count != given { terminal.isDisturbed = true }
    reader.has(cells: max(size.cells, characters &- (size.characters &- size.cells)), characters: characters)
  }

  private mutating func feedScreen<Sink: LineSink>(
    _ bytes: UnsafeRawBufferPointer, from start: Int, _ sink: inout Sink
  ) -> Int {
    var position = start
    hasNews = true
    while position < bytes.count {
      let byte = bytes[position]
      position &+= 1
      if byte == Control.lineFeed {
        deliverScreen(isTerminated: true, &sink)
        return position
      }
      terminal.take(byte)
    }
    return position
  }

  private mutating func deliverScreen<Sink: LineSink>(isTerminated: Bool, _ sink: inout Sink) {
    terminal.end()
    shown.removeAll(keepingCapacity: true)
    let size = terminal.screen.show(in: &shown)
    let lost = terminal.screen.lost
    deliver(size, isDisturbed: terminal.isDisturbed, lost: lost, isTerminated: isTerminated, &sink)
    terminal.begin(lost: 0)
  }

  // MARK: Handing on

  /// The line in `shown` is over. A line that its stream's end left without "\n" and without text is
  /// none.
  private mutating func deliver<Sink: LineSink>(
    _ size: (cells: Int, characters: Int), isDisturbed: Bool, lost: Int, isTerminated: Bool, _ sink: inout Sink
  ) {
    let missing = lost &+ cutShown()
    chunk.removeAll(keepingCapacity: true)
    reader.update(to: shown, size, isDisturbed: isDisturbed, in: &chunk)
    if missing > 0 { chunk.append(contentsOf: " [... \(missing) bytes cut]".utf8) }
    if isTerminated { chunk.append(Control.lineFeed) }
    cutBytes &+= missing
    giveChunk(&sink)
    if isTerminated || !shown.isEmpty { giveLine(cut: missing > 0, &sink) }
    reader = ConsoleReader()
    headLost = 0
    escape = EscapeWatch()
    isOnScreen = false
    hasNews = false
  }

  private mutating func cutShown() -> Int {
    let tooMany = max(shown.count &- Self.longestLine, 0)
    shown.removeLast(tooMany)
    return tooMany
  }

  private func giveChunk<Sink: LineSink>(_ sink: inout Sink) {
    guard !chunk.isEmpty else { return }
    chunk.withUnsafeBytes { sink.console($0, at: latest) }
  }

  private func giveLine<Sink: LineSink>(cut: Bool, _ sink: inout Sink) {
    shown.withUnsafeBytes { sink.line($0, at: latest, cut: cut) }
  }
}

extension LineAssembler {
  /// To be called at the end of each wake-up: gives the console log what is new of the unfinished
  /// line. The beginning of a character is kept back until the rest of it has come.
  mutating func takePartial<Sink: LineSink>(into sink: inout Sink) {
    chunk.removeAll(keepingCapacity: true)
    if isOnScreen {
      guard hasNews else { return }
      hasNews = false
      shown.removeAll(keepingCapacity: true)
      let size = terminal.screen.show(in: &shown)
      _ = cutShown()
      reader.update(to: shown, size, isDisturbed: terminal.isDisturbed, in: &chunk)
      terminal.isDisturbed = false
    } else {
      let unfinished = head.withUnsafeBytes(UTF8Sequence.unfinished)
      let end = head.count &- unfinished
      guard end > reader.bytes else { return }
      chunk.append(contentsOf: head[reader.bytes..<end])
      reader.hasText(end)
    }
    giveChunk(&sink)
  }

  /// The stream is over. What was not ended by "\n" is a line all the same.
  package mutating func finish<Sink: LineSink>(into sink: inout Sink) {
    endsInReturn = false
    if isOnScreen {
      deliverScreen(isTerminated: false, &sink)
    } else if !head.isEmpty {
      deliverText(isTerminated: false, &sink)
    }
  }

  /// What follows does not belong to the unfinished line (bytes between were lost, or it never was
  /// printed): the console log gets it with a line end, and nobody is told a whole line.
  mutating func breakOff<Sink: LineSink>(into sink: inout Sink) {
    var consoleOnly = ConsoleOnly(sink: sink)
    finish(into: &consoleOnly)
    if consoleOnly.hasText {
      [Control.lineFeed].withUnsafeBytes { consoleOnly.sink.console($0, at: latest) }
    }
    sink = consoleOnly.sink
  }
}

private struct ConsoleOnly<Sink: LineSink>: LineSink {
  var sink: Sink
  var hasText = false

  mutating func console(_ chunk: UnsafeRawBufferPointer, at timestamp: Int64) {
    sink.console(chunk, at: timestamp)
  }

  mutating func line(_ bytes: UnsafeRawBufferPointer, at timestamp: Int64, cut: Bool) {
    hasText = hasText || !bytes.isEmpty
  }
}
