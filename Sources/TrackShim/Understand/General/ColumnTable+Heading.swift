/// The names of the columns.
extension ColumnTable {
  /// True when `line` is a heading, alone or together with the line above it. The first of two may name nothing
  /// that is known.
  mutating func takeHeading(_ line: UnsafeRawBufferPointer) -> Bool {
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
    // `,loss,acc`: rows are numbered.
    let isNumbered = separator != .blanks && parts.count > 2 && parts.first?.isEmpty == true
    guard parts.count > 1, parts.count <= Self.widest,
      parts.dropFirst(isNumbered ? 1 : 0).allSatisfy({ Self.isName(line, $0) })
    else { return false }
    var found = parts.map { Self.column(line.part($0.lowerBound, $0.upperBound).map(\.lowercasedASCII)) }
    if isNumbered, !found.contains(where: { $0.counter != nil }) {
      let numbered = Column(name: [], counter: .step)
      found = found.enumerated().map { $0 == 0 ? numbered : $1 }
    }
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

  mutating func addSecondLine(_ line: UnsafeRawBufferPointer) -> Bool {
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
  mutating func joinWords(_ line: UnsafeRawBufferPointer) {
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

  static func column(_ printed: [UInt8]) -> Column {
    let name = printed.count > 1 && printed.first == 0x23 ? Array(printed.dropFirst()) : printed
    let words = name.split(separator: 0x20).map(Array.init)
    var found = Column(name: name)
    if let last = words.last {
      found.counter = Words.counter(last) ?? (last == hash || last == counter ? .step : nil)
      if words.count > 1, last != counter { found.counter = nil }
    }
    found.isForecast = words.contains { Words.isForecast($0) }
    found.key = LabelBook.key(name)
    return found
  }

  static let hash = Array("#".utf8)
  static let counter = Array("counter".utf8)

  static func isResult(_ name: [UInt8]) -> Bool {
    name.split { !($0.isLetter || $0.isDigit) }.contains { Words.isResult(Array($0)) }
  }

  static func isName(_ line: UnsafeRawBufferPointer, _ range: Range<Int>) -> Bool {
    let name = line.part(range.lowerBound, range.upperBound)
    guard let first = name.first, name.count <= 60 else { return false }
    if first == 0x23, name.count > 1 { return name[1].isLetter }
    return (first.isLetter || first == 0x5F || first == 0x7C || (first == 0x23 && name.count == 1))
      && (name.last != 0x2E || name.suffix(3).elementsEqual(cutOff))
  }

  /// `n_esti...`
  static let cutOff = Array("...".utf8)

  static func separator(of line: UnsafeRawBufferPointer) -> Separator {
    for byte in [0x09, 0x2C, 0x3B] as [UInt8] where line.contains(byte) { return .byte(byte) }
    var before: UInt8 = 0x20
    for (index, byte) in line.enumerated() {
      let after = index &+ 1 < line.count ? line[index &+ 1] : 0x20
      if byte == 0x7C, before.isBlank, after.isBlank { return .byte(byte) }
      before = byte
    }
    return .blanks
  }

  static func split(
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
  static func trimmed(_ line: UnsafeRawBufferPointer, _ start: Int, _ end: Int) -> Range<Int> {
    var start = start, end = end
    while start < end, line[start].isBlank || line[start] == 0x22 { start &+= 1 }
    while end > start, line[end &- 1].isBlank || line[end &- 1] == 0x22 { end &-= 1 }
    return start..<end
  }
}
