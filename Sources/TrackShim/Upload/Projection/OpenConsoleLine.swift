/// The line of one stream that has no line end yet.
///
/// Nearly every line only grows: then it is the bytes that came. Once something is overwritten, behind a "\r", it
/// is kept character by character.
struct OpenConsoleLine {
  /// Nil as long as nothing has been printed on it.
  private(set) var number: Int?
  /// When its text last changed.
  private(set) var time: Int64 = 0
  private(set) var isSent = false
  /// Since when it has been waiting to be sent, for the first time or again.
  private(set) var waitingSince: Int64?

  private var bytes: [UInt8] = []
  /// What did not fit, and how much of that is more than blanks at the end.
  private var dropped = 0
  private var lost = 0
  private var overwritten: OverwrittenText?
  private var hasReturned = false

  /// The cursor goes to the first column. Nothing has changed by that, and a "\n" may follow.
  mutating func carriageReturn() { hasReturned = true }

  /// Text without line end or "\r", at least one byte. `newNumber`: if the line begins with it.
  mutating func write(_ text: UnsafeRawBufferPointer, at wall: Int64, newNumber: Int) {
    let isNew = number == nil
    if isNew { number = newNumber }
    if hasReturned { goBack() }
    let hasChanged = overwritten?.write(text) ?? grow(text)
    guard isNew || hasChanged else { return }
    time = wall
    waitingSince = waitingSince ?? wall
  }

  private mutating func goBack() {
    hasReturned = false
    if overwritten == nil, !bytes.isEmpty {
      overwritten = OverwrittenText(bytes, lost: lost)
      bytes = []
    }
    overwritten?.carriageReturn()
  }

  /// True when there is more to be seen: blanks at the end are not shown.
  private mutating func grow(_ text: UnsafeRawBufferPointer) -> Bool {
    let taken = min(text.count, ConsoleLine.longest &- bytes.count)
    let visible = ConsoleLine.blankFreeCount(text)
    bytes.append(contentsOf: text.part(0, taken))
    if visible > taken { lost = dropped &+ visible &- taken }
    dropped &+= text.count &- taken
    return visible > 0
  }

  mutating func markSent() {
    isSent = true
    waitingSince = nil
  }

  /// What it says now. Nil when nothing has been printed on it.
  func line(_ stream: OutputStream) -> ConsoleLine? {
    guard let number else { return nil }
    return ConsoleLine(number: number, stream: stream, time: time, text: text, isOpen: true)
  }

  private var text: [UInt8] {
    guard let overwritten else { return bytes.withUnsafeBytes { ConsoleLine.text(of: $0, lost: lost) } }
    return overwritten.bytes.withUnsafeBytes { ConsoleLine.text(of: $0, lost: overwritten.lost) }
  }
}
