@testable import TrackShim

/// A journal as a reader sees it.
struct JournalContents {
  private(set) var records: [Record.Content] = []
  private(set) var numbers: [Int64] = []
  /// How it ended: `.end` in a journal that is whole.
  private(set) var last: LogReader.Event

  init(_ file: [UInt8]) throws {
    var reader = LogReader(file)
    last = reader.next()
    while case .record(let payload) = last {
      let record = try Record(payload)
      numbers.append(record.number)
      if let content = record.content { records.append(content) }
      last = reader.next()
    }
  }

  init(_ path: String) throws { try self.init(Files.read(path, limit: 32 << 20)) }

  /// Nothing is missing, and the records are numbered from 1.
  var isWhole: Bool { last == .end && numbers == (0..<numbers.count).map { Int64($0) + 1 } && !numbers.isEmpty }

  var history: [HistoryRecord] {
    records.compactMap { if case .history(let row) = $0 { row } else { nil } }
  }

  /// The rows without their times.
  var rows: [[String: String]] {
    history.map { Self.dictionary($0.items.filter { $0.key != "_timestamp" && $0.key != "_runtime" }) }
  }

  var config: [RecordItem] {
    records.compactMap { if case .config(let config) = $0 { config.items } else { nil } }.flatMap { $0 }
  }

  var summaries: [[String: String]] {
    records.compactMap { if case .summary(let summary) = $0 { Self.dictionary(summary.items) } else { nil } }
  }

  /// All summaries, later ones over earlier ones.
  var summary: [String: String] { summaries.reduce(into: [:]) { all, next in all.merge(next) { $1 } } }

  var exits: [ExitRecord] {
    records.compactMap { if case .exit(let exit) = $0 { exit } else { nil } }
  }

  var endsInExit: Bool { if case .exit? = records.last { true } else { false } }

  var outputs: [OutputRecord] {
    records.compactMap { if case .output(let output) = $0 { output } else { nil } }
  }

  func text(_ stream: OutputStream) -> String {
    outputs.filter { $0.stream == stream }.map(\.text).joined()
  }

  private static func dictionary(_ items: [RecordItem]) -> [String: String] {
    Dictionary(items.map { ($0.key, $0.json) }, uniquingKeysWith: { $1 })
  }
}
