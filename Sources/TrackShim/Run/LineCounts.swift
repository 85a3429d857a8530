/// How much of what was printed was understood.
struct LineCounts: Equatable {
  /// Whole lines of both streams.
  var seen = 0
  /// They belong to some format, though they may say nothing: headings, rows of tables, settings.
  var recognised = 0
  /// They have numbers, and no format knew them.
  var unknownNumbers = 0
  /// Longer than a line that is read, or without their beginning: output before them was lost.
  var cut = 0
  private var long = 0

  /// `isOfKnownKind`: of this program the formats know what lines say something, and this one is none of them.
  mutating func take(_ line: UnsafeRawBufferPointer, isRecognised: Bool, isOfKnownKind: Bool) {
    seen &+= 1
    if isRecognised {
      recognised &+= 1
    } else if !isOfKnownKind, EightBytes.nextDigit(in: line, from: 0) < line.count {
      unknownNumbers &+= 1
    }
  }

  /// A line without a number that is nobody's.
  mutating func takeText() { seen &+= 1 }

  mutating func takeLong() {
    seen &+= 1
    cut &+= 1
    long &+= 1
  }

  mutating func takeTorn(isRecognised: Bool) {
    seen &+= 1
    if isRecognised { recognised &+= 1 } else { cut &+= 1 }
  }

  /// `settings`: lines that turned out to be settings when others like them followed. `lostRows`: those of boxes that
  /// were never closed.
  func with(settings: Int, lostRows: Int) -> LineCounts {
    var counts = self
    let turned = min(settings, unknownNumbers), lost = min(lostRows, recognised)
    counts.unknownNumbers = unknownNumbers &- turned &+ lost
    counts.recognised = recognised &- lost &+ turned
    return counts
  }

  /// What its user would want to hear of at the end; nil: nothing is odd.
  var complaint: String? {
    if long > 0 {
      return
        "\(long) lines were longer than \(LineAssembler.longestLine) bytes; their text is recorded, and they are not read"
    }
    guard unknownNumbers >= 50, unknownNumbers > recognised else { return nil }
    return
      "\(unknownNumbers) lines had numbers that were not understood; `trackshim check LOG` on what it printed shows "
      + "them, and `trackshim learn LOG` proposes how to read them"
  }

  func appendJSON(to text: inout [UInt8]) {
    text.append(contentsOf: "{\"lines\":".utf8)
    text.appendDecimal(Int64(clamping: seen))
    text.append(contentsOf: ",\"recognised\":".utf8)
    text.appendDecimal(Int64(clamping: recognised))
    text.append(contentsOf: ",\"unknown_numbers\":".utf8)
    text.appendDecimal(Int64(clamping: unknownNumbers))
    text.append(contentsOf: ",\"cut\":".utf8)
    text.appendDecimal(Int64(clamping: cut))
    text.append(UInt8(ascii: "}"))
  }
}
