import TrackShim

/// Templates at work on a whole log, in the order in which they would stand in a file: whether each takes the lines of
/// its shape and gives their values, and which others it takes.
struct TemplateTrial {
  /// What is wrong with one.
  enum Fault: Equatable {
    case misses
    /// Another one is asked first and takes its lines.
    case isBehind(Int)
    /// It takes lines that are read well without it.
    case takesKnown
  }

  let templates: [LearnedTemplate]
  private(set) var faults: [Int: Fault] = [:]
  /// By template: how many lines it takes, those of its shape included.
  private(set) var taken: [Int]
  /// What the first of its lines would give.
  private(set) var examples: [(step: Int64?, metrics: [(key: String, json: String)])?]

  private var format: TemplateFormat
  private let numbers: [[UInt8]: Int]
  /// Shapes of lines that are read already, and that no template here is for.
  private let known: Set<[UInt8]>
  private let masks: WordMasks?
  private let names = MetricNames()
  private var found = Observations()
  private var shape = LineShape()

  /// nil when they are not what they were meant to be.
  init?(_ templates: [LearnedTemplate], known: Set<[UInt8]>, masks: WordMasks?) {
    let set = TemplateSet(Array(templates.map(\.text).joined(separator: [0x0A])), origin: "learned")
    guard set.complaints.isEmpty, set.templates.count == templates.count else { return nil }
    self.templates = templates
    self.known = known
    self.masks = masks
    format = TemplateFormat(set, stream: .standardOutput)
    numbers = Dictionary(templates.enumerated().map { ($1.key, $0) }) { first, _ in first }
    taken = [Int](repeating: 0, count: templates.count)
    examples = Array(repeating: nil, count: templates.count)
  }

  mutating func take(_ line: UnsafeRawBufferPointer) {
    found.removeAll()
    _ = format.understand(line, names: names, into: &found)
    if let match = format.lastMatch, taken.indices.contains(match) { taken[match] &+= 1 }
    let isOne = shape.take(line.withoutBlanks)
    guard isOne || format.lastMatch != nil else { return }
    let key = isOne ? masks?.mask(of: shape.key)?.key ?? shape.key : []
    if let own = numbers[key] {
      check(own, line.withoutBlanks)
    } else if let match = format.lastMatch, known.contains(key) {
      faults[match] = .takesKnown
    }
  }

  private mutating func check(_ own: Int, _ line: UnsafeRawBufferPointer) {
    guard templates.indices.contains(own), examples.indices.contains(own) else { return }
    guard let match = format.lastMatch else { return faults[own] = .misses }
    if match != own { return faults[own] = faults[own] ?? .isBehind(match) }
    let expected = templates[own].values(line, shape)
    let values = found.metrics.map(found.json)
    if values != expected.values || found.step != expected.step { return faults[own] = .misses }
    guard examples[own] == nil else { return }
    let metrics = zip(found.metrics, values).map { (names.name($0.name).asText, $1.asText) }
    examples[own] = (found.step, metrics)
  }
}
