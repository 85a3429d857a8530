import CTrackShim

/// The name that git would give to a file's contents.
struct GitContents {
  /// As they are.
  let id: [UInt8]
  /// With LF for each CR LF, which is all that git does to text; nil where there is none.
  let idOfText: [UInt8]?

  private static let piece = 65_536

  /// Nil where the file is not read as a whole: within the budget, and of the size that it is said to have.
  static func read(_ file: Int32, size: UInt64, _ budget: inout GitBudget) -> GitContents? {
    var pairs: UInt64 = 0
    guard let id = sum(file, size, to: size, pairs: &pairs, asText: false, &budget) else { return nil }
    guard pairs > 0 else { return GitContents(id: id, idOfText: nil) }
    var again: UInt64 = 0
    let text = sum(file, size, to: size &- pairs, pairs: &again, asText: true, &budget)
    guard let text, again == pairs else { return nil }
    return GitContents(id: id, idOfText: text)
  }

  /// Of `size` bytes, of which `named` are those that count.
  @inline(never)
  private static func sum(
    _ file: Int32, _ size: UInt64, to named: UInt64, pairs: inout UInt64, asText: Bool, _ budget: inout GitBudget
  ) -> [UInt8]? {
    let sum = SHA1()
    sum.update(GitObject.header("blob", size: Int(clamping: named)))
    var offset: UInt64 = 0
    var endsWithReturn = false
    while true {
      // One byte more than there should be, to see that there is none.
      var bytes = Files.read(file, at: offset, size: piece)
      guard !bytes.isEmpty else { break }
      offset &+= UInt64(bytes.count)
      guard offset <= size, budget.take(bytes: UInt64(bytes.count)) else { return nil }
      let endedWithReturn = endsWithReturn
      endsWithReturn = bytes.last == Control.carriageReturn
      pairs &+= Self.pairs(in: bytes, after: endedWithReturn)
      if asText { bytes = text(of: bytes, after: endedWithReturn) }
      sum.update(bytes)
    }
    if asText, endsWithReturn { sum.update([Control.carriageReturn]) }
    return offset == size ? sum.finish() : nil
  }

  private static func pairs(in bytes: [UInt8], after endedWithReturn: Bool) -> UInt64 {
    bytes.withUnsafeBytes { bytes in
      var count: UInt64 = endedWithReturn && bytes.first == Control.lineFeed ? 1 : 0
      var start = 0
      while let index = bytes.part(start, bytes.count).first(Control.carriageReturn) {
        start &+= index &+ 1
        if start < bytes.count, bytes[start] == Control.lineFeed { count &+= 1 }
      }
      return count
    }
  }

  /// A CR at the end of a piece is written with the next one, if it stays.
  private static func text(of bytes: [UInt8], after endedWithReturn: Bool) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count &+ 1)
    var isReturn = endedWithReturn
    for byte in bytes {
      if isReturn, byte != Control.lineFeed { text.append(Control.carriageReturn) }
      isReturn = byte == Control.carriageReturn
      if !isReturn { text.append(byte) }
    }
    return text
  }
}
