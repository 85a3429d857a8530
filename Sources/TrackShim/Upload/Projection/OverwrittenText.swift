/// A line of which parts were written over others: one cell for each character, as W&B's own client counts them.
///
/// Escape sequences are characters like any other; the capture has resolved those that move or erase.
struct OverwrittenText {
  private static let blank: UInt32 = 0x20
  /// U+FFFD.
  private static let replacement: UInt32 = 0xBD_BFEF

  /// The UTF-8 bytes of a character, the first one lowest.
  private var cells: [UInt32] = []
  private var cursor = 0
  private var sequence = UTF8Sequence()
  /// Characters behind the last cell there is room for, without blanks at the end.
  private(set) var lost = 0

  init(_ text: [UInt8], lost: Int) {
    _ = text.withUnsafeBytes { write($0) }
    self.lost = lost
  }

  mutating func carriageReturn() {
    _ = endSequence()
    cursor = 0
  }

  /// True when that changed what is shown.
  mutating func write(_ text: UnsafeRawBufferPointer) -> Bool {
    // A character of which a part came is shown as U+FFFD meanwhile.
    var hasChanged = !sequence.isEmpty
    for byte in text where take(byte) { hasChanged = true }
    return hasChanged || !sequence.isEmpty
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    if byte < 0x80, sequence.isEmpty { return put(UInt32(byte)) }
    var hasChanged = false
    if !sequence.take(byte) {
      hasChanged = endSequence()
      guard sequence.take(byte) else { return put(Self.replacement) || hasChanged }
    }
    guard sequence.isComplete else { return hasChanged }
    let glyph = sequence.bytes
    sequence.clear()
    return put(glyph) || hasChanged
  }

  /// What has begun is no character.
  private mutating func endSequence() -> Bool {
    guard !sequence.isEmpty else { return false }
    sequence.clear()
    return put(Self.replacement)
  }

  private mutating func put(_ glyph: UInt32) -> Bool {
    let place = cursor
    cursor &+= 1
    if place < cells.count {
      guard cells[place] != glyph else { return false }
      cells[place] = glyph
      return true
    }
    if place < ConsoleLine.longest {
      cells.append(glyph)
    } else if glyph != Self.blank {
      lost = max(lost, cursor &- ConsoleLine.longest)
    }
    return glyph != Self.blank
  }

  /// The line's bytes, valid UTF-8.
  var bytes: [UInt8] {
    guard sequence.isEmpty else {
      // The beginning of a character whose rest has not come.
      var shown = self
      _ = shown.endSequence()
      return shown.bytes
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(cells.count)
    for cell in cells {
      var rest = cell
      repeat {
        bytes.append(UInt8(truncatingIfNeeded: rest))
        rest &>>= 8
      } while rest != 0
    }
    return bytes
  }
}
