/// For each first byte of a line the templates that can have such a line: of most templates a line costs nothing.
struct TemplateBeginnings {
  /// In their order; one list for each byte, and those that share a list share its memory.
  private let lists: [[UInt16]]
  /// Of a line that is empty.
  private let anywhere: [UInt16]

  init(_ templates: [Template]) {
    let beginnings = templates.map(Self.beginning)
    func list(_ isTaken: (Beginning) -> Bool) -> [UInt16] {
      beginnings.indices.filter { isTaken(beginnings[$0]) }.compactMap { UInt16(exactly: $0) }
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
  func candidates(_ first: UInt8?) -> [UInt16] {
    guard let first, Int(first) < lists.count else { return anywhere }
    return lists[Int(first)]
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
