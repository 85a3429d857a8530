/// Holds a line against a template, from left to right.
///
/// Within a segment there is one way only: text is compared, a number is the longest, a word ends where the text
/// begins that the template has next. A segment that floats is taken where it fits first, and when a later one does
/// not fit, no other place would help it: it would leave less of the line. So a line costs at most its length times the
/// template's, whatever it is. What could cost more, a word that is looked through from many places, is remembered.
///
/// Nothing is allocated: the room for `Template.holeLimit` holes is made once.
struct TemplateMatcher {
  /// A word hole has been looked through from `start`, and ends at `end`: so it does from everywhere between.
  private struct WordScan {
    var attempt: UInt64 = 0
    var start = 0
    var end = 0
    /// Of a list: how far was looked for more of it.
    var reached = 0
  }

  /// Longer words are no settings.
  private static let textLimit = 1024

  private var ranges = [Range<Int>](repeating: 0..<0, count: Template.holeLimit)
  private var numbers = [GroupedNumber?](repeating: nil, count: Template.holeLimit)
  private var scans = [WordScan](repeating: WordScan(), count: Template.holeLimit)
  private var attempt: UInt64 = 0
  /// Where the first parts ended of what was tried last, if it is not looked for.
  private var ends = [Int](repeating: 0, count: Template.holeLimit)
  /// How many of its first segment's parts were there.
  private(set) var matchedParts = 0
  /// Where the segment's first part ended that was tried last.
  private var firstPartEnd = 0
  /// How many bytes and parts were looked at, for the tests.
  private(set) var steps = 0

  /// What stands in a hole; of the last line that matched.
  func range(_ hole: Int) -> Range<Int> { ranges.indices.contains(hole) ? ranges[hole] : 0..<0 }
  func number(_ hole: Int) -> GroupedNumber? { numbers.indices.contains(hole) ? numbers[hole] : nil }

  /// `line` is without blanks at its end. The first parts may be `shared` with the template that was tried last, on
  /// the same line; no more than it had there.
  mutating func matches(_ template: Template, _ line: UnsafeRawBufferPointer, sharing shared: Int = 0) -> Bool {
    attempt &+= 1
    matchedParts = min(shared, ends.count)
    var position = matchedParts > 0 ? ends[matchedParts &- 1] : skipBlanks(line, from: 0)
    for index in template.segments.indices {
      let segment = template.segments[index]
      let isLast = index &+ 1 == template.segments.count
      let toEnd = isLast && !template.isOpenEnded
      guard let end = place(segment, template, line, from: position, toEnd: toEnd) else { return false }
      position = end
    }
    return !template.segments.isEmpty || template.isOpenEnded
  }

  private mutating func place(
    _ segment: Template.Segment, _ template: Template, _ line: UnsafeRawBufferPointer, from start: Int, toEnd: Bool
  ) -> Int? {
    guard segment.isFloating else {
      guard let end = takeFirst(segment, template, line, at: start) else { return nil }
      return toEnd && end < line.count ? nil : end
    }
    var position = start
    while let candidate = nextStart(segment, template, line, from: position) {
      firstPartEnd = candidate
      if let end = take(segment, template, line, at: candidate), !toEnd || end == line.count { return end }
      // What begins within a number that did not fit would only be a part of it.
      position = max(candidate &+ 1, beginsWithNumber(segment, template) ? firstPartEnd : 0)
    }
    return nil
  }

  // MARK: Where a segment may begin

  private func beginsWithNumber(_ segment: Template.Segment, _ template: Template) -> Bool {
    guard segment.parts.lowerBound < template.parts.count else { return false }
    if case .hole = template.parts[segment.parts.lowerBound] { return true }
    return false
  }

  private mutating func nextStart(
    _ segment: Template.Segment, _ template: Template, _ line: UnsafeRawBufferPointer, from start: Int
  ) -> Int? {
    var index = start
    defer { steps &+= index &- start }
    guard segment.parts.lowerBound < template.parts.count else { return nil }
    guard case .text(let range) = template.parts[segment.parts.lowerBound] else {
      while index < line.count, !line.canBeginNumber(at: index) { index &+= 1 }
      return index < line.count ? index : nil
    }
    guard range.lowerBound < template.text.count else { return nil }
    let first = template.text[range.lowerBound]
    while true {
      index = line.next(first, from: index)
      guard index < line.count else { return nil }
      if !segment.startsWord || line.isWordStart(at: index) { return index }
      index &+= 1
    }
  }

  // MARK: Parts

  /// As below, of the line's beginning.
  private mutating func takeFirst(
    _ segment: Template.Segment, _ template: Template, _ line: UnsafeRawBufferPointer, at start: Int
  ) -> Int? {
    var position = start
    for index in segment.parts.dropFirst(matchedParts) where index < template.parts.count {
      steps &+= 1
      guard let end = take(template.parts[index], template, line, at: position) else { return nil }
      position = end
      if matchedParts < ends.count { ends[matchedParts] = end }
      matchedParts &+= 1
    }
    return position
  }

  /// Where the segment ends if it begins at `start`.
  private mutating func take(
    _ segment: Template.Segment, _ template: Template, _ line: UnsafeRawBufferPointer, at start: Int
  ) -> Int? {
    var position = start
    for index in segment.parts where index < template.parts.count {
      steps &+= 1
      guard let end = take(template.parts[index], template, line, at: position) else { return nil }
      position = end
      if index == segment.parts.lowerBound { firstPartEnd = end }
    }
    return position
  }

  private mutating func take(
    _ part: Template.Part, _ template: Template, _ line: UnsafeRawBufferPointer, at start: Int
  ) -> Int? {
    switch part {
    case .text(let range): return line.has(template.text, range, at: start, &steps) ? start &+ range.count : nil
    case .anyBlanks: return skipBlanks(line, from: start)
    case .blanks:
      let end = skipBlanks(line, from: start)
      return end > start ? end : nil
    case .wordEnd: return line.isWordEnd(at: start) ? start : nil
    case .hole(let index): return take(hole: index, template, line, at: start)
    }
  }

  private mutating func skipBlanks(_ line: UnsafeRawBufferPointer, from start: Int) -> Int {
    var index = start
    while index < line.count, line[index].isBlank { index &+= 1 }
    steps &+= index &- start
    return index
  }

  private mutating func take(
    hole index: Int, _ template: Template, _ line: UnsafeRawBufferPointer, at start: Int
  ) -> Int? {
    guard index < template.holes.count, index < ranges.count else { return nil }
    let hole = template.holes[index]
    let end: Int? =
      switch hole.kind {
      case .skip, .text: wordEnd(index, hole.stop, template, line, from: start)
      case .list: listEnd(index, line, from: start)
      case .step, .metric, .config: numberEnd(index, hole, template, line, from: start)
      }
    guard let end, end > start, hole.kind != .text || end &- start <= Self.textLimit else { return nil }
    ranges[index] = start..<end
    return end
  }

  // bounded: the caller has seen that the hole has room; `stop` is a part of the text
  private mutating func numberEnd(
    _ index: Int, _ hole: Template.Hole, _ template: Template, _ line: UnsafeRawBufferPointer, from start: Int
  ) -> Int? {
    let next = hole.stop.isEmpty ? nil : template.text[hole.stop.lowerBound]
    guard let number = GroupedNumber(in: line, at: start, before: next) else { return nil }
    let end = number.range.upperBound
    steps &+= end &- start
    numbers[index] = number
    if hole.kind == .step { return number.step(in: line) == nil ? nil : end }
    // The sign behind a percentage says nothing that the name does not.
    return end < line.count && line[end] == .percent && next != .percent ? end &+ 1 : end
  }

  /// Where the list ends, or `start` where there is none. From within what was looked through it is the same.
  // bounded: the caller has seen that the hole has room
  private mutating func listEnd(_ index: Int, _ line: UnsafeRawBufferPointer, from start: Int) -> Int {
    let known = scans[index]
    if known.attempt == attempt, start >= known.start, start < known.reached {
      return start < line.count && line[start].isDigit ? start : max(start, known.end)
    }
    var list = NumberList(line, from: start)
    while list.next() != nil {}
    steps &+= 2 &* (list.position &- start)
    scans[index] = WordScan(attempt: attempt, start: start, end: list.end, reached: list.position)
    return list.end
  }

  /// Where the blank is, the end, or the text that the template has next.
  // bounded: the caller has seen that the hole has room
  private mutating func wordEnd(
    _ index: Int, _ stop: Range<Int>, _ template: Template, _ line: UnsafeRawBufferPointer, from start: Int
  ) -> Int {
    let known = scans[index]
    if known.attempt == attempt, start >= known.start, start <= known.end { return known.end }
    var end = start
    while end < line.count, !line[end].isBlank {
      if !stop.isEmpty, line.has(template.text, stop, at: end, &steps) { break }
      end &+= 1
    }
    steps &+= end &- start
    scans[index] = WordScan(attempt: attempt, start: start, end: end)
    return end
  }
}
