#if TSI_BENCH
  /// Lines as a run reads them, and nothing else: what `make bench` takes the time of.
  package struct ReadingSpeed {
    private struct Sink: LineSink {
      var reader = StreamReader()
      let names = MetricNames()
      var found = Observations()
      var values = 0
      var lines = 0

      mutating func console(_ chunk: UnsafeRawBufferPointer, at timestamp: Int64) {}

      mutating func line(_ bytes: UnsafeRawBufferPointer, at timestamp: Int64, cut: Bool) {
        lines &+= 1
        found.removeAll()
        if !cut { _ = reader.understand(bytes, names: names, into: &found) }
        values &+= found.metrics.count
      }

      mutating func text(_ bytes: UnsafeRawBufferPointer, at timestamp: Int64) {
        guard reader.pass(bytes) else { return line(bytes, at: timestamp, cut: false) }
        lines &+= 1
      }
    }

    private var assembler = LineAssembler()
    private var sink = Sink()

    package init() {}

    package var lines: Int { sink.lines }
    package var values: Int { sink.values }

    package mutating func read(_ bytes: UnsafeRawBufferPointer) { assembler.feed(bytes, at: 0, into: &sink) }
  }
#endif
