import TrackShim

/// What the numbers of a shape are called: by the words before them, else by their unit, else by the words behind.
struct HoleNames {
  private static let mostWords = 4
  private static let mostOfClause = 12
  /// Beside `Words.isProse`.
  private static let prose = Set(
    "over under down about around per now only still says got gives went has so far also again each every of"
      .split(separator: " ").map(String.init))

  private let record: ShapeRecord
  private var taken: Set<String> = ["step"]
  private var unnamed = 0

  init(_ record: ShapeRecord) { self.record = record }

  /// Unique among those that it gave.
  mutating func name(of slot: Int) -> String {
    let wished = Self.wish(record, slot)
    if wished.isEmpty { unnamed &+= 1 }
    let base = wished.isEmpty ? "value_\(unnamed)" : wished == "step" ? "printed_step" : wished
    var name = base
    var number = 2
    while !taken.insert(name).inserted {
      name = "\(base)_\(number)"
      number &+= 1
    }
    return name
  }

  private static func wish(_ record: ShapeRecord, _ slot: Int) -> String {
    guard record.slots.indices.contains(slot) else { return "" }
    let piece = record.slots[slot].piece
    let words = namingWords(record, slot)
    if !words.isEmpty { return text(words.map { word(record, $0) }) }
    let unit = unit(record, piece)
    return unit.isEmpty && unitText(record, piece) == "%" ? "percent" : unit
  }

  /// The words, as pieces, that a number has its name from; none where its unit is the better one.
  static func namingWords(_ record: ShapeRecord, _ slot: Int) -> [Int] {
    guard record.slots.indices.contains(slot) else { return [] }
    let piece = record.slots[slot].piece
    let clause = clause(record, piece)
    var before = wordsBefore(record, piece)
    // `seconds for this iteration: 0.5` counts nothing.
    if let last = before.last, Words.counter(Array(word(record, last).utf8)) != nil, !record.slots[slot].isWhole {
      before = Array(clause.suffix(mostWords))
    }
    if hasText(record, before) { return before }
    if !unit(record, piece).isEmpty { return [] }
    for words in [result(record, clause), subject(record, clause)] where hasText(record, words) { return words }
    return unitText(record, piece) == "%" ? [] : wordsBehind(record, piece)
  }

  private static func hasText(_ record: ShapeRecord, _ words: [Int]) -> Bool {
    !text(words.map { word(record, $0) }).isEmpty
  }

  /// `the val loss went down to 3`: what a sentence is about, where it is something that training measures.
  private static func result(_ record: ShapeRecord, _ words: [Int]) -> [Int] {
    guard let index = words.lastIndex(where: { Words.isResult(Array(word(record, $0).utf8)) }) else { return [] }
    let split = words.prefix(index).suffix(1).filter { Words.isSplit(Array(word(record, $0).utf8)) }
    return split + words.dropFirst(index).prefix(1)
  }

  /// `and the width was 3`: what else it is about. In `after 10 steps it was 3` the steps are those of the 10.
  private static func subject(_ record: ShapeRecord, _ clause: [Int]) -> [Int] {
    let isCounted = clause.first.flatMap { numberBefore(record, $0) } != nil
    let words = Array(clause.dropFirst(isCounted ? 1 : 0))
    let isSubject = { (piece: Int) in
      let word = word(record, piece)
      return !isOfSentence(word) && !Words.isProse(Array(word.utf8))
    }
    guard let last = words.lastIndex(where: isSubject) else { return [] }
    return withoutSentence(record, Array(words.prefix(through: last)))
  }

  /// The counter that the words before a number say it is.
  static func counter(_ record: ShapeRecord, _ slot: Int) -> Words.Counter? {
    guard record.slots.indices.contains(slot) else { return nil }
    let words = wordsBefore(record, record.slots[slot].piece).map { word(record, $0) }
    guard let last = words.last else { return nil }
    return Words.counter(Array(last.utf8)) ?? Words.counter(Array(words.joined(separator: "_").utf8))
  }

  // MARK: Words before

  /// As pieces: the last ones, without the beginning of a sentence.
  static func wordsBefore(_ record: ShapeRecord, _ piece: Int) -> [Int] {
    withoutSentence(record, clause(record, piece))
  }

  private static func withoutSentence(_ record: ShapeRecord, _ words: [Int]) -> [Int] {
    let start = words.lastIndex { isOfSentence(word(record, $0)) }.map { $0 &+ 1 } ?? 0
    return Array(words.dropFirst(start).suffix(mostWords))
  }

  /// All words since the last number or separator, as pieces.
  private static func clause(_ record: ShapeRecord, _ piece: Int) -> [Int] {
    var found: [Int] = []
    var index = piece &- 1
    walk: while record.pieces.indices.contains(index), found.count < mostOfClause {
      switch record.pieces[index].kind {
      case .word: if index != record.mask { found.append(index) }
      case .token where isText(record, index): found.append(index)
      case .token, .number: break walk
      case .mark: if ends(record, index, hasWords: !found.isEmpty) { break walk }
      case .blank: break
      }
      index &-= 1
    }
    return withoutUnit(record, found.reversed())
  }

  /// Of `12.3 ms loss 0.5` the first word is the unit of the number before it.
  private static func withoutUnit(_ record: ShapeRecord, _ words: [Int]) -> [Int] {
    guard let first = words.first, let number = numberBefore(record, first) else { return words }
    let unit = unitText(record, number)
    guard Array(unit.utf8).withUnsafeBytes({ Words.isUnit($0) }) else { return words }
    return Array(words.dropFirst(unit.contains("/") ? 2 : 1))
  }

  /// The number that a word stands directly behind.
  private static func numberBefore(_ record: ShapeRecord, _ word: Int) -> Int? {
    let before = record.kind(word &- 1) == .blank ? word &- 2 : word &- 1
    return record.kind(before) == .number ? before : nil
  }

  /// A token that is the same in all lines.
  private static func isText(_ record: ShapeRecord, _ piece: Int) -> Bool {
    record.slots.contains { $0.piece == piece && !$0.varies } && !RunBytes.isOfOneRun(Array(record.text(piece)))
  }

  /// Whether the words before a mark do not belong to the number behind it.
  private static func ends(_ record: ShapeRecord, _ piece: Int, hasWords: Bool) -> Bool {
    guard let byte = record.text(piece).first else { return true }
    let always: StaticString = ",;|"
    let behindLabel: StaticString = ":=()[]{}<>!?"
    return always.contains(byte) || (hasWords && behindLabel.contains(byte))
  }

  private static func isOfSentence(_ word: String) -> Bool {
    let bytes = Array(word.utf8)
    if Words.counter(bytes) != nil || Words.isResult(bytes) { return false }
    return Words.isProse(bytes) || Words.isDeed(bytes) || Words.isDuration(bytes) || prose.contains(word)
      || (bytes.count > 5 && (word.hasSuffix("ed") || word.hasSuffix("ing")) && !Words.isSplit(bytes))
  }

  private static func word(_ record: ShapeRecord, _ piece: Int) -> String {
    Array(record.text(piece)).asText.lowercased()
  }

  // MARK: Behind

  private static func unit(_ record: ShapeRecord, _ piece: Int) -> String {
    let unit = unitText(record, piece)
    let bytes = Array(unit.utf8)
    if let metric = Words.metric(ofUnit: bytes) { return text([metric.asText]) }
    if Words.isTime(bytes) { return "time_" + text([unit.hasPrefix("sec") ? "s" : unit]) }
    return bytes.withUnsafeBytes { Words.isUnit($0) } ? text([unit]) : ""
  }

  /// `ms`, `tok/s`, `%`: directly behind the number or behind one blank.
  private static func unitText(_ record: ShapeRecord, _ piece: Int) -> String {
    var index = piece &+ 1
    let kind = record.kind
    if kind(index) == .blank { index &+= 1 }
    if kind(index) == .mark { return Array(record.text(index)).asText }
    guard kind(index) == .word else { return "" }
    let first = word(record, index)
    guard kind(index &+ 1) == .mark, Array(record.text(index &+ 1)).asText == "/", kind(index &+ 2) == .word else {
      return first
    }
    return first + "/" + word(record, index &+ 2)
  }

  private static func wordsBehind(_ record: ShapeRecord, _ piece: Int) -> [Int] {
    var found: [Int] = []
    for index in record.pieces.indices.dropFirst(piece &+ 1) {
      let kind = record.pieces[index].kind
      if kind == .blank { continue }
      guard kind == .word, index != record.mask, found.count < 2 else { break }
      let word = word(record, index)
      if isOfSentence(word) || Words.isProse(Array(word.utf8)) { break }
      found.append(index)
    }
    return found
  }

  // MARK: Text

  /// Lower case, and each run of anything but letters and digits as one `_`, none at the ends.
  private static func text(_ words: [String]) -> String {
    var name = ""
    for scalar in words.joined(separator: "_").unicodeScalars {
      if scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) {
        name.unicodeScalars.append(scalar)
      } else if !name.isEmpty, !name.hasSuffix("_") {
        name += "_"
      }
    }
    return name.hasSuffix("_") ? String(name.dropLast()) : name
  }
}

extension StaticString {
  fileprivate func contains(_ byte: UInt8) -> Bool { withUTF8Buffer { $0.contains(byte) } }
}
