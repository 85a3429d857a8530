import Glibc
import TrackShim

/// What one sees of a round: a line a journal, and while one is sent, on a terminal, how far it is.
final class SyncDisplay {
  /// A terminal has better to do than to draw each of a thousand requests.
  private static let pause: Int64 = 100_000_000

  private let isQuiet: Bool
  private let terminal: Terminal?
  private var bar: ProgressBar?
  private var drawn: Int64 = 0

  init(isQuiet: Bool) {
    self.isQuiet = isQuiet
    terminal = isQuiet ? nil : .standardError
  }

  // MARK: Lines

  func say(_ text: String) {
    if !isQuiet { Output.write(text + "\n", to: 1) }
  }

  func tell(_ journal: SyncJournal, _ outcome: SyncOutcome) {
    let line = "\(journal.head.id.printable): \(outcome.text)"
    if outcome.isGood { say(line) } else { Say.note(line) }
  }

  func note(_ journal: SyncJournal, _ text: String) {
    erase()
    Say.note("\(journal.head.id.printable): \(text)")
    draw()
  }

  // MARK: The bar

  func begin(_ journal: SyncJournal) {
    guard terminal != nil else { return }
    let name = journal.head.name.isEmpty ? journal.head.id : journal.head.name
    bar = ProgressBar(name: name.printable, total: journal.size, start: Self.now)
    draw()
  }

  func show(sent: Int, total: Int) {
    guard bar != nil else { return }
    bar?.reached(sent, of: total, at: Self.now)
    if Self.now - drawn >= Self.pause { draw() }
  }

  func end() {
    erase()
    bar = nil
  }

  private func draw() {
    guard let bar, let terminal else { return }
    drawn = Self.now
    Output.write("\r" + bar.text(terminal) + "\u{1B}[K", to: 2)
  }

  private func erase() {
    if bar != nil { Output.write("\r\u{1B}[K", to: 2) }
  }

  private static var now: Int64 {
    var clock = timespec()
    clock_gettime(CLOCK_MONOTONIC, &clock)
    return Int64(clock.tv_sec) * 1_000_000_000 + Int64(clock.tv_nsec)
  }
}
