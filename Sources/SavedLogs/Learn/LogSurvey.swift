import TrackShim

/// Which shapes the lines of a log have, and which of them are read already.
struct LogSurvey {
  private(set) var table = ShapeTable()
  private var reader: StreamReader
  private let masks: WordMasks?
  private let names = MetricNames()
  private var found = Observations()
  private var shape = LineShape()
  private var number = 0
  /// Lines with numbers that have colours or control characters, which no template can be shown with.
  private(set) var unshowable = 0

  init(_ templates: TemplateSet, masks: WordMasks?) {
    reader = StreamReader(templates)
    self.masks = masks
  }

  mutating func take(_ line: UnsafeRawBufferPointer) {
    number &+= 1
    found.removeAll()
    // A heading, a line of a table or of a block that somebody has excluded says nothing, and is known all the same.
    let isKnown = reader.understand(line, names: names, into: &found) || !found.isEmpty
    let line = line.withoutBlanks
    guard shape.take(line) else {
      if shape.isUnshowable, !isKnown { unshowable &+= 1 }
      return
    }
    let mask = masks?.mask(of: shape.key)
    table.add(
      mask?.key ?? shape.key, line, shape, mask: mask?.piece, lineNumber: number, isUnderstood: isKnown)
  }
}

/// The whole lines of a log that is given in pieces.
enum LogLines {
  static func each<Failure: Error>(
    _ read: FormatLearning.Reading<Failure>, _ body: (UnsafeRawBufferPointer) -> Void
  ) throws(Failure) {
    var assembler = LineAssembler()
    try withoutActuallyEscaping(body) { body throws(Failure) in
      var sink = Sink(body: body)
      try read { assembler.feed($0, at: 0, into: &sink) }
      assembler.finish(into: &sink)
    }
  }

  private struct Sink: LineSink {
    let body: (UnsafeRawBufferPointer) -> Void

    mutating func console(_ chunk: UnsafeRawBufferPointer, at timestamp: Int64) {}

    /// A line that was cut is not the line that was printed.
    mutating func line(_ bytes: UnsafeRawBufferPointer, at timestamp: Int64, cut: Bool) {
      if !cut { body(bytes) }
    }
  }
}
