/// Columns of numbers under a heading:
///
///     epoch,loss,acc                    average  since         example        current
///     1,0.53,0.81                       loss     last          counter        label
///                                       0.693147 0.693147            1        -1.0000
///
/// A heading is a line without numbers that names a counter or what training measures. A row has as many cells as
/// the heading, in the same hand.
struct ColumnTable {
  struct Column {
    var name: [UInt8]
    /// The metric's.
    var key: [UInt8] = []
    var counter: Words.Counter?
    var isForecast = false
    /// The run's number for it.
    var number: Int?
  }

  enum Separator: Equatable {
    case byte(UInt8)
    case blanks
  }

  static let widest = 200
  static let longestHeading = 4_096

  /// Lines of text that may stand between two rows that count.
  static let longestGap = 30

  var columns: [Column] = []
  /// One for each word of the heading, where single blanks may be within names or between them.
  var wordColumns: [Column] = []
  /// Where each column's name stands.
  var places: [Range<Int>] = []
  /// The last two lines of text, the newer one last: a heading is looked for when a row has come.
  var texts = (older: KeptLine(), newer: KeptLine())
  /// Lines since the last row, what that counted, and where it stood there.
  var gap = 0
  var lastCount: Int64 = -1
  var lastPlace = 0..<0
  /// The rows of several tables are mixed, `ENERGY 0 3.7E-03` and `FORCES 0 2.3E-02`, each under a heading that begins
  /// with the same word.
  var isMixed = false
  /// Of the row that was just taken, one for each column.
  var cells: [Range<Int>] = []
  /// They were told by where they stand.
  private(set) var isPlaced = false
  /// Another one whenever the columns are.
  private(set) var version = 0
  var separator = Separator.blanks
  var parts: [Range<Int>] = []

  /// True when `line`, which has numbers, is a row; its cells are in `cells` then.
  mutating func takeRow(_ line: UnsafeRawBufferPointer) -> Bool {
    if isRow(line) {
      forgetTexts()
      return true
    }
    if !texts.newer.isEmpty, Self.looksLikeRow(line), beginTable(at: line) { return true }
    if !columns.isEmpty { goOn() }
    forgetTexts()
    return false
  }

  /// A line without numbers may be a heading.
  mutating func takeText(_ line: UnsafeRawBufferPointer) {
    if line.allSatisfy({ $0.isBlank || KeyValueBox.isOfBorder($0) }) { return }
    if !columns.isEmpty { goOn() }
    swap(&texts.older, &texts.newer)
    if line.count < Self.longestHeading { texts.newer.keep(line) } else { texts.newer.clear() }
  }

  /// The next line with numbers may be a row.
  var isActive: Bool { !columns.isEmpty || !texts.newer.isEmpty }

  /// The version of a table whose rows follow one another without anything between, and nothing decides about them but
  /// what they look like.
  var expectsRow: Int? {
    !columns.isEmpty && gap == 0 && !isMixed && texts.older.isEmpty && texts.newer.isEmpty ? version : nil
  }

  /// A row came that was expected.
  mutating func goOn(to count: Int64, at start: Int, _ end: Int) {
    lastCount = count
    lastPlace = start..<max(start, end)
  }

  mutating func forgetTexts() {
    texts.older.clear()
    texts.newer.clear()
  }

  /// Text goes on below; a list separated by commas may be taken up again.
  mutating func goOn() {
    guard separator == .blanks else { return }
    gap &+= 1
    if gap > Self.longestGap || !columns.contains(where: { $0.counter != nil }) { columns = [] }
  }

  mutating func isRow(_ line: UnsafeRawBufferPointer) -> Bool {
    guard !columns.isEmpty else { return false }
    Self.split(line, separator, into: &cells)
    if cells.count == wordColumns.count, cells.count != columns.count {
      columns = wordColumns
      version &+= 1
    }
    isPlaced = cells.count < columns.count && cells.count > 1 && separator == .blanks
    if isPlaced { placeCells() }
    guard cells.count == columns.count, isNumbers(line), gap == 0 || goesOn(line), !isMixed || isOfHeading(line) else {
      return false
    }
    gap = 0
    lastCount = count(line) ?? -1
    lastPlace = counterCell ?? 0..<0
    return true
  }

  /// The text above this first row is its heading, if both are like that.
  mutating func beginTable(at line: UnsafeRawBufferPointer) -> Bool {
    let before = self
    let (older, newer) = texts
    columns = []
    older.read { _ = takeHeading($0) }
    let stacked = columns.count
    let isHeading = newer.read { takeHeading($0) }
    isMixed = isHeading && stacked > 1 && startsAlike(older, newer) == false
    if isHeading, isRow(line) {
      version = before.version &+ 1
      forgetTexts()
      return true
    }
    self = before
    return false
  }

  /// Two headings one above the other have the same first word: they are two lines of one. nil: one has no word.
  func startsAlike(_ older: KeptLine, _ newer: KeptLine) -> Bool? {
    func first(_ line: KeptLine) -> [UInt8]? { line.read { $0.split { $0.isBlank }.first.map(Array.init) } }
    guard let one = first(older), let two = first(newer) else { return nil }
    return one == two
  }

  /// The row's first cell is the heading's first word.
  func isOfHeading(_ line: UnsafeRawBufferPointer) -> Bool {
    guard let cell = cells.first, let column = columns.first else { return false }
    if Self.number(line, cell) != nil { return true }
    return line.part(cell.lowerBound, cell.upperBound).map(\.lowercasedASCII) == column.name
  }

  /// Most of what stands between blanks and separators begins as a number.
  static func looksLikeRow(_ line: UnsafeRawBufferPointer) -> Bool {
    var numbers = 0, others = 0, isApart = true
    for byte in line {
      if byte.isBlank || byte == 0x2C || byte == 0x3B || byte == 0x7C {
        isApart = true
      } else if isApart {
        isApart = false
        let isNumber = byte.isDigit || byte == 0x2D || byte == 0x2B || byte == 0x2E || byte | 0x20 == 0x6E
        if isNumber { numbers &+= 1 } else { others &+= 1 }
      }
    }
    return numbers > others
  }

  /// Behind lines of text: a row counts on, in the same place.
  func goesOn(_ line: UnsafeRawBufferPointer) -> Bool {
    guard let cell = counterCell, let count = count(line), lastCount >= 0, count > lastCount else { return false }
    return cell.lowerBound == lastPlace.lowerBound || cell.upperBound == lastPlace.upperBound
  }

  // bounded: an index of theirs
  var counterColumn: Int? {
    var strongest: Int?
    for (index, column) in columns.enumerated() {
      guard let counter = column.counter else { continue }
      if let known = strongest, let kind = columns[known].counter, kind >= counter { continue }
      strongest = index
    }
    return strongest
  }

  // bounded: looked at before
  var counterCell: Range<Int>? {
    guard let column = counterColumn, column < cells.count else { return nil }
    return cells[column]
  }

  func count(_ line: UnsafeRawBufferPointer) -> Int64? {
    guard let cell = counterCell else { return nil }
    return GroupedNumber(in: line.part(0, cell.upperBound), at: cell.lowerBound, before: nil)?.step(in: line)
  }

  /// Cells may be left empty: each of the others then begins where the name of its column does.
  // bounded: `placed` has as many as `columns`
  mutating func placeCells() {
    guard places.count == columns.count else { return }
    var placed = [Range<Int>](repeating: 0..<0, count: columns.count)
    for cell in cells {
      guard let column = places.firstIndex(where: { $0.lowerBound == cell.lowerBound }) else { return }
      placed[column] = cell
    }
    cells = placed
  }

  // bounded: `cells` has as many as `columns`
  func isNumbers(_ line: UnsafeRawBufferPointer) -> Bool {
    var numbers = 0
    for (cell, column) in zip(cells, columns) where column.counter != nil || !cell.isEmpty {
      let isNumber = Self.number(line, cell) != nil
      if column.counter != nil, !isNumber { return false }
      if isNumber { numbers &+= 1 }
    }
    return numbers &* 2 > cells.count(where: { !$0.isEmpty })
  }

  /// The number that a cell is, perhaps with its unit.
  static func number(_ line: UnsafeRawBufferPointer, _ cell: Range<Int>) -> PrintedNumber? {
    let text = line.part(cell.lowerBound, cell.upperBound)
    guard let number = PrintedNumber(in: text, at: 0) else { return nil }
    let rest = text.part(number.range.upperBound, text.count)
    let isWhole = rest.isEmpty || rest.elementsEqual([0x25]) || (rest.count <= 2 && Words.isUnit(rest))
    // `0/3`
    let isFraction = rest.first == 0x2F && rest.count > 1 && rest.dropFirst().allSatisfy { $0.isDigit }
    // `3.12e-01h`: a letter that says something about it.
    let isMarked = rest.count == 1 && rest[0].isLetter
    return isWhole || isFraction || isMarked ? number : nil
  }

  /// The run's number of a column's metric, once it is known.
  mutating func setNumber(_ number: Int, of column: Int) {
    if column >= 0, column < columns.count { columns[column].number = number }
  }
}
