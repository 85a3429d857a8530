/// Text that the model sampled: `generating:`, `---`, the text, `---`.
///
/// It can look like anything, also like a metric, so nothing is taken from it. When its closing
/// line never comes (the text swallowed it, the program changed), whoever reads the lines ends the
/// block at the step line that is due; see `SeedFormat`.
struct SampleBlock {
  private enum State { case outside, announced, inside }
  private var state = State.outside

  var isInside: Bool { state == .inside }
  var isOutside: Bool { state == .outside }

  mutating func end() { state = .outside }

  /// True when the line is a part of a block.
  mutating func take(_ line: UnsafeRawBufferPointer) -> Bool {
    switch state {
    case .inside:
      if Self.isRule(line) { state = .outside }
      return true
    case .announced:
      // The program prints both lines at once. Anything else here means that it was no block.
      state = Self.isRule(line) ? .inside : .outside
      if state == .inside { return true }
      return announce(line)
    case .outside:
      return announce(line)
    }
  }

  private mutating func announce(_ line: UnsafeRawBufferPointer) -> Bool {
    guard Self.isAnnouncement(line) else { return false }
    state = .announced
    return true
  }

  static func isAnnouncement(_ line: UnsafeRawBufferPointer) -> Bool {
    guard line.first == 0x67 else { return false }
    var scanner = ByteScanner(line)
    return scanner.take("generating:") && scanner.isAtEnd
  }

  private static func isRule(_ line: UnsafeRawBufferPointer) -> Bool {
    line.count == 3 && line[0] == 0x2D && line[1] == 0x2D && line[2] == 0x2D
  }
}
