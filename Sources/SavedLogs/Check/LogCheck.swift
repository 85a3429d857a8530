import TrackShim

/// Reads a saved log as a run would have, and tells line by line what came of it.
public struct LogCheck {
  public struct Line: Sendable {
    /// From 1.
    public var number: Int
    public var text: [UInt8]
    public var step: Int64?
    /// The log has no counter, so that rows are counted.
    public var isUncounted: Bool
    /// Names and JSON texts.
    public var metrics: [(key: String, json: String)]
    public var config: [(key: String, json: String)]
    /// The name of the rule that took it; nil: none did.
    public var rule: String?
    public var hasDigit: Bool
    /// A format's own, though it may say nothing: a row of a box that is not closed yet.
    public var isRecognised: Bool
    /// Why it gave nothing, if it has numbers.
    public var refusal: Refusal?
  }

  private var assembler = LineAssembler()
  private var sink: Sink
  /// What is wrong with the templates, a line each.
  public let complaints: [String]

  /// With the templates that the environment has, `TRACKSHIM_FORMAT` and `TRACKSHIM_FORMATS`.
  public init(environment: @escaping (String) -> String?, folder: String) {
    self.init(TemplateSources.read(from: SettingsSource(variable: environment, startDirectory: folder)))
  }

  init(_ templates: TemplateSet = TemplateSet()) {
    sink = Sink(reader: StreamReader(templates))
    complaints = templates.complaints
  }

  /// The lines that these bytes end.
  public mutating func feed(_ bytes: UnsafeRawBufferPointer) -> [Line] {
    assembler.feed(bytes, at: 0, into: &sink)
    return sink.take()
  }

  public mutating func finish() -> [Line] {
    assembler.finish(into: &sink)
    return sink.take()
  }

  private struct Sink: LineSink {
    var reader: StreamReader
    private let names = MetricNames()
    private var found = Observations()
    private var number = 0
    private var lines: [Line] = []

    init(reader: StreamReader) { self.reader = reader }

    mutating func console(_ chunk: UnsafeRawBufferPointer, at timestamp: Int64) {}

    mutating func line(_ bytes: UnsafeRawBufferPointer, at timestamp: Int64, cut: Bool) {
      number &+= 1
      found.removeAll()
      let isOurs = cut ? false : reader.understand(bytes, names: names, into: &found)
      let metrics = found.metrics.map { metric in
        (names.name(metric.name).asText, found.json(metric).asText)
      }
      lines.append(
        Line(
          number: number, text: Array(bytes), step: found.step, isUncounted: found.isUncounted, metrics: metrics,
          config: found.config.map { ($0.key.asText, $0.value.asText) },
          rule: found.isEmpty ? nil : reader.rule.map { "\($0)" }, hasDigit: bytes.contains { $0.isDigit },
          isRecognised: isOurs,
          refusal: cut ? .isCut : isOurs ? nil : reader.refusal))
    }

    mutating func take() -> [Line] {
      defer { lines.removeAll(keepingCapacity: true) }
      return lines
    }
  }
}
