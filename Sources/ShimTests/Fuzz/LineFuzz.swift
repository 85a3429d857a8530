import CTrackShim

@testable import TrackShim

/// What a program prints, from its bytes to its journal. Three control characters that mean nothing to us say what
/// happens between the pieces.
enum LineFuzz {
  private static let wakeUp: UInt8 = 0x1E
  private static let otherStream: UInt8 = 0x1D
  private static let endAndGoOn: UInt8 = 0x1C

  static func run(_ bytes: [UInt8]) throws {
    try piecesDoNotMatter(bytes.split(separator: wakeUp, omittingEmptySubsequences: false).map { Array($0) })
    var run = FuzzRun()
    var start = 0
    for (index, byte) in bytes.enumerated() where byte == wakeUp || byte == otherStream || byte == endAndGoOn {
      run.print(bytes[start..<index])
      start = index + 1
      if byte == wakeUp { run.wakeUp() }
      if byte == otherStream { run.changeStream() }
      if byte == endAndGoOn { run.finish(code: 0) }
    }
    run.print(bytes[start...])
    run.finish(code: 1)
    guard run.recorder.state == .running else { return }
    try check(FuzzRun.journal(), of: run)
  }

  // MARK: Pieces

  private static func piecesDoNotMatter(_ pieces: [[UInt8]]) throws {
    let whole = CollectedLines.of([Array(pieces.joined())])
    let parts = CollectedLines.of(pieces)
    try hold(whole.lines == parts.lines, "the pieces changed the lines")
    let shown = CollectedLines.of([parts.console])
    try TellingFuzz.check(whole.lines)
    if !whole.isCut { try hold(shown.visible == whole.visible, "the console log shows other lines") }
  }

  // MARK: The journal

  private static func check(_ journal: [UInt8], of run: FuzzRun) throws {
    var reader = LogReader(journal)
    var projection = RunProjection(acknowledged: RunProjection.Counts(), shift: StepShift())
    var numbers: Int64 = 0
    var lastStep: Int64 = -1
    var event = reader.next()
    while case .record(let payload) = event {
      let record = try Record(payload)
      numbers += 1
      try hold(record.number == numbers, "record \(numbers) has the number \(record.number)")
      if case .history(let row)? = record.content { try check(row, &lastStep, printed: run.lines) }
      projection.take(payload)
      event = reader.next()
    }
    try hold(event == .end, "the journal ends in \(event)")
    try checkLines(projection)
  }

  private static func check(_ row: HistoryRecord, _ lastStep: inout Int64, printed: [UInt8]) throws {
    // `84,000` is 84000.
    let ungrouped = printed.filter { $0 != 0x2C }
    for item in row.items where !item.key.hasPrefix("_") {
      let json = Array(item.json.utf8)
      try hold(json.withUnsafeBytes { JSONNumber.isNumber($0) }, "\(item.key) is \(item.json)")
      // Before any step is 0, whether it was printed or not.
      if item.key == "step", item.json == "0" { continue }
      guard json.first.map({ $0.isDigit || $0 == 0x2D }) ?? false, !item.json.hasSuffix("Infinity") else { continue }
      try hold(
        spellings(item.json).contains { printed.contains($0) || ungrouped.contains($0) },
        "nobody printed the \(item.json) of \(item.key)")
    }
    guard let step = row.items.last(where: { $0.key == "_step" }).flatMap({ Int64($0.json) }) else {
      throw Finding(description: "a row without a step")
    }
    try hold(step > lastStep, "step \(step) after \(lastStep)")
    lastStep = step
  }

  /// As it may have been printed: JSON has a digit on both sides of a point.
  private static func spellings(_ json: String) -> [[UInt8]] {
    let digits = json.hasPrefix("-") ? String(json.dropFirst()) : json
    var texts = [digits]
    if digits.hasPrefix("0.") { texts.append(String(digits.dropFirst())) }
    for text in texts {
      guard let point = text.firstIndex(of: "."), text[text.index(after: point)...].hasPrefix("0") else { continue }
      texts.append(String(text[...point]) + text[point...].dropFirst(2))
    }
    return (texts + [3, 6].compactMap { shortened(digits, by: $0) }).map { Array($0.utf8) }
  }

  /// 54100 as `54.1k` or `0.0541M` has it, without the letter.
  private static func shortened(_ digits: String, by places: Int) -> String? {
    let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
    guard let whole = parts.first, !whole.isEmpty, digits.allSatisfy({ $0.isNumber || $0 == "." }) else { return nil }
    let padded = String(repeating: "0", count: max(0, places + 1 - whole.count)) + whole
    var text = String(padded.dropLast(places)) + "." + padded.suffix(places) + parts.dropFirst().joined()
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text.hasPrefix("0.") ? String(text.dropFirst()) : text
  }

  private static func checkLines(_ projection: RunProjection) throws {
    var projection = projection
    let held = Array("[".utf8) + projection.history.bytes + Array("]".utf8)
    for line in JSONValue(held)?.elements ?? [] {
      try hold(JSONValue(line.text)?.isObject ?? false, "a line of the history is no object: \(line)")
    }
    try hold(JSONValue(held)?.elements.count == projection.history.held, "lines of the history are missing")
    try hold(JSONValue(projection.summary.json(projection.shift)) != nil, "the summary is no JSON")
    var number = -1
    for line in projection.console.takeChanges(includingOpen: true) {
      try hold(line.number == number + 1, "console line \(line.number) after \(number)")
      number = line.number
    }
  }
}

extension [UInt8] {
  /// Whether the other one is a part of this one.
  fileprivate func contains(_ other: [UInt8]) -> Bool {
    guard let first = other.first else { return true }
    var rest = self[...]
    while let start = rest.firstIndex(of: first) {
      rest = rest[start...]
      if rest.starts(with: other) { return true }
      rest = rest.dropFirst()
    }
    return false
  }
}
