/// Reads the lines that templates describe. The first template that matches has the line.
///
/// One value for each stream. An exclusion block begins and ends within its stream; where lines were lost it is over,
/// for its last line may be among them, and a run must not be silent for ever.
package struct TemplateFormat: LineFormat {
  /// Metrics that found no place in the run's names.
  private(set) var metricsRefused = 0
  /// Which of `templates` had the last line, for those who show it; nil when none had.
  package private(set) var lastMatch: Int?
  let templates: [Template]
  /// The same: handing one on counts one reference where a template of its own has many arrays to count.
  private let shared: [SharedTemplate]

  private let beginnings: TemplateBeginnings
  private let blocks: [ExclusionBlock]
  private var matcher = TemplateMatcher()
  /// The exclusion block that the lines are in.
  private var block: Int?
  /// The section that the lines are in.
  private var section: Int?
  private var numbers: TemplateMetricNumbers
  private var scratch: [UInt8] = [], json: [UInt8] = []

  package init(_ set: TemplateSet, stream: OutputStream) {
    let own: Settings.Streams = stream == .standardOutput ? .standardOutput : .standardError
    templates = set.templates.filter { $0.streams.contains(own) }
    shared = templates.map(SharedTemplate.init)
    beginnings = TemplateBeginnings(templates)
    blocks = set.blocks.filter { $0.from.streams.contains(own) }
    numbers = TemplateMetricNumbers(templates)
  }

  /// That none had the last line may be because of the digits of its numbers.
  private(set) var dependsOnDigits = false
  /// Of the section that the lines are in; 0: none.
  var sectionNumber: Int { section.map { $0 &+ 1 } ?? 0 }
  var isEmpty: Bool { templates.isEmpty && blocks.isEmpty }
  /// Lines are between those of an exclusion block.
  var isInsideBlock: Bool { block != nil }
  /// What was looked at so far, for the tests.
  var steps: Int { matcher.steps }

  mutating func loseTrack() {
    block = nil
    section = nil
  }

  package mutating func understand(
    _ line: UnsafeRawBufferPointer, names: MetricNames, into found: inout Observations
  ) -> Bool {
    lastMatch = nil
    guard !isEmpty else { return false }
    let line = line.withoutTrailingBlanks
    if isExcluded(line) { return true }
    guard let index = firstMatch(line) else { return false }
    lastMatch = index
    publish(index, line, names, &found)
    return true
  }

  /// What does not begin as the line does, nothing else fits that begins alike.
  // bounded: candidates are templates
  private mutating func firstMatch(_ line: UnsafeRawBufferPointer) -> Int? {
    // With the template that was tried last.
    var alike = 0
    dependsOnDigits = false
    var start = 0
    while start < line.count, line[start].isBlank { start &+= 1 }
    let head = EightBytes.load(line, start, min(start &+ 8, line.count))
    for candidate in beginnings.candidates(start < line.count ? line[start] : nil) {
      guard candidate.mayTake(line, from: start, head: head) else {
        // As if it had been tried, and not even its first part was there.
        if shared[candidate.template].lastDigits >= 0 { dependsOnDigits = true }
        alike = 0
        continue
      }
      alike = min(alike, candidate.shared)
      guard candidate.section == nil || candidate.section == section, alike <= matcher.matchedParts else { continue }
      if matcher.matches(shared[candidate.template].template, line, sharing: alike) { return candidate.template }
      // What came as far as behind its digits failed for something else.
      if matcher.matchedParts <= shared[candidate.template].lastDigits { dependsOnDigits = true }
      alike = Int.max
    }
    return nil
  }

  private mutating func isExcluded(_ line: UnsafeRawBufferPointer) -> Bool {
    if let inside = block, inside < blocks.count {
      if matcher.matches(blocks[inside].to, line) { block = nil }
      return true
    }
    for index in blocks.indices where matcher.matches(blocks[index].from, line) {
      block = index
      return true
    }
    return false
  }

  // MARK: What the line says

  private mutating func publish(
    _ index: Int, _ line: UnsafeRawBufferPointer, _ names: MetricNames, _ found: inout Observations
  ) {
    guard index < templates.count else { return }
    section = templates[index].opens ?? section
    for hole in templates[index].holes.indices {
      switch templates[index].holes[hole].kind {
      case .skip: break
      case .list: publishList(hole, index, line, names, &found)
      case .step: found.step = step(hole, plus: templates[index].stepOffset, line)
      case .metric: publishMetric(hole, index, line, names, &found)
      case .config, .text: publishConfig(hole, templates[index], line, &found)
      }
    }
  }

  /// A step before the first is the first.
  // bounded: neither is above 2^53
  private func step(_ hole: Int, plus offset: Int64, _ line: UnsafeRawBufferPointer) -> Int64? {
    guard let step = matcher.number(hole)?.step(in: line) else { return nil }
    return min(StepCount.largest, max(0, step &+ offset))
  }

  private mutating func publishMetric(
    _ hole: Int, _ index: Int, _ line: UnsafeRawBufferPointer, _ names: MetricNames, _ found: inout Observations
  ) {
    guard index < templates.count, hole < templates[index].holes.count, let number = matcher.number(hole) else {
      return
    }
    guard let name = numbers.number(of: hole, in: index, names) else {
      metricsRefused &+= 1
      return
    }
    json.removeAll(keepingCapacity: true)
    number.appendJSON(from: line, times: templates[index].holes[hole].factor, &scratch, to: &json)
    found.add(name, json)
  }

  private static let step = Array("step".utf8)

  /// Numbers that the line names. Of two with one name the first counts.
  private mutating func publishList(
    _ hole: Int, _ index: Int, _ line: UnsafeRawBufferPointer, _ names: MetricNames, _ found: inout Observations
  ) {
    var list = NumberList(line, from: matcher.range(hole).lowerBound)
    while let item = list.next() {
      let label = line.part(item.name.lowerBound, item.name.upperBound).map(\.lowercasedASCII)
      let key = LabelBook.key(label)
      // The name under which the run keeps printed steps where it must number rows itself.
      guard !key.isEmpty, key != Self.step else { continue }
      guard let name = names.number(of: (index < templates.count ? templates[index].prefix : []) + key) else {
        metricsRefused &+= 1
        continue
      }
      guard !found.has(name) else { continue }
      json.removeAll(keepingCapacity: true)
      item.number.appendJSON(from: line, times: nil, &scratch, to: &json)
      found.add(name, json)
    }
  }

  private mutating func publishConfig(
    _ hole: Int, _ template: Template, _ line: UnsafeRawBufferPointer, _ found: inout Observations
  ) {
    guard hole < template.holes.count, hole < template.names.count else { return }
    var value: [UInt8] = []
    if template.holes[hole].kind == .config {
      matcher.number(hole)?.appendJSON(from: line, times: nil, &scratch, to: &value)
    } else {
      let range = matcher.range(hole)
      value.appendJSONString(line.part(range.lowerBound, range.upperBound))
    }
    found.config.append(.init(key: template.names[hole], value: value))
  }
}

private final class SharedTemplate {
  let template: Template
  /// The last part that has `20` or `.5R:`, and not in a word: with other digits a line may be none of its lines. -1: none.
  let lastDigits: Int

  // bounded: parts are of the text
  init(_ template: Template) {
    self.template = template
    let last = template.parts.lastIndex { part in
      guard case .text(let range) = part else { return false }
      return range.contains { index in
        guard template.text[index].isDigit else { return false }
        let before = index > range.lowerBound ? template.text[index &- 1] : 0x20
        return !(before.isLetter || before.isDigit || before == 0x5F)
      }
    }
    lastDigits = last ?? -1
  }
}

/// Remembers the run's number of each metric, so that only the first line of a kind compares names.
struct TemplateMetricNumbers {
  private static let unknown = -1

  private var names: MetricNames?
  private var numbers: [Int]
  private let keys: [[UInt8]]
  /// Where those of each template begin.
  private let starts: [Int]

  init(_ templates: [Template]) {
    var starts: [Int] = []
    var keys: [[UInt8]] = []
    for template in templates {
      starts.append(keys.count)
      keys += template.names
    }
    self.starts = starts
    self.keys = keys
    numbers = [Int](repeating: Self.unknown, count: keys.count)
  }

  mutating func number(of hole: Int, in template: Int, _ names: MetricNames) -> Int? {
    if self.names !== names {
      self.names = names
      for index in numbers.indices { numbers[index] = Self.unknown }
    }
    guard template < starts.count else { return nil }
    let slot = starts[template] &+ hole
    guard slot < numbers.count, slot < keys.count else { return nil }
    if numbers[slot] == Self.unknown { numbers[slot] = names.number(of: keys[slot]) ?? Self.unknown }
    return numbers[slot] == Self.unknown ? nil : numbers[slot]
  }
}
