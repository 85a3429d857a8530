/// For each first byte of a line the templates that can have such a line: of most templates a line costs nothing. Those
/// that begin alike are not begun anew for each.
struct TemplateBeginnings {
  struct Candidate: Equatable {
    let template: Int
    /// That it needs; nil: it is read everywhere.
    let section: Int?
    /// So many parts are also those that the candidate before it begins with.
    let shared: Int
    /// Of the text that its lines begin with: up to eight bytes, and where they count.
    let head: UInt64
    let headMask: UInt64
    /// Of those that begin with a number: the first byte behind it that is no blank, or a blank where one must be there;
    /// nil: that is not known.
    let behindNumber: UInt8?

    /// False where no more than the line's first bytes are needed to tell that it is none of its lines.
    // bounded: looked at below the count
    func mayTake(_ line: UnsafeRawBufferPointer, from start: Int, head bytes: UInt64) -> Bool {
      guard (head ^ bytes) & headMask == 0 else { return false }
      guard let behindNumber, start < line.count, line[start].isDigit else { return true }
      let end = EightBytes.endOfDigits(in: line, from: start)
      guard end < line.count else { return false }
      let byte = line[end]
      // The number may go on.
      if byte.isLetter || byte == .point || byte == 0x2C || byte == 0x27 || byte == 0x5F || byte == 0x25 { return true }
      if behindNumber == 0x20 { return byte.isBlank }
      return line.part(end, line.count).first { !$0.isBlank } == behindNumber
    }
  }

  /// In their order; one list for each byte, and those that share a list share its memory.
  private let lists: [[Candidate]]
  /// Of a line that is empty.
  private let anywhere: [Candidate]

  init(_ templates: [Template]) {
    let beginnings = templates.map(Self.beginning)
    func list(_ isTaken: (Beginning) -> Bool) -> [Candidate] {
      Self.connected(beginnings.indices.filter { isTaken(beginnings[$0]) }, templates)
    }
    let anywhere = list { $0 == .any }
    let ofNumbers = list { $0 == .any || $0 == .number }
    let own = Set(beginnings)
    self.anywhere = anywhere
    lists = (UInt8.min...UInt8.max).map { byte in
      let isOfNumber = Self.mayBeginNumber(byte)
      guard own.contains(.byte(byte)) else { return isOfNumber ? ofNumbers : anywhere }
      return list { $0 == .any || $0 == .byte(byte) || isOfNumber && $0 == .number }
    }
  }

  // bounded: a byte
  func candidates(_ first: UInt8?) -> [Candidate] {
    guard let first, Int(first) < lists.count else { return anywhere }
    return lists[Int(first)]
  }

  // bounded: indices are those of the templates
  private static func connected(_ indices: [Int], _ templates: [Template]) -> [Candidate] {
    var before: Template?
    return indices.map { index in
      let template = templates[index]
      defer { before = template }
      let head = template.head
      return Candidate(
        template: index, section: template.section, shared: before.map { $0.sharedParts(with: template) } ?? 0,
        head: head.withUnsafeBytes { EightBytes.load($0, 0, $0.count) },
        headMask: [UInt8](repeating: 0xFF, count: head.count).withUnsafeBytes { EightBytes.load($0, 0, $0.count) },
        behindNumber: template.behindFirstNumber)
    }
  }

  private enum Beginning: Hashable {
    case byte(UInt8)
    case number
    case any
  }

  // bounded: a hole's part has its place among the holes
  private static func beginning(_ template: Template) -> Beginning {
    guard let segment = template.segments.first, !segment.isFloating, let first = template.parts.first else {
      return .any
    }
    switch first {
    case .text(let range): return template.text.dropFirst(range.lowerBound).first.map { .byte($0) } ?? .any
    case .hole(let hole) where template.holes.indices.contains(hole):
      switch template.holes[hole].kind {
      case .step, .metric, .config: return .number
      case .text, .skip, .list: return .any
      }
    default: return .any
    }
  }

  /// Digits, a sign, a point, `nan` and `inf`.
  private static func mayBeginNumber(_ byte: UInt8) -> Bool {
    let letter = byte.lowercasedASCII
    return byte.isDigit || byte == 0x2D || byte == 0x2B || byte == .point || letter == 0x6E || letter == 0x69
  }
}

extension Template {
  /// What its lines begin with, if that is text: no more than eight bytes.
  // bounded: ranges are parts of the text
  fileprivate var head: [UInt8] {
    guard let segment = segments.first, !segment.isFloating, case .text(let range)? = parts.first else { return [] }
    return Array(text[range].prefix(8))
  }

  // bounded: ranges are parts of the text
  fileprivate var behindFirstNumber: UInt8? {
    guard let segment = segments.first, !segment.isFloating, segment.parts.count > 1,
      case .hole(let hole)? = parts.first, holes.indices.contains(hole)
    else { return nil }
    let rest = parts[segment.parts].dropFirst()
    switch (holes[hole].kind, rest.first, rest.dropFirst().first) {
    case (.text, _, _), (.skip, _, _), (.list, _, _): return nil
    case (_, .text(let range), _), (_, .anyBlanks, .text(let range)): return text.dropFirst(range.lowerBound).first
    case (_, .blanks, _): return 0x20
    default: return nil
    }
  }

  /// How many parts of their beginnings are the same: whatever the line, both take them alike.
  fileprivate func sharedParts(with other: Template) -> Int {
    guard let own = segments.first, let others = other.segments.first, !own.isFloating, !others.isFloating else {
      return 0
    }
    var count = 0
    while count < own.parts.count, count < others.parts.count, takesAlike(parts[count], other, other.parts[count]) {
      count &+= 1
    }
    return count
  }

  // bounded: ranges are parts of the texts, holes have their places
  private func takesAlike(_ part: Part, _ other: Template, _ others: Part) -> Bool {
    switch (part, others) {
    case (.text(let own), .text(let theirs)): return text[own] == other.text[theirs]
    case (.hole(let own), .hole(let theirs)):
      let hole = holes[own], their = other.holes[theirs]
      return own == theirs && hole.kind.isLike(their.kind) && text[hole.stop] == other.text[their.stop]
    default: return part == others
    }
  }
}

extension Template.Hole.Kind {
  fileprivate func isLike(_ other: Self) -> Bool {
    self == other || self == .metric && other == .config || self == .config && other == .metric
  }
}
