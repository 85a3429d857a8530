import TrackShim

/// The shapes of a log's lines. When the table is full, those that came seldom make room, the seldom ones of prose first:
/// so it has a bound, whatever the log is, and what a program prints all the time stays.
struct ShapeTable {
  static let limit = 4096

  private var numbers: [[UInt8]: Int] = [:]
  private(set) var records: [ShapeRecord] = []
  private(set) var keys: [[UInt8]] = []
  /// Lines of shapes that had to go.
  private(set) var forgotten = 0

  func number(of key: [UInt8]) -> Int? { numbers[key] }

  mutating func add(
    _ key: [UInt8], _ line: UnsafeRawBufferPointer, _ shape: LineShape, mask: Int? = nil, lineNumber: Int,
    isUnderstood: Bool
  ) {
    let index: Int
    if let known = numbers[key] {
      index = known
    } else {
      if records.count >= Self.limit { makeRoom() }
      index = records.count
      numbers[key] = index
      keys.append(key)
      records.append(ShapeRecord(line, shape, mask: mask, number: lineNumber))
    }
    guard records.indices.contains(index) else { return }
    records[index].add(line, shape, isUnderstood: isUnderstood)
  }

  /// Half of the places at least, so that it is done seldom.
  private mutating func makeRoom() {
    let counts = records.map(\.count).sorted()
    let bar = counts.dropFirst(counts.count / 2).first ?? 0
    let kept = zip(keys, records).filter { $0.1.count > bar }
    forgotten &+= records.reduce(0) { $1.count > bar ? $0 : $0 &+ $1.count }
    keys = kept.map(\.0)
    records = kept.map(\.1)
    numbers = [:]
    for (index, key) in keys.enumerated() { numbers[key] = index }
  }
}
