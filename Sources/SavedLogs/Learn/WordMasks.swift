import TrackShim

/// Shapes that are equal but for one word: a file's name, a class, a worker. They become one shape, in which the word is
/// skipped, where there are too many of them to be told apart by it and no number has its name from it.
struct WordMasks {
  /// `train`, `val` and `test` are different things.
  static let fewest = 4

  /// By the key of a shape, the key of the one that it belongs to, and which of its pieces is skipped.
  private var masks: [[UInt8]: (key: [UInt8], piece: Int)] = [:]

  // bounded: as in a dictionary
  func mask(of key: [UInt8]) -> (key: [UInt8], piece: Int)? { masks[key] }

  var isEmpty: Bool { masks.isEmpty }

  init(_ table: ShapeTable) {
    var groups: [[UInt8]: [(index: Int, piece: Int)]] = [:]
    for (index, record) in table.records.enumerated() {
      let numbers = record.slots.indices.filter { record.isNumber(record.slots[$0]) }
      let naming = Set(numbers.flatMap { HoleNames.namingWords(record, $0) })
      for piece in record.pieces.indices where record.pieces[piece].kind == .word && !naming.contains(piece) {
        groups[Self.key(record, without: piece), default: []].append((index, piece))
      }
    }
    let order = groups.filter { $0.value.count >= Self.fewest }
      .sorted { ($0.value.count, $1.key.count) > ($1.value.count, $0.key.count) }
    for (key, members) in order {
      let free = members.filter { table.keys.indices.contains($0.index) && masks[table.keys[$0.index]] == nil }
      guard free.count >= Self.fewest else { continue }
      for member in free where table.keys.indices.contains(member.index) {
        masks[table.keys[member.index]] = (key, member.piece)
      }
    }
  }

  private static func key(_ record: ShapeRecord, without masked: Int) -> [UInt8] {
    var key: [UInt8] = []
    for index in record.pieces.indices {
      switch record.pieces[index].kind {
      case .number: key.append(LineShape.numberByte)
      case .token: key.append(LineShape.tokenByte)
      case .blank: key.append(0x20)
      case .word where index == masked: key.append(LineShape.maskByte)
      case .word, .mark: key.append(contentsOf: record.text(index))
      }
    }
    return key
  }
}
