import TrackShim

/// The template of a shape: what varies is a hole.
struct LearnedTemplate {
  /// What stands for a token that differs.
  enum Skip { case word, anything }

  /// A line of a file of templates.
  private(set) var text: [UInt8] = []
  let key: [UInt8]
  let record: ShapeRecord
  /// The slots whose values the template gives, in their order; the step's is among them.
  private(set) var valueSlots: [Int] = []
  private(set) var stepSlot: Int?
  private(set) var hasMetrics = false
  /// Some of the line's own text is in it, so that it does not take whatever has as many numbers.
  private(set) var hasLetters = false
  private var isBehindStar = false

  init(_ record: ShapeRecord, key: [UInt8], skip: Skip) {
    self.record = record
    self.key = key
    stepSlot = Self.counter(record)
    var names = HoleNames(record)
    var slot = 0
    for (index, piece) in record.pieces.enumerated() {
      let isHole = piece.kind == .number || piece.kind == .token
      if index == record.mask {
        add(skip)
      } else if isHole, record.slots.indices.contains(slot), isSkipped(slot) {
        add(piece.kind == .token ? skip : .word)
      } else if isHole, piece.kind == .number, record.slots.indices.contains(slot), record.slots[slot].varies {
        addValue(slot, &names)
      } else {
        addText(record.text(index), piece.kind)
      }
      if isHole { slot &+= 1 }
    }
    protectBeginning()
  }

  // MARK: Pieces

  private mutating func addValue(_ slot: Int, _ names: inout HoleNames) {
    valueSlots.append(slot)
    isBehindStar = false
    if slot == stepSlot {
      text += "{step}".utf8
    } else {
      hasMetrics = true
      text += "{\(names.name(of: slot))}".utf8
    }
  }

  /// Between `{*}` and the next text or number nothing else can stand.
  private mutating func add(_ skip: Skip) {
    guard !isBehindStar else { return }
    text += (skip == .word ? "{_}" : "{*}").utf8
    isBehindStar = skip == .anything
  }

  private mutating func addText(_ piece: ArraySlice<UInt8>, _ kind: LineShape.Kind) {
    if kind == .blank {
      if !isBehindStar { text.append(0x20) }
      return
    }
    isBehindStar = false
    hasLetters = hasLetters || piece.contains { $0.isLetter }
    for byte in piece {
      text.append(byte)
      if byte == .openBrace || byte == .closeBrace { text.append(byte) }
    }
  }

  /// Totals and moments will be others in the next run, though they were the same in all of this one.
  private func isSkipped(_ slot: Int) -> Bool {
    guard record.slots.indices.contains(slot) else { return false }
    if record.isNumber(record.slots[slot]) { return Self.isTotal(record, slot) }
    return record.slots[slot].varies || RunBytes.isOfOneRun(Array(record.text(record.slots[slot].piece)))
  }

  /// `/100` or `of 100` behind a number that counts.
  private static func isTotal(_ record: ShapeRecord, _ slot: Int) -> Bool {
    guard slot > 0, record.slots.indices.contains(slot), record.slots[slot].isWhole,
      record.slots[slot &- 1].isWhole, record.isNumber(record.slots[slot &- 1])
    else { return false }
    let first = record.slots[slot &- 1].piece, last = record.slots[slot].piece
    let between = record.pieces.indices.filter { $0 > first && $0 < last && record.kind($0) != .blank }
    let text = between.flatMap { Array(record.text($0)) }
    return text == [0x2F] || text == Words.of
  }

  /// A line that begins with `#` says nothing, and what is before ` :: ` are options.
  private mutating func protectBeginning() {
    if text.first == 0x23 || TemplateOptions.split(text[...]).start != 0 { text = Array(":: ".utf8) + text }
  }

  // MARK: The counter

  /// The strongest that has a name; without one what has its total behind it, or the line's first number, if it has no
  /// name and grows like a counter.
  private static func counter(_ record: ShapeRecord) -> Int? {
    let numbers = record.slots.indices.filter { record.isNumber(record.slots[$0]) }
    let growing = numbers.filter {
      record.slots[$0].varies && record.slots[$0].isWhole && record.slots[$0].falls == 0 && record.slots[$0].rises > 0
    }
    let named = growing.compactMap { slot in HoleNames.counter(record, slot).map { (slot, $0) } }
    if let best = named.map(\.1).max() { return named.first { $0.1 == best }?.0 }
    let steady = growing.filter { record.slots[$0].rises &* 2 >= record.count &- 1 }
    if let counted = steady.first(where: { isTotal(record, $0 &+ 1) }) { return counted }
    // bounded: indices of slots
    return steady.first { $0 == numbers.first && HoleNames.wordsBefore(record, record.slots[$0].piece).isEmpty }
  }

  var namesCounter: Bool { stepSlot.map { HoleNames.counter(record, $0) != nil } ?? false }

  // MARK: What is expected of a line

  /// The JSON texts of the values, the step apart, of a line of this shape.
  func values(_ line: UnsafeRawBufferPointer, _ shape: LineShape) -> (step: Int64?, values: [[UInt8]]) {
    let holes = shape.pieces.filter { $0.kind == .number || $0.kind == .token }
    var step: Int64?
    var values: [[UInt8]] = []
    var scratch: [UInt8] = []
    for slot in valueSlots where holes.indices.contains(slot) {
      let token = line.part(holes[slot].range.lowerBound, holes[slot].range.upperBound)
      guard let number = GroupedNumber(in: token, at: 0, before: nil) else { continue }
      if slot == stepSlot {
        step = number.step(in: token)
      } else {
        var value: [UInt8] = []
        number.appendJSON(from: token, times: nil, &scratch, to: &value)
        values.append(value)
      }
    }
    return (step, values)
  }
}
