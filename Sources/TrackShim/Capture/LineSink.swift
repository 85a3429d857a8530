/// Whoever wants the lines of a stream. The bytes are only valid during the call.
package protocol LineSink {
  /// Text for the console log. Whoever puts all chunks of a stream behind each other and shows them
  /// as a terminal does sees what the program's terminal shows. A line that began and ended within
  /// one wake-up is in one chunk, its text and "\n", and lines that came in one piece are in one chunk together. It comes
  /// before the lines that stand in it.
  mutating func console(_ chunk: UnsafeRawBufferPointer, at timestamp: Int64)

  /// A whole line as a terminal shows it, without its line end. `timestamp` is that of its last
  /// byte. `cut` says that the line was longer than `LineAssembler.longestLine` and these are its
  /// first bytes.
  mutating func line(_ bytes: UnsafeRawBufferPointer, at timestamp: Int64, cut: Bool)

  /// A whole line that has no digit, `nan` or `inf`, and none of the vertical lines that tables are drawn with.
  mutating func text(_ bytes: UnsafeRawBufferPointer, at timestamp: Int64)
}

extension LineSink {
  package mutating func text(_ bytes: UnsafeRawBufferPointer, at timestamp: Int64) {
    line(bytes, at: timestamp, cut: false)
  }
}
