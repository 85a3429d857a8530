/// A number as `PrintedNumber`, with separators between thousands as well: `84,000`.
package struct GroupedNumber: Equatable {
  /// More groups than this are a list, which no number of a metric is.
  private static let groupLimit = 12

  package let range: Range<Int>
  private let isGrouped: Bool
  /// The same where it stands in the line as it is; nil where commas are in it, or the template has its point.
  private let printed: PrintedNumber?

  /// The longest number at `start` behind which a template can go on: `next` is what it has there, if that is no
  /// blank. Before a comma there are no separators of thousands; before a point the number does not take it.
  package init?(in line: UnsafeRawBufferPointer, at start: Int, before next: UInt8?) {
    let group = next == .comma ? nil : Self.lastGroup(in: line, at: start)
    guard let number = PrintedNumber(in: line, at: group ?? start) else { return nil }
    var end = number.range.upperBound
    if next == .point, !(end < line.count && line[end] == .point) {
      // bounded: a part of the line in which a number was found
      end = line[(group ?? start)..<end].firstIndex(of: .point) ?? end
      guard PrintedNumber(in: line.part(0, end), at: group ?? start) != nil else { return nil }
    }
    range = start..<end
    isGrouped = group != nil
    printed = group == nil && end == number.range.upperBound ? number : nil
  }

  /// Where the last of `,ddd` has its digits, if the number has such groups and nothing else between its commas.
  private static func lastGroup(in line: UnsafeRawBufferPointer, at start: Int) -> Int? {
    var index = start
    if index < line.count, line[index] == 0x2D || line[index] == 0x2B { index &+= 1 }
    let first = index
    while index < line.count, line[index].isDigit, index &- first < 4 { index &+= 1 }
    guard (1...3).contains(index &- first), first < line.count, line[first] != 0x30 else { return nil }
    var last: Int?
    var groups = 0
    while index &+ 1 < line.count, line[index] == .comma, line[index &+ 1].isDigit {
      guard isGroup(line, at: index &+ 1), groups < groupLimit else { return nil }
      last = index &+ 1
      index &+= 4
      groups &+= 1
    }
    return last
  }

  private static func isGroup(_ line: UnsafeRawBufferPointer, at start: Int) -> Bool {
    guard start &+ 3 <= line.count else { return false }
    let hasDigits = line[start].isDigit && line[start &+ 1].isDigit && line[start &+ 2].isDigit
    return hasDigits && !(start &+ 3 < line.count && line[start &+ 3].isDigit)
  }

  // MARK: Its value

  /// As a step: a whole number without a sign.
  package func step(in line: UnsafeRawBufferPointer) -> Int64? {
    var value: Int64 = 0
    for byte in line.part(range.lowerBound, range.upperBound) where byte != .comma {
      guard byte.isDigit, value <= StepCount.largest else { return nil }
      // bounded: 2^53 times 10 and a digit
      value = value &* 10 &+ Int64(byte &- 0x30)
    }
    return value <= StepCount.largest ? value : nil
  }

  /// Appends the JSON text; `scratch` is room that is used again.
  package func appendJSON(
    from line: UnsafeRawBufferPointer, times factor: ScaleFactor?, _ scratch: inout [UInt8], to text: inout [UInt8]
  ) {
    if factor == nil, let printed { return printed.appendJSON(from: line, to: &text) }
    guard isGrouped || factor != nil else {
      PrintedNumber(in: line.part(0, range.upperBound), at: range.lowerBound)?.appendJSON(from: line, to: &text)
      return
    }
    scratch.removeAll(keepingCapacity: true)
    for byte in line.part(range.lowerBound, range.upperBound) where byte != .comma { scratch.append(byte) }
    let start = text.count
    scratch.withUnsafeBytes { PrintedNumber(in: $0, at: 0)?.appendJSON(from: $0, to: &text) }
    guard let factor, let value = Self.double(text[start...]) else { return }
    text.removeSubrange(start...)
    text.appendDouble(factor.scaled(value))
  }

  /// Of JSON text and W&B's bare words. A text of more than 15 bytes is allocated for the moment.
  private static func double(_ json: ArraySlice<UInt8>) -> Double? { Double(String(decoding: json, as: UTF8.self)) }
}
