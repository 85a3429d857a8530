/// What the reader of the console log has been given of the unfinished line.
///
/// The log is shown by W&B's terminal emulator, which knows "\r", "\n" and cursor up and down, and
/// takes everything else, escape sequences and "\b" included, for characters that have a width
/// (`core/internal/terminalemulator` in wandb 0.2x). So a line that changed is sent again after a
/// "\r", and one that became shorter is made up with blanks: an erase sequence would be shown.
struct ConsoleReader {
  /// Bytes given, if the line has only grown since the last time.
  private(set) var bytes = 0
  private var cells = 0
  private var characters = 0
  private var isPadded = false

  var hasNothing: Bool { cells == 0 && characters == 0 }

  /// The line only ever grew: the reader has its first `count` bytes.
  mutating func hasText(_ count: Int) {
    bytes = count
    characters = count
    cells = count
  }

  mutating func has(cells: Int, characters: Int) {
    self.cells = cells
    self.characters = characters
  }

  /// Appends to `chunk` what makes the reader see `line`. `isDisturbed`: something has changed in
  /// what it was given.
  mutating func update(
    to line: [UInt8], _ size: (cells: Int, characters: Int), isDisturbed: Bool, in chunk: inout [UInt8]
  ) {
    let mustRepeat = isDisturbed || line.count < bytes || (isPadded && line.count > bytes)
    if mustRepeat, !hasNothing {
      // Bytes that were no characters may have become neighbours, and a character, by overwriting.
      let merged = max(size.characters &- line.withUnsafeBytes(UTF8Sequence.characters), 0)
      let missing = max(cells &- size.cells, characters &- size.characters, 0) &+ merged
      chunk.append(Control.carriageReturn)
      chunk.append(contentsOf: line)
      for _ in 0..<missing { chunk.append(0x20) }
      isPadded = missing > 0
      has(cells: size.cells &+ missing, characters: size.characters &+ missing)
    } else {
      if bytes < line.count {
        chunk.append(contentsOf: line[bytes...])
        has(cells: size.cells, characters: size.characters)
      }
    }
    bytes = line.count
  }
}
