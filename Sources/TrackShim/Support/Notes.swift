import CTrackShim

/// What we say to the user, on the program's stderr. Every line begins with `trackshim: `.
///
/// Bounded: at most `limit` lines in a run. A line waits while the program is in the middle of one of its
/// own or prints one after the other, up to `patience`; one that only announces is let go if it is still waiting at the
/// end.
struct Notes {
  static let limit = 20
  static let patience: Int64 = 1_000_000_000
  /// Milliseconds, of all its ends, that a program ends later where its stderr takes nothing and there is something it
  /// needs to hear: a reader that is only slow takes what is there meanwhile.
  static let longestDelay = 50

  private struct Note {
    var text: String
    var isNeeded: Bool
    var since: Int64
  }

  private var waiting: [Note] = []
  /// Also of those that nobody is to see.
  private(set) var last = ""
  private var count = 0
  private var delay = 0
  var isQuiet = false

  /// `isNeeded`: something is lost or not as the user asked.
  mutating func post(_ text: String, isNeeded: Bool = true) {
    guard count < Self.limit else { return }
    count &+= 1
    last = text
    guard !isQuiet else { return }
    let isLast = count == Self.limit && isNeeded
    waiting.append(
      Note(
        text: isLast ? text + " (no more notes from here on)" : text, isNeeded: isNeeded, since: tsi_clock_monotonic()))
  }

  mutating func write(isEnding: Bool) {
    while let note = waiting.first {
      let isLate = tsi_clock_monotonic() &- note.since > Self.patience || (isEnding && note.isNeeded)
      guard isLate || isEnding || tsi_tap_is_quiet() else { return }
      let isInterrupting = isLate && !tsi_tap_is_at_line_start()
      let line = Array((isInterrupting ? "\n" : "").utf8) + Array("trackshim: \(note.text)\n".utf8)
      let isWritten = line.withUnsafeBytes {
        tsi_note_write($0.baseAddress?.assumingMemoryBound(to: CChar.self), line.count, isInterrupting)
      }
      if isWritten {
        waiting.removeFirst()
      } else {
        guard isEnding, note.isNeeded, delay < Self.longestDelay else { return }
        delay &+= 1
        tsi_pause(1)
      }
    }
  }
}
