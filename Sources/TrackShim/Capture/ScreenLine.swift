/// One line of a terminal: cells, a cursor, and the escape sequences that stand between the cells.
///
/// Every scalar is one cell wide, and so is every byte that is no UTF-8, a tab and a NUL: what
/// progress bars overwrite is nearly always what they printed before, of the same shape. Escape
/// sequences have no width; one belongs to the cell before it and goes when that cell is
/// overwritten. Bounded: `longest` cells, twice as many bytes of escape sequences; more is counted
/// in `lost` and forgotten.
struct ScreenLine {
  private struct Cell {
    var glyph: UInt32
    var length: UInt8
    var escapes = Escapes()
  }

  /// A range of `arena`.
  private struct Escapes {
    var start: UInt32 = 0
    var count: UInt32 = 0
    var range: Range<Int> { Int(clamping: start)..<Int(clamping: start) &+ Int(clamping: count) }
  }

  private static let longest = LineAssembler.longestLine
  private static let blank = Cell(glyph: 0x20, length: 1)

  private var cells: [Cell] = []
  /// Cells from here on were erased: they are blanks, and not shown unless something follows.
  private var shownCells = 0
  /// This many cells at the start are known to be blanks, so that erasing again costs nothing.
  private var blankCells = 0
  private var cursor = 0
  /// Escape sequences before the first cell.
  private var head = Escapes()
  private var arena: [UInt8] = []
  private var arenaLimit = longest
  private var isArenaFull = false
  /// After a move the next escape sequence replaces what stands in its place, as a character does.
  private var hasMoved = false

  /// Bytes that found no place since the line began or was erased behind the cursor.
  private(set) var lost = 0
  /// Something that was shown has changed: the line is not just longer than it was.
  var isDisturbed = false

  mutating func reset(lost: Int) {
    if cells.capacity > 4_096 { cells = [] } else { cells.removeAll(keepingCapacity: true) }
    if arena.capacity > 65_536 { arena = [] } else { arena.removeAll(keepingCapacity: true) }
    shownCells = 0
    blankCells = 0
    cursor = 0
    head = Escapes()
    arenaLimit = Self.longest
    isArenaFull = false
    hasMoved = false
    self.lost = lost
    isDisturbed = false
  }

  // MARK: What a terminal does

  mutating func carriageReturn() {
    cursor = 0
    hasMoved = true
  }

  mutating func backspace() {
    if cursor > 0 { cursor &-= 1 }
    hasMoved = true
  }

  mutating func write(_ glyph: UInt32, length: Int) {
    let cell = Cell(glyph: glyph, length: UInt8(truncatingIfNeeded: length))
    hasMoved = false
    if cursor < cells.count {
      if cursor < shownCells { isDisturbed = true }
      cells[cursor] = cell
    } else if cells.count < Self.longest {
      cells.append(cell)
    } else {
      lost &+= length
      return
    }
    if blankCells > cursor { blankCells = cursor }
    cursor &+= 1
    if shownCells < cursor { shownCells = cursor }
  }

  mutating func eraseToEnd() {
    lost = 0
    guard cursor < cells.count else { return }
    if cursor < shownCells { isDisturbed = true }
    cells.removeSubrange(cursor..<cells.count)
    if shownCells > cursor { shownCells = cursor }
    if blankCells > cursor { blankCells = cursor }
  }

  mutating func eraseFromStart() {
    fillWithBlanks(upTo: min(cursor &+ 1, cells.count))
  }

  mutating func eraseAll() {
    eraseToEnd()
    fillWithBlanks(upTo: cursor)
    if shownCells > 0 { isDisturbed = true }
    shownCells = 0
  }

  private mutating func fillWithBlanks(upTo end: Int) {
    guard blankCells < end, end <= cells.count else { return }
    if blankCells < shownCells { isDisturbed = true }
    for index in blankCells..<end { cells[index] = Self.blank }
    blankCells = end
  }

  // MARK: Escape sequences

  mutating func attach(_ sequence: [UInt8]) {
    guard makeRoom(for: sequence.count) else {
      lost &+= sequence.count
      return
    }
    if cursor > 0, cursor <= cells.count {
      let old = cells[cursor &- 1].escapes
      if cursor < shownCells || (hasMoved && old.count > 0) { isDisturbed = true }
      cells[cursor &- 1].escapes = joined(old, sequence)
      if shownCells < cursor { shownCells = cursor }
      if blankCells >= cursor { blankCells = cursor &- 1 }
    } else {
      if shownCells > 0 || (hasMoved && head.count > 0) { isDisturbed = true }
      head = joined(head, sequence)
    }
    hasMoved = false
  }

  private mutating func joined(_ old: Escapes, _ sequence: [UInt8]) -> Escapes {
    var escapes = Escapes(start: UInt32(truncatingIfNeeded: arena.count), count: 0)
    if !hasMoved { escapes = old.range.upperBound == arena.count ? old : moved(old) }
    arena.append(contentsOf: sequence)
    escapes.count &+= UInt32(truncatingIfNeeded: sequence.count)
    return escapes
  }

  private mutating func moved(_ old: Escapes) -> Escapes {
    let start = arena.count
    arena.append(contentsOf: escapeBytes(old))
    return Escapes(start: UInt32(truncatingIfNeeded: start), count: UInt32(truncatingIfNeeded: arena.count &- start))
  }

  private func escapeBytes(_ escapes: Escapes) -> ArraySlice<UInt8> {
    let range = escapes.range
    return range.upperBound <= arena.count ? arena[range] : []
  }

  /// Overwritten cells leave their escape sequences behind in the arena. It is cleared of them when
  /// it has doubled, so that a byte is moved a bounded number of times on average.
  private mutating func makeRoom(for count: Int) -> Bool {
    if arena.count &+ count <= arenaLimit { return true }
    guard !isArenaFull else { return false }
    compactArena()
    isArenaFull = arena.count > Self.longest
    arenaLimit = Self.longest &* 2
    return arena.count &+ count <= arenaLimit
  }

  private mutating func compactArena() {
    var kept: [UInt8] = []
    func keep(_ escapes: Escapes) -> Escapes {
      guard escapes.count > 0 else { return Escapes() }
      let start = UInt32(truncatingIfNeeded: kept.count)
      kept.append(contentsOf: escapeBytes(escapes))
      return Escapes(start: start, count: escapes.count)
    }
    head = keep(head)
    for index in cells.indices where cells[index].escapes.count > 0 {
      cells[index].escapes = keep(cells[index].escapes)
    }
    arena = kept
  }

  // MARK: What is shown

  /// Appends the line's bytes. `characters` counts what a reader that knows no escape sequences
  /// takes for one character each.
  func show(in text: inout [UInt8]) -> (cells: Int, characters: Int) {
    var characters = shownCells &+ Int(head.count)
    text.append(contentsOf: escapeBytes(head))
    for index in 0..<min(shownCells, cells.count) {
      let cell = cells[index]
      var glyph = cell.glyph
      for _ in 0..<cell.length {
        text.append(UInt8(truncatingIfNeeded: glyph))
        glyph &>>= 8
      }
      guard cell.escapes.count > 0 else { continue }
      characters &+= Int(cell.escapes.count)
      text.append(contentsOf: escapeBytes(cell.escapes))
    }
    return (shownCells, characters)
  }
}
