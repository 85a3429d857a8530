/// Names and values one below the other in a box, whose step may stand at its end:
///
///     ------------------------------
///     | rollout/        |          |
///     |    ep_rew_mean  | 21.6     |
///     | time/           |          |
///     |    total_timesteps | 2048  |
///     ------------------------------
///
/// So they are kept until the box is closed. What follows an open box that was never closed has cost it its values.
struct KeyValueBox {
  struct Entry {
    var name: [UInt8]
    /// What the rows below `rollout/` belong to; empty: nothing.
    var group: [UInt8]
    var value: [UInt8]
    var counter: Words.Counter?
    var isResult = false
  }

  enum Event {
    case notOurs, row
    /// The entries are whole.
    case closed
  }

  private static let limit = 200
  private static let longest = 200

  private(set) var entries: [Entry] = []
  private var group: [UInt8] = []
  private(set) var lostRows = 0
  /// The line before was a border, or a row.
  private(set) var isOpen = false

  mutating func take(_ line: UnsafeRawBufferPointer) -> Event {
    guard let first = line.first, Self.canBegin(first) else { return interrupt() }
    if Self.isBorder(line) {
      group = []
      let isClosed = isOpen && !entries.isEmpty
      if !isClosed { entries = [] }
      isOpen = true
      return isClosed ? .closed : .notOurs
    }
    guard isOpen, let (name, value) = Self.cells(line), entries.count < Self.limit else { return interrupt() }
    if value.isEmpty {
      group = name.last == 0x2F ? Array(name) : []
    } else {
      entries.append(Self.entry(name, value, group))
    }
    return .row
  }

  mutating func clear() { entries.removeAll(keepingCapacity: true) }

  private mutating func interrupt() -> Event {
    if isOpen {
      isOpen = false
      lostRows &+= entries.count
      entries = []
    }
    return .notOurs
  }

  /// What the box says is a report: it counts, or has what training measures.
  func isReport(hasReported: Bool) -> Bool {
    let hasResult = entries.contains { $0.isResult }
    return hasResult || (hasReported && entries.contains { $0.counter != nil })
  }

  private static func entry(
    _ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer, _ group: [UInt8]
  ) -> Entry {
    let text = name.map(\.lowercasedASCII)
    let words = text.split { !($0.isLetter || $0.isDigit || $0 == 0x5F) }.map(Array.init)
    let counter = words.count <= 2 ? words.last.flatMap { Words.counter($0) } : nil
    let isResult =
      words.contains { Words.isResult($0) } || text.split { !$0.isLetter }.contains { Words.isResult(Array($0)) }
    return Entry(
      name: text, group: group.map(\.lowercasedASCII), value: Array(value), counter: counter, isResult: isResult)
  }

  static func canBegin(_ byte: UInt8) -> Bool {
    byte == 0x7C || byte == 0x2D || byte == 0x2B || byte == 0x3D || byte == 0xE2
  }

  private static func isBorder(_ line: UnsafeRawBufferPointer) -> Bool {
    line.count >= 8 && line.count <= longest &* 4
      && line.allSatisfy { isOfBorder($0) }
  }

  /// Also of U+2500 to U+257F.
  static func isOfBorder(_ byte: UInt8) -> Bool {
    byte == 0x7C || byte == 0x2D || byte == 0x2B || byte == 0x3D || byte >= 0x80
  }

  /// Exactly two between bars.
  private static func cells(_ line: UnsafeRawBufferPointer) -> (UnsafeRawBufferPointer, UnsafeRawBufferPointer)? {
    guard line.count >= 5, line.count <= longest &* 2, line.first == 0x7C, line.last == 0x7C else { return nil }
    let inside = line.part(1, line.count &- 1)
    guard let bar = inside.firstIndex(of: 0x7C) else { return nil }
    let value = inside.part(bar &+ 1, inside.count).withoutBlanks
    let name = inside.part(0, bar).withoutBlanks
    guard !name.isEmpty, !value.contains(0x7C) else { return nil }
    return (name, value)
  }
}
