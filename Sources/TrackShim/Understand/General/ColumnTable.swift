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

  /// Lines of text that may stand between two rows that count.
  private static let longestGap = 30

  private(set) var columns: [Column] = []
  /// The heading names a counter or a result: what stands below it is a report.
  private var says = false
  /// One for each word of the heading, where single blanks may be within names or between them.
  private var wordColumns: [Column] = []
  /// Where each column's name begins.
  private var starts: [Int] = []
  /// Lines since the last row, what that counted, and where it stood there.
  private var gap = 0
  private var lastCount: Int64 = -1
  private var lastPlace = 0..<0
  /// Of the row that was just taken, one for each column.
  private(set) var cells: [Range<Int>] = []
  private var separator = Separator.blanks
  /// The line before was a heading, to which this one may add its words.
  private var isFresh = false
  private var parts: [Range<Int>] = []

  /// True when `line` is a row; its cells are in `cells` then.
  mutating func takeRow(_ line: UnsafeRawBufferPointer) -> Bool {
    guard !columns.isEmpty else { return false }
    guard says else {
      if !isFresh { columns = [] }
      return false
    }
    Self.split(line, separator, into: &cells)
    if cells.count == wordColumns.count, cells.count != columns.count { columns = wordColumns }
    if cells.count < columns.count, cells.count > 1, separator == .blanks { placeCells() }
    if cells.count == columns.count, isNumbers(line), gap == 0 || goesOn(line) {
      isFresh = false
      gap = 0
      lastCount = count(line) ?? -1
      lastPlace = counterCell ?? 0..<0
      return true
    }
    // Text goes on below; a list separated by commas may be taken up again.
    if separator == .blanks, !line.allSatisfy({ $0.isBlank || $0 == 0x2D || $0 == 0x3D || $0 == 0x2B }), !isFresh {
      gap &+= 1
      if gap > Self.longestGap || !columns.contains(where: { $0.counter != nil }) { columns = [] }
    }
    return false
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
  // bounded: `starts` has as many as `columns`
  private mutating func placeCells() {
    guard starts.count == columns.count else { return }
    var placed = [Range<Int>](repeating: 0..<0, count: columns.count)
    for cell in cells {
      guard let column = starts.firstIndex(of: cell.lowerBound) else { return }
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

  /// Remembers `line` if it is a heading.
  mutating func takeHeading(_ line: UnsafeRawBufferPointer) -> Bool {
    guard line.count < 4_096, !line.contains(where: { $0 == 0x3A || $0 == 0x3D || $0 == 0x7B }) else { return fail() }
    if isFresh, addSecondLine(line) { return true }
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
    guard parts.count > 1, parts.count <= Self.widest, parts.allSatisfy({ Self.isName(line, $0) }) else {
      return fail()
    }
    let found = parts.map { Self.column(line.part($0.lowerBound, $0.upperBound).map(\.lowercasedASCII)) }
    let isPlainText = separator == .blanks && !found.contains { $0.counter != nil } && parts.count < 4
    let says = found.contains { $0.counter != nil || Self.isResult($0.name) }
    // The first of two lines may name nothing that is known.
    guard says && !isPlainText || separator == .blanks && parts.count > 2 else { return fail() }
    columns = found
    self.says = says && !isPlainText
    wordColumns =
      words.count == parts.count
      ? [] : words.map { Self.column(line.part($0.lowerBound, $0.upperBound).map(\.lowercasedASCII)) }
    starts = parts.map(\.lowerBound)
    gap = 0
    lastCount = -1
    self.separator = separator
    isFresh = true
    return says && !isPlainText
  }

  private mutating func fail() -> Bool {
    if isFresh {
      isFresh = false
      if !columns.contains(where: { $0.counter != nil || Self.isResult($0.name) }) { columns = [] }
    }
    return false
  }

  private mutating func addSecondLine(_ line: UnsafeRawBufferPointer) -> Bool {
    guard separator == .blanks else { return false }
    Self.split(line, .blanks, into: &parts)
    guard parts.count == columns.count, parts.allSatisfy({ Self.isName(line, $0) }) else { return false }
    // bounded: there are as many parts as columns
    for index in columns.indices {
      let more = line.part(parts[index].lowerBound, parts[index].upperBound).map(\.lowercasedASCII)
      columns[index] = Self.column(columns[index].name + [0x20] + more)
    }
    isFresh = false
    says = columns.contains { $0.counter != nil || Self.isResult($0.name) }
    return true
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
