/// What lines of an outline are made of. A program prints lines of few outlines: for all but the first two of each, taking
/// the line apart is finding where its numbers stand.
struct OutlineBook {
  /// Never changed: the state of a run's end is a copy of the reader, and shares it.
  private final class Entry {
    let hash: UInt64
    let sample: [UInt8]
    let runs: [LineOutline.Run]
    let reading: LineReading
    /// Where the numbers of its fields are.
    let numbers: [NumberPlace]
    /// Those of the labels.
    let places: [Int]
    /// Where the message begins behind the logger's prefix.
    let start: Place

    init(_ outline: LineOutline, _ line: UnsafeRawBufferPointer, _ reading: LineReading, _ places: [Int], start: Int) {
      hash = outline.hash
      sample = Array(line)
      runs = outline.runs
      var reading = reading
      // bounded: an index of theirs
      for index in reading.fields.indices {
        reading.fields[index].isVerbatim = reading.fields[index].isPrintedAsJSON(in: line)
      }
      self.reading = reading
      numbers = reading.fields.map { field in
        NumberPlace(
          start: Place(field.number.start, outline.runs), end: Place(field.number.end, outline.runs),
          unitEnd: Place(field.number.unitEnd, outline.runs))
      }
      self.places = places
      self.start = Place(start, outline.runs)
    }
  }

  private struct NumberPlace {
    var start: Place
    var end: Place
    var unitEnd: Place
  }

  /// A place that is in no run, or at the end of one, is as far behind the last run before it as in the sample.
  private struct Place {
    private let place: Int
    /// Of the last run before it; -1: none.
    private let run: Int
    private let distance: Int

    // bounded: `run` is of `runs`
    init(_ place: Int, _ runs: [LineOutline.Run]) {
      var last = -1
      while last &+ 1 < runs.count, runs[last &+ 1].end <= place { last &+= 1 }
      self.place = place
      run = last
      distance = last >= 0 ? place &- runs[last].end : 0
    }

    @inline(__always) func moved(_ runs: [LineOutline.Run]) -> Int {
      run >= 0 && run < runs.count ? runs[run].end &+ distance : place
    }
  }

  /// Powers of two: places are found by the lower bits of the outline's hash.
  private static let size = 512
  private static let memory = 1_024

  private var entries: [Entry?] = []
  /// In which section of theirs, plus one, no preset had lines of the entry's outline; 0: nobody knows. What presets look
  /// for are words and numbers, never a number's digits.
  private var sectionsWithoutPreset: [Int] = []
  /// Outlines that were seen once: free text has as many as lines, and is not worth a place.
  private var seen: [UInt64] = []

  /// To be called when places of labels are given up.
  mutating func clear() {
    entries = []
    sectionsWithoutPreset = []
    seen = []
  }

  /// Where what is known of this outline stands; nil: it is not known.
  // bounded: the tables have as many places as are asked for, and `isSame` compares the runs' counts
  func place(of outline: LineOutline, _ line: UnsafeRawBufferPointer) -> Int? {
    let place = Int(truncatingIfNeeded: outline.hash) & (Self.size &- 1)
    guard place < entries.count, let entry = entries[place], entry.hash == outline.hash,
      Self.isSame(entry, outline.runs, line)
    else { return nil }
    return place
  }

  func isWithoutPreset(_ place: Int, in section: Int) -> Bool {
    place < sectionsWithoutPreset.count && sectionsWithoutPreset[place] == section &+ 1
  }

  mutating func setWithoutPreset(_ place: Int, in section: Int) {
    if place < sectionsWithoutPreset.count { sectionsWithoutPreset[place] = section &+ 1 }
  }

  /// Fills in what the line is made of, by what stands at `place`. Returns where its message begins.
  // bounded: `place` is one of `place(of:_:)`
  func recall(_ place: Int, _ outline: LineOutline, into reading: inout LineReading, _ places: inout [Int]) -> Int? {
    guard place < entries.count, let entry = entries[place], entry.runs.count == outline.runs.count else { return nil }
    places.removeAll(keepingCapacity: true)
    places.append(contentsOf: entry.places)
    Self.restore(entry, outline.runs, &reading)
    return entry.start.moved(outline.runs)
  }

  /// Byte by byte: a hash is no proof.
  private static func isSame(_ entry: Entry, _ runs: [LineOutline.Run], _ line: UnsafeRawBufferPointer) -> Bool {
    guard entry.runs.count == runs.count else { return false }
    return entry.sample.withUnsafeBytes { sample in
      var old = 0, new = 0
      for (known, run) in zip(entry.runs, runs) {
        guard known.kind == run.kind, known.start &- old == run.start &- new,
          sample.part(old, known.start).isSame(as: line.part(new, run.start))
        else { return false }
        old = known.end
        new = run.end
      }
      return sample.part(old, sample.count).isSame(as: line.part(new, line.count))
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
    reading.leadsWithLabel = entry.reading.leadsWithLabel
    reading.epoch = entry.reading.epoch.map { moved($0, entry.runs, runs) }
    reading.progress = entry.reading.progress.map { moved($0, entry.runs, runs) }
    reading.leading = entry.reading.leading.moved { moved($0, entry.runs, runs) }
    for (field, place) in zip(entry.reading.fields, entry.numbers) {
      reading.fields.append(field)
      let last = reading.fields.count &- 1
      reading.fields[last].number.start = place.start.moved(runs)
      reading.fields[last].number.end = place.end.moved(runs)
      reading.fields[last].number.unitEnd = place.unitEnd.moved(runs)
    }
  }

  private static func moved(_ token: LineToken, _ old: [LineOutline.Run], _ new: [LineOutline.Run]) -> LineToken {
    var token = token
    token.start = Place(token.start, old).moved(new)
    token.end = Place(token.end, old).moved(new)
    token.unitEnd = Place(token.unitEnd, old).moved(new)
    return token
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
    if entries.isEmpty {
      entries = [Entry?](repeating: nil, count: Self.size)
      sectionsWithoutPreset = [Int](repeating: 0, count: Self.size)
    }
    let place = Int(truncatingIfNeeded: outline.hash) & (Self.size &- 1)
    entries[place] = Entry(outline, line, reading, places, start: start)
    sectionsWithoutPreset[place] = 0
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

extension UnsafeRawBufferPointer {
  /// Eight bytes at a time.
  // bounded: both have `count` bytes
  fileprivate func isSame(as other: UnsafeRawBufferPointer) -> Bool {
    guard count == other.count else { return false }
    var index = 0
    while index &+ 8 <= count {
      let one = loadUnaligned(fromByteOffset: index, as: UInt64.self)
      if one != other.loadUnaligned(fromByteOffset: index, as: UInt64.self) { return false }
      index &+= 8
    }
    while index < count {
      if self[index] != other[index] { return false }
      index &+= 1
    }
    return true
  }
}
