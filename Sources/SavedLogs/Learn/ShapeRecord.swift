import TrackShim

/// What is known of the lines of one shape.
struct ShapeRecord {
  /// A number or a token, over all lines.
  struct Slot {
    /// In `pieces`.
    let piece: Int
    var varies = false
    /// So far each was a whole number without a sign.
    var isWhole = true
    var rises = 0
    var falls = 0
    fileprivate var last: Int64?
  }

  /// The first line, and its pieces.
  let example: [UInt8]
  private(set) var pieces: [LineShape.Piece]
  private(set) var slots: [Slot]
  /// The word that differs among otherwise equal lines, as a piece.
  let mask: Int?
  let firstLine: Int
  private(set) var count = 0
  /// Of them, how many are read already.
  private(set) var understood = 0

  init(_ line: UnsafeRawBufferPointer, _ shape: LineShape, mask: Int? = nil, number: Int) {
    example = Array(line)
    pieces = shape.pieces
    self.mask = mask
    firstLine = number
    slots = shape.pieces.indices.filter { shape.pieces[$0].kind == .number || shape.pieces[$0].kind == .token }.map {
      Slot(piece: $0)
    }
  }

  var isUnderstood: Bool { understood &* 2 >= count }

  /// At least one number differs.
  var varies: Bool { slots.contains { $0.varies && isNumber($0) } }

  func kind(_ piece: Int) -> LineShape.Kind? { pieces.indices.contains(piece) ? pieces[piece].kind : nil }

  func isNumber(_ slot: Slot) -> Bool { kind(slot.piece) == .number }

  /// Another line of the shape, so with as many numbers and tokens.
  mutating func add(_ line: UnsafeRawBufferPointer, _ shape: LineShape, isUnderstood: Bool) {
    count &+= 1
    if isUnderstood { understood &+= 1 }
    let holes = shape.pieces.lazy.filter { $0.kind == .number || $0.kind == .token }
    for (index, piece) in zip(slots.indices, holes) {  // bounded: an index of slots
      let text = line.part(piece.range.lowerBound, piece.range.upperBound)
      if !slots[index].varies { slots[index].varies = !text.elementsEqual(self.text(slots[index].piece)) }
      if piece.kind == .number { follow(index, text) }
    }
  }

  /// Where the piece stands in the example.
  private func known(_ piece: Int) -> Range<Int> {
    guard piece < pieces.count, pieces[piece].range.upperBound <= example.count else { return 0..<0 }
    return pieces[piece].range
  }

  // bounded: an index of slots
  private mutating func follow(_ index: Int, _ text: UnsafeRawBufferPointer) {
    guard slots[index].isWhole else { return }
    guard let value = GroupedNumber(in: text, at: 0, before: nil)?.step(in: text) else {
      return slots[index].isWhole = false
    }
    if let last = slots[index].last {
      if value > last { slots[index].rises &+= 1 }
      if value < last { slots[index].falls &+= 1 }
    }
    slots[index].last = value
  }

  func text(_ piece: Int) -> ArraySlice<UInt8> { example[known(piece)] }  // bounded: a range of it
}
