/// One record of a `.wandb` journal, read from its payload (`LogReader` gives the payloads).
///
/// Fields this library does not know are passed over: newer writers may add them.
public struct Record: Equatable, Sendable {
  public enum Content: Equatable, Sendable {
    case header(HeaderRecord)
    case run(RunRecord)
    case telemetry(TelemetryRecord)
    case environment(EnvironmentRecord)
    case config(ConfigRecord)
    case files(FilesRecord)
    case output(OutputRecord)
    case history(HistoryRecord)
    case summary(SummaryRecord)
    case stats(StatsRecord)
    case metric(MetricRecord)
    case alert(AlertRecord)
    case exit(ExitRecord)
    /// A kind of record that TrackShim neither writes nor reads, by its field number.
    case other(Int)
  }

  /// Position in the journal, from 1; 0 if the writer gave none.
  public var number: Int64 = 0
  /// `nil` for a record that says nothing (W&B's own reader cannot take those).
  public var content: Content?

  public init(_ payload: [UInt8]) throws(WireError) {
    // The closure returns the outcome instead of throwing: withUnsafeBytes would lose the type.
    let result = payload.withUnsafeBytes { bytes in
      Result { () throws(WireError) in try Record(decoding: bytes) }
    }
    self = try result.get()
  }
}

extension Record {
  init(decoding payload: UnsafeRawBufferPointer) throws(WireError) {
    var reader = WireReader(payload)
    while let field = try reader.next() {
      if field.number == 1 {
        field.read(&number)
      } else if let bytes = field.bytes, let content = try Self.content(field.number, bytes) {
        self.content = content
      }
    }
  }

  private static func content(_ kind: Int, _ bytes: UnsafeRawBufferPointer) throws(WireError) -> Content? {
    switch kind {
    case HistoryRecord.recordField: .history(try HistoryRecord(decoding: bytes))
    case SummaryRecord.recordField: .summary(try SummaryRecord(decoding: bytes))
    case ConfigRecord.recordField: .config(try ConfigRecord(decoding: bytes))
    case FilesRecord.recordField: .files(try FilesRecord(decoding: bytes))
    case StatsRecord.recordField: .stats(try StatsRecord(decoding: bytes))
    case TelemetryRecord.recordField: .telemetry(try TelemetryRecord(decoding: bytes))
    case MetricRecord.recordField: .metric(try MetricRecord(decoding: bytes))
    case AlertRecord.recordField: .alert(try AlertRecord(decoding: bytes))
    case OutputRecord.recordField: .output(try OutputRecord(decoding: bytes))
    case RunRecord.recordField: .run(try RunRecord(decoding: bytes))
    case ExitRecord.recordField: .exit(try ExitRecord(decoding: bytes))
    case HeaderRecord.recordField: .header(try HeaderRecord(decoding: bytes))
    case EnvironmentRecord.recordField: .environment(try EnvironmentRecord(decoding: bytes))
    // output, artifact, tbrecord; final, footer, preempting; output_logger; request.
    case 4, 8, 9, 20, 22, 23, 27, 100: .other(kind)
    default: nil
    }
  }
}
