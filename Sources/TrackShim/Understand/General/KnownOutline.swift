/// What the lines of an outline are made of: how its first line was read, and where the numbers of the others are.
///
/// Never changed: the state of a run's end is a copy of the reader, and shares it.
final class KnownOutline {
  /// The sample's.
  let outline: LineOutline
  let sample: [UInt8]
  /// All bits of the bytes that are digits of its numbers.
  let free: [UInt8]
  /// The runs of digits that the outline knows something of.
  let counted: [LineOutline.Run]
  let reading: LineReading
  /// Where the numbers of its fields are.
  let numbers: [NumberPlace]
  /// Those of the labels.
  let places: [Int]
  /// Where the message begins behind the logger's prefix.
  let start: Place

  init(_ outline: LineOutline, _ line: UnsafeRawBufferPointer, _ reading: LineReading, _ places: [Int], start: Int) {
    self.outline = outline
    sample = Array(line)
    var free = [UInt8](repeating: 0, count: line.count)
    for run in outline.runs {
      for index in run.start..<max(run.start, run.end) where index < free.count { free[index] = 0xFF }
    }
    self.free = free
    counted = outline.runs.filter { $0.kind != 0 }
    var reading = reading
    // bounded: an index of theirs
    for index in reading.fields.indices {
      reading.fields[index].isVerbatim = reading.fields[index].isPrintedAsJSON(in: line)
    }
    self.reading = reading
    numbers = reading.fields.map { NumberPlace($0.number, outline.runs) }
    self.places = places
    self.start = Place(start, outline.runs)
  }

  var runs: [LineOutline.Run] { outline.runs }

  /// The line, whose outline is `other`, has this one. A hash is no proof.
  func isOutline(_ other: LineOutline, of line: UnsafeRawBufferPointer) -> Bool {
    guard other.hash == outline.hash, other.runs.count == runs.count else { return false }
    return sample.withUnsafeBytes { sample in
      var old = 0, new = 0
      for (known, run) in zip(runs, other.runs) {
        guard known.kind == run.kind, known.start &- old == run.start &- new,
          EightBytes.areSame(sample, old, line, new, count: known.start &- old)
        else { return false }
        old = known.end
        new = run.end
      }
      let rest = sample.count &- old
      return rest == line.count &- new && EightBytes.areSame(sample, old, line, new, count: rest)
    }
  }

  /// What a line of this outline is made of, whose digits stand in `new`.
  func restore(_ new: [LineOutline.Run], into restored: inout LineReading) {
    restored.clear()
    restored.strayWords = reading.strayWords
    restored.strayNumbers = reading.strayNumbers
    restored.unnamedValues = reading.unnamedValues
    restored.isProgressOfBatches = reading.isProgressOfBatches
    restored.isCall = reading.isCall
    restored.tellsOfFiles = reading.tellsOfFiles
    restored.leadsWithLabel = reading.leadsWithLabel
    restored.epoch = reading.epoch.map { moved($0, new) }
    restored.progress = reading.progress.map { moved($0, new) }
    restored.leading = reading.leading.moved { moved($0, new) }
    for (field, place) in zip(reading.fields, numbers) {
      var field = field
      field.number = place.moved(field.number, new)
      restored.fields.append(field)
    }
  }

  private func moved(_ token: LineToken, _ new: [LineOutline.Run]) -> LineToken {
    NumberPlace(token, runs).moved(token, new)
  }
}

extension KnownOutline {
  /// A place that is in no run, or at the end of one, is as far behind the last run before it as in the sample.
  struct Place {
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

  struct NumberPlace {
    let start: Place
    let end: Place
    let unitEnd: Place

    init(_ number: LineToken, _ runs: [LineOutline.Run]) {
      start = Place(number.start, runs)
      end = Place(number.end, runs)
      unitEnd = Place(number.unitEnd, runs)
    }

    @inline(__always) func moved(_ number: LineToken, _ runs: [LineOutline.Run]) -> LineToken {
      var number = number
      number.start = start.moved(runs)
      number.end = end.moved(runs)
      number.unitEnd = unitEnd.moved(runs)
      return number
    }
  }
}
