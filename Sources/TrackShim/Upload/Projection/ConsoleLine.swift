/// A line of the console log as W&B's server counts them.
struct ConsoleLine: Equatable, Sendable {
  /// From 0, stdout and stderr together.
  var number: Int
  var stream: OutputStream
  /// Nanoseconds since 1970: when its text last changed.
  var time: Int64
  /// Valid UTF-8 without line end and without blanks at its end.
  var text: [UInt8]
  /// It may still change.
  var isOpen: Bool

  /// What the capture leaves of a line, and room for the mark it sets where it cut: that is not cut again.
  static let longest = LineAssembler.longestLine &+ 64

  /// The text of a line whose bytes are given; `lost` more had no room. Longer ones are cut and marked.
  ///
  /// Blanks at the end go because most of them are not the program's: where a line became shorter, the journal
  /// covers the rest of the old one with blanks (`ConsoleReader`). W&B's own client leaves out blanks printed at
  /// a line's end, too.
  static func text(of bytes: UnsafeRawBufferPointer, lost: Int = 0) -> [UInt8] {
    let length = lost > 0 ? bytes.count : blankFreeCount(bytes)
    guard lost > 0 || length > longest else { return validText(bytes.part(0, length), room: 0) }
    let kept = min(length, longest)
    // A character is cut off as a whole.
    let end = kept &- UTF8Sequence.unfinished(at: bytes.part(0, kept))
    var text = validText(bytes.part(0, end), room: 48)
    text.append(contentsOf: " [... \(lost &+ length &- end) bytes cut]".utf8)
    return text
  }

  /// How many bytes there are without the blanks at the end.
  static func blankFreeCount(_ bytes: UnsafeRawBufferPointer) -> Int {
    var count = bytes.count
    while count > 0, bytes[count &- 1] == 0x20 { count &-= 1 }
    return count
  }

  private static func validText(_ bytes: UnsafeRawBufferPointer, room: Int) -> [UInt8] {
    let valid = UTF8Text(bytes)
    var text: [UInt8] = []
    text.reserveCapacity(valid.validCount &+ room)
    valid.append(to: &text)
    return text
  }
}
