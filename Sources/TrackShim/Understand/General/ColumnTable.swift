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
    var counter: Words.Counter?
    var isForecast = false
    /// The run's number for it.
    var number: Int?
  }

  private enum Separator: Equatable {
    case byte(UInt8)
    case blanks
  }

  private static let widest = 200
  private static let longestHeading = 4_096

  /// Lines of text that may stand between two rows that count.
  private static let longestGap = 30

  private(set) var columns: [Column] = []
  /// One for each word of the heading, where single blanks may be within names or between them.
  private var wordColumns: [Column] = []
  /// Where each column's name stands.
  private var places: [Range<Int>] = []
  /// The last two lines of text, the newer one last: a heading is looked for when a row has come.
  private var texts: ([UInt8], [UInt8]) = ([], [])
  /// Lines since the last row, what that counted, and where it stood there.
  private var gap = 0
  private var lastCount: Int64 = -1
  private var lastPlace = 0..<0
  /// Of the row that was just taken, one for each column.
  private(set) var cells: [Range<Int>] = []
  private var separator = Separator.blanks
  private var parts: [Range<Int>] = []

  /// True when `line`, which has numbers, is a row; its cells are in `cells` then.
  mutating func takeRow(_ line: UnsafeRawBufferPointer) -> Bool {
    if isRow(line) {
      forgetTexts()
      return true
    }
    if !texts.1.isEmpty, Self.looksLikeRow(line), beginTable(at: line) { return true }
    if !columns.isEmpty { goOn() }
    forgetTexts()
    return false
  }

  /// A line without numbers may be a heading.
  mutating func takeText(_ line: UnsafeRawBufferPointer) {
    if line.allSatisfy({ $0.isBlank || KeyValueBox.isOfBorder($0) }) { return }
    if !columns.isEmpty { goOn() }
    swap(&texts.0, &texts.1)
    texts.1.removeAll(keepingCapacity: true)
    if line.count < Self.longestHeading { texts.1.append(contentsOf: line) }
  }

  /// The next line with numbers may be a row.
  var isActive: Bool { !columns.isEmpty || !texts.1.isEmpty }

  private mutating func forgetTexts() {
    texts.0.removeAll(keepingCapacity: true)
    texts.1.removeAll(keepingCapacity: true)
  }

  /// Text goes on below; a list separated by commas may be taken up again.
  private mutating func goOn() {
    guard separator == .blanks else { return }
    gap &+= 1
    if gap > Self.longestGap || !columns.contains(where: { $0.counter != nil }) { columns = [] }
  }

  private mutating func isRow(_ line: UnsafeRawBufferPointer) -> Bool {
    guard !columns.isEmpty else { return false }
    Self.split(line, separator, into: &cells)
    if cells.count == wordColumns.count, cells.count != columns.count { columns = wordColumns }
    if cells.count < columns.count, cells.count > 1, separator == .blanks { placeCells() }
    guard cells.count == columns.count, isNumbers(line), gap == 0 || goesOn(line) else { return false }
    gap = 0
    lastCount = count(line) ?? -1
    lastPlace = counterCell ?? 0..<0
    return true
  }

  /// The text above this first row is its heading, if both are like that.
  private mutating func beginTable(at line: UnsafeRawBufferPointer) -> Bool {
    let before = self
    let (older, newer) = texts
    columns = []
    older.withUnsafeBytes { _ = takeHeading($0) }
    let isHeading = newer.withUnsafeBytes { takeHeading($0) }
    if isHeading, isRow(line) {
      forgetTexts()
      return true
    }
    self = before
    return false
  }

  /// Most of what stands between blanks and separators begins as a number.
  private static func looksLikeRow(_ line: UnsafeRawBufferPointer) -> Bool {
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
  private func goesOn(_ line: UnsafeRawBufferPointer) -> Bool {
    guard let cell = counterCell, let count = count(line), lastCount >= 0, count > lastCount else { return false }
    return cell.lowerBound == lastPlace.lowerBound || cell.upperBound == lastPlace.upperBound
  }

  // bounded: `cells` has as many as `columns`
  private var counterCell: Range<Int>? {
    guard let strongest = columns.compactMap(\.counter).max(),
      let column = columns.firstIndex(where: { $0.counter == strongest }), column < cells.count
    else { return nil }
    return cells[column]
  }

  private func count(_ line: UnsafeRawBufferPointer) -> Int64? {
    guard let cell = counterCell else { return nil }
    return GroupedNumber(in: line.part(0, cell.upperBound), at: cell.lowerBound, before: nil)?.step(in: line)
  }

  /// Cells may be left empty: each of the others then begins where the name of its column does.
  // bounded: `placed` has as many as `columns`
  private mutating func placeCells() {
    guard places.count == columns.count else { return }
    var placed = [Range<Int>](repeating: 0..<0, count: columns.count)
    for cell in cells {
      guard let column = places.firstIndex(where: { $0.lowerBound == cell.lowerBound }) else { return }
      placed[column] = cell
    }
    cells = placed
  }

  // bounded: `cells` has as many as `columns`
  private func isNumbers(_ line: UnsafeRawBufferPointer) -> Bool {
    var numbers = 0
    for (cell, column) in zip(cells, columns) where column.counter != nil || !cell.isEmpty {
      let isNumber = Self.number(line, cell) != nil
      if column.counter != nil, !isNumber { return false }
      if isNumber { numbers &+= 1 }
    }
    return numbers &* 2 > cells.filter { !$0.isEmpty }.count
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

  /// True when `line` is a heading, alone or together with the line above it. The first of two may name nothing
  /// that is known.
  private mutating func takeHeading(_ line: UnsafeRawBufferPointer) -> Bool {
    guard !line.isEmpty, !line.contains(where: { $0 == 0x3A || $0 == 0x3D || $0 == 0x7B }) else { return false }
    if !columns.isEmpty, addSecondLine(line) { return true }
    columns = []
    let separator = Self.separator(of: line)
    Self.split(line, separator, into: &parts)
    // `# epoch batch loss`
    if parts.count > 2, separator == .blanks,
      line.part(parts[0].lowerBound, parts[0].upperBound).elementsEqual(Self.hash),
      Self.column(line.part(parts[1].lowerBound, parts[1].upperBound).map(\.lowercasedASCII)).counter != nil
    {
      parts.removeFirst()
    }
    let words = parts
    if separator == .blanks { joinWords(line) }
    if !parts.allSatisfy({ Self.isName(line, $0) }) { parts = words }
    guard parts.count > 1, parts.count <= Self.widest, parts.allSatisfy({ Self.isName(line, $0) }) else {
      return false
    }
    let found = parts.map { Self.column(line.part($0.lowerBound, $0.upperBound).map(\.lowercasedASCII)) }
    let isPlainText = separator == .blanks && !found.contains { $0.counter != nil } && parts.count < 4
    let says = found.contains { $0.counter != nil || Self.isResult($0.name) }
    guard says && !isPlainText || separator == .blanks && parts.count > 2 else { return false }
    columns = found
    wordColumns =
      words.count == parts.count
      ? [] : words.map { Self.column(line.part($0.lowerBound, $0.upperBound).map(\.lowercasedASCII)) }
    places = parts
    gap = 0
    lastCount = -1
    self.separator = separator
    return says && !isPlainText
  }

  private mutating func addSecondLine(_ line: UnsafeRawBufferPointer) -> Bool {
    guard separator == .blanks else { return false }
    Self.split(line, .blanks, into: &parts)
    guard parts.count == columns.count, parts.allSatisfy({ Self.isName(line, $0) }) else { return false }
    let aligned = zip(parts, places).filter { $0.lowerBound == $1.lowerBound || $0.upperBound == $1.upperBound }
    guard aligned.count &* 2 > parts.count else { return false }
    // bounded: there are as many parts as columns
    for index in columns.indices {
      let more = line.part(parts[index].lowerBound, parts[index].upperBound).map(\.lowercasedASCII)
      columns[index] = Self.column(columns[index].name + [0x20] + more)
    }
    return columns.contains { $0.counter != nil || Self.isResult($0.name) }
  }

  /// Two blanks and more separate names of several words, if there are such gaps.
  // bounded: `index` is below the count of `parts`
  private mutating func joinWords(_ line: UnsafeRawBufferPointer) {
    var joined: [Range<Int>] = []
    for part in parts {
      if let before = joined.last, part.lowerBound &- before.upperBound == 1 {
        joined[joined.count &- 1] = before.lowerBound..<max(before.lowerBound, part.upperBound)
      } else {
        joined.append(part)
      }
    }
    if joined.count > 1 { parts = joined }
  }

  private static func column(_ printed: [UInt8]) -> Column {
    let name = printed.count > 1 && printed.first == 0x23 ? Array(printed.dropFirst()) : printed
    let words = name.split(separator: 0x20).map(Array.init)
    var found = Column(name: name)
    if let last = words.last {
      found.counter = Words.counter(last) ?? (last == hash || last == counter ? .step : nil)
      if words.count > 1, last != counter { found.counter = nil }
    }
    found.isForecast = words.contains { Words.isForecast($0) }
    return found
  }

  private static let hash = Array("#".utf8)
  private static let counter = Array("counter".utf8)

  private static func isResult(_ name: [UInt8]) -> Bool {
    name.split { !($0.isLetter || $0.isDigit) }.contains { Words.isResult(Array($0)) }
  }

  private static func isName(_ line: UnsafeRawBufferPointer, _ range: Range<Int>) -> Bool {
    let name = line.part(range.lowerBound, range.upperBound)
    guard let first = name.first, name.count <= 60 else { return false }
    if first == 0x23, name.count > 1 { return name[1].isLetter }
    return (first.isLetter || first == 0x5F || first == 0x7C || (first == 0x23 && name.count == 1)) && name.last != 0x2E
  }

  private static func separator(of line: UnsafeRawBufferPointer) -> Separator {
    for byte in [0x09, 0x2C, 0x3B] as [UInt8] where line.contains(byte) { return .byte(byte) }
    var before: UInt8 = 0x20
    for (index, byte) in line.enumerated() {
      let after = index &+ 1 < line.count ? line[index &+ 1] : 0x20
      if byte == 0x7C, before.isBlank, after.isBlank { return .byte(byte) }
      before = byte
    }
    return .blanks
  }

  private static func split(
    _ line: UnsafeRawBufferPointer, _ separator: Separator, into parts: inout [Range<Int>]
  ) {
    parts.removeAll(keepingCapacity: true)
    var start = 0
    var index = 0
    while index <= line.count, parts.count <= widest {
      let isEnd = index == line.count
      let byte = isEnd ? 0 : line[index]
      let isCut = separator == .blanks ? byte.isBlank : separator == .byte(byte)
      if isEnd || isCut {
        let part = trimmed(line, start, index)
        if !part.isEmpty || (separator != .blanks && separator != .byte(0x7C)) { parts.append(part) }
        start = index &+ 1
      }
      index &+= 1
    }
  }

  // bounded: `start` and `end` are within the line
  private static func trimmed(_ line: UnsafeRawBufferPointer, _ start: Int, _ end: Int) -> Range<Int> {
    var start = start, end = end
    while start < end, line[start].isBlank || line[start] == 0x22 { start &+= 1 }
    while end > start, line[end &- 1].isBlank || line[end &- 1] == 0x22 { end &-= 1 }
    return start..<end
  }

  /// The run's number of a column's metric, once it is known.
  mutating func setNumber(_ number: Int, of column: Int) {
    if column >= 0, column < columns.count { columns[column].number = number }
  }
}
