/// Settings that a program prints before it trains, one `key: value` or `key = value` a line. They become the
/// config with the first metric; of a program that reports none nobody asks.
struct SettingBlock {
  private static let limit = 1_000
  private static let longest = 200
  /// What stands so far down is none of the settings.
  private static let mostLines = 20_000
  private var lines = 0

  /// The first metric has come.
  private(set) var isOver = false
  /// Those of them that have numbers.
  private(set) var numericLines = 0
  private var waitingHasNumber = false
  private var entries: [Observations.ConfigEntry] = []
  /// A single line may be anything: it counts when its neighbour is another.
  private var waiting: Observations.ConfigEntry?
  private(set) var isInside = false

  /// What lines say does not matter any more.
  var isDone: Bool { isOver || isFull && !isInside }

  private var isFull: Bool { entries.count >= Self.limit || lines >= Self.mostLines }

  mutating func take(_ line: UnsafeRawBufferPointer) {
    guard !isOver, !isFull else {
      isInside = false
      return
    }
    lines &+= 1
    guard let entry = Self.entry(line) else {
      waiting = nil
      isInside = false
      return
    }
    let hasNumber = EightBytes.nextDigit(in: line, from: 0) < line.count
    defer { waitingHasNumber = hasNumber }
    if isInside {
      entries.append(entry)
      if hasNumber { numericLines &+= 1 }
    } else if let first = waiting {
      entries.append(first)
      entries.append(entry)
      waiting = nil
      isInside = true
      numericLines &+= (hasNumber ? 1 : 0) &+ (waitingHasNumber ? 1 : 0)
    } else {
      waiting = entry
    }
  }

  /// Of a box with names and values.
  mutating func add(_ name: [UInt8], _ value: [UInt8]) {
    let key = LabelBook.key(name)
    guard !isOver, entries.count < Self.limit, !key.isEmpty else { return }
    entries.append(.init(key: key, value: value.withUnsafeBytes { ConfigValue.json(of: $0) }))
  }

  mutating func end(into found: inout Observations) {
    guard !isOver else { return }
    isOver = true
    found.config.append(contentsOf: entries)
    entries = []
    waiting = nil
  }

  private static func entry(_ line: UnsafeRawBufferPointer) -> Observations.ConfigEntry? {
    guard line.count <= longest, let link = line.first(0x3A, or: 0x3D) else { return nil }
    var name = line.part(0, link).withoutBlanks
    // `[config] lr: 0.1`
    if name.first == 0x5B, let close = name.firstIndex(of: 0x5D) {
      name = name.part(close &+ 1, name.count).withoutBlanks
    }
    let value = line.part(link &+ 1, line.count).withoutBlanks
    guard let first = name.first, first.isLetter || first == 0x2D || first == 0x5F || first == 0x22 else { return nil }
    guard !value.isEmpty, isName(name), isValue(value) else { return nil }
    let key = LabelBook.key(name.map(\.lowercasedASCII))
    return key.isEmpty ? nil : .init(key: key, value: ConfigValue.json(of: value))
  }

  /// At most four words.
  private static func isName(_ name: UnsafeRawBufferPointer) -> Bool {
    let isPlain = name.allSatisfy {
      $0.isLetter || $0.isDigit || $0 == 0x5F || $0 == 0x2D || $0 == 0x2E || $0 == 0x20 || $0 == 0x2F || $0 == 0x28
        || $0 == 0x29
    }
    return isPlain && name.split(separator: 0x20).count <= 4
  }

  /// A word or a few; not a sentence.
  private static func isValue(_ value: UnsafeRawBufferPointer) -> Bool {
    value.first != 0x2F && value.split(separator: 0x20).count <= 3 && value.last != 0x2E
  }
}
