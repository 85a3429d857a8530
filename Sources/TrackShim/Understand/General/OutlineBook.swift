/// What lines of a outline are made of. A program prints lines of few outlines: for all but the first two of each, taking
/// the line apart is finding where its numbers stand.
struct OutlineBook {
  private struct Entry {
    var hash: UInt64
    var sample: [UInt8]
    var runs: [LineOutline.Run]
    var reading: LineReading
    var places: [Int]
    /// Where the message begins behind the logger's prefix, and how many runs of digits are before it.
    var start: Int
  }

  /// Powers of two: places are found by the lower bits of the outline's hash.
  private static let size = 512
  private static let memory = 1_024

  private var entries: [Entry?] = []
  /// Outlines that were seen once: free text has as many as lines, and is not worth a place.
  private var seen: [UInt64] = []

  /// To be called when places of labels are given up.
  mutating func clear() {
    entries = []
    seen = []
  }

  /// Fills in what the line is made of. Returns where its message begins; nil: the outline is not known.
  // bounded: the tables have as many places as are asked for, and `find` compares the runs' counts
  mutating func recall(
    _ outline: LineOutline, _ line: UnsafeRawBufferPointer, into reading: inout LineReading, _ places: inout [Int]
  ) -> Int? {
    let place = Int(truncatingIfNeeded: outline.hash) & (Self.size &- 1)
    guard place < entries.count, let start = entries[place]?.start, isSame(place, outline, line) else { return nil }
    entries.withUnsafeBufferPointer { entries in
      guard let entry = entries[place] else { return }
      places.removeAll(keepingCapacity: true)
      places.append(contentsOf: entry.places)
      Self.restore(entry, outline.runs, &reading)
    }
    return Self.moved(start, entries[place]?.runs ?? [], outline.runs)
  }

  private func isSame(_ place: Int, _ outline: LineOutline, _ line: UnsafeRawBufferPointer) -> Bool {
    entries.withUnsafeBufferPointer { entries in
      guard place < entries.count, let entry = entries[place] else { return false }
      return entry.hash == outline.hash && Self.isSame(entry, outline.runs, line)
    }
  }

  /// Byte by byte: a hash is no proof.
  private static func isSame(_ entry: Entry, _ runs: [LineOutline.Run], _ line: UnsafeRawBufferPointer) -> Bool {
    guard entry.runs.count == runs.count else { return false }
    return entry.sample.withUnsafeBytes { sample in
      var old = 0, new = 0
      for (known, run) in zip(entry.runs, runs) {
        guard known.kind == run.kind, known.start &- old == run.start &- new,
          sample.part(old, known.start).elementsEqual(line.part(new, run.start))
        else { return false }
        old = known.end
        new = run.end
      }
      return sample.part(old, sample.count).elementsEqual(line.part(new, line.count))
    }
  }

  private static func restore(_ entry: Entry, _ runs: [LineOutline.Run], _ reading: inout LineReading) {
    reading.clear()
    reading.strayWords = entry.reading.strayWords
    reading.strayNumbers = entry.reading.strayNumbers
    reading.unnamedValues = entry.reading.unnamedValues
    reading.isProgressOfBatches = entry.reading.isProgressOfBatches
    reading.isCall = entry.reading.isCall
    reading.tellsOfFiles = entry.reading.tellsOfFiles
    reading.progress = entry.reading.progress.map { moved($0, entry.runs, runs) }
    reading.leading = entry.reading.leading.moved { moved($0, entry.runs, runs) }
    for field in entry.reading.fields {
      var field = field
      field.number = moved(field.number, entry.runs, runs)
      reading.fields.append(field)
    }
  }

  private static func moved(_ token: LineToken, _ old: [LineOutline.Run], _ new: [LineOutline.Run]) -> LineToken {
    var token = token
    token.start = moved(token.start, old, new)
    token.end = moved(token.end, old, new)
    token.unitEnd = moved(token.unitEnd, old, new)
    return token
  }

  /// A place that is in no run, or at the end of one, is as far behind the last run before it as in the sample.
  // bounded: both have as many runs
  private static func moved(_ place: Int, _ old: [LineOutline.Run], _ new: [LineOutline.Run]) -> Int {
    var last = -1
    while last &+ 1 < old.count, old[last &+ 1].end <= place { last &+= 1 }
    return last >= 0 && last < new.count ? place &- old[last].end &+ new[last].end : place
  }

  /// Keeps what a line of this outline is made of, if it was seen before and holds for others.
  // bounded: the tables are made before they are asked
  mutating func learn(
    _ outline: LineOutline, _ line: UnsafeRawBufferPointer, _ reading: LineReading, _ places: [Int], start: Int
  ) {
    if seen.isEmpty { seen = [UInt64](repeating: 0, count: Self.memory) }
    let mark = Int(truncatingIfNeeded: outline.hash >> 16) & (Self.memory &- 1)
    guard seen[mark] == outline.hash else {
      seen[mark] = outline.hash
      return
    }
    guard Self.holds(reading, outline.runs) else { return }
    if entries.isEmpty { entries = [Entry?](repeating: nil, count: Self.size) }
    let place = Int(truncatingIfNeeded: outline.hash) & (Self.size &- 1)
    entries[place] = Entry(
      hash: outline.hash, sample: Array(line), runs: outline.runs, reading: reading, places: places, start: start)
  }

  /// Names have none of the digits that change.
  private static func holds(_ reading: LineReading, _ runs: [LineOutline.Run]) -> Bool {
    reading.fields.allSatisfy { field in
      runs.allSatisfy { run in
        !overlaps(field.label, run) && !overlaps(field.heading, run) && !overlaps(field.unit, run)
      }
    }
  }

  private static func overlaps(_ range: Range<Int>, _ run: LineOutline.Run) -> Bool {
    run.start < range.upperBound && range.lowerBound < run.end
  }
}
