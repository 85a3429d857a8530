/// A list of numbers that the line itself names, as `{=}` takes it: `loss=0.5, acc: 91%, lr = 1e-4`.
///
/// It ends before the first thing that is no such number: a word, `time=1 minute`, `size=1.2k`; and after
/// `Template.holeLimit` of them.
struct NumberList {
  struct Item {
    let name: Range<Int>
    let number: GroupedNumber
  }

  private let line: UnsafeRawBufferPointer
  private var count = 0
  /// Where the last item ended.
  private(set) var end: Int
  /// How far it was looked.
  private(set) var position: Int

  init(_ line: UnsafeRawBufferPointer, from start: Int) {
    self.line = line
    end = start
    position = start
  }

  mutating func next() -> Item? {
    guard count < Template.holeLimit else { return nil }
    count &+= 1
    position = end
    skip { $0.isBlank || $0 == .comma || $0 == 0x3B || $0 == 0x7C }
    guard let name = takeName(), let number = GroupedNumber(in: line, at: position, before: .comma) else { return nil }
    position = number.range.upperBound
    if position < line.count, line[position] == .percent { position &+= 1 }
    guard isEndOfItem(at: position) else { return nil }
    end = position
    return Item(name: name, number: number)
  }

  private mutating func skip(_ isSkipped: (UInt8) -> Bool) {
    while position < line.count, isSkipped(line[position]) { position &+= 1 }
  }

  /// With the sign that joins it to its number.
  private mutating func takeName() -> Range<Int>? {
    let start = position
    guard start < line.count, line[start].isWordByte, !line[start].isDigit else { return nil }
    skip { $0.isWordByte || $0 == .point || $0 == 0x2F || $0 == 0x2D || $0 == 0x40 }
    let name = start..<position
    skip { $0.isBlank }
    guard position < line.count, line[position] == 0x3D || line[position] == 0x3A else { return nil }
    position &+= 1
    skip { $0.isBlank }
    return name
  }

  /// What follows does not belong to the number: nothing, a comma, another item.
  private func isEndOfItem(at start: Int) -> Bool {
    guard start < line.count else { return true }
    if line[start] == .comma || line[start] == 0x3B || line[start] == 0x7C { return true }
    guard line[start].isBlank else { return line[start] == 0x29 || line[start] == 0x5D || line[start] == 0x7D }
    var rest = self
    rest.position = start
    rest.skip { $0.isBlank }
    guard rest.position < line.count, line[rest.position].isWordByte else { return true }
    return rest.takeName() != nil
  }
}
