/// Whoever wants the lines of a stream. The bytes are only valid during the call.
protocol LineSink {
  /// Text for the console log. Whoever puts all chunks of a stream behind each other and shows them
  /// as a terminal does sees what the program's terminal shows. A line that began and ended within
  /// one wake-up is one chunk, its text and "\n".
  mutating func console(_ chunk: UnsafeRawBufferPointer, at timestamp: Int64)

  /// A whole line as a terminal shows it, without its line end. `timestamp` is that of its last
  /// byte. `cut` says that the line was longer than `LineAssembler.longestLine` and these are its
  /// first bytes.
  mutating func line(_ bytes: UnsafeRawBufferPointer, at timestamp: Int64, cut: Bool)
}
