import Testing
import TrackShim

@testable import TrackShimCLI

struct RunReportTests {
  func report(_ contents: [Record.Content]) throws -> RunReport {
    var report = RunReport()
    for content in contents {
      var record = try Record([])
      record.content = content
      report.take(record)
    }
    return report
  }

  func output(_ text: String, _ stream: OutputStream = .standardOutput) -> Record.Content {
    var output = OutputRecord()
    output.text = text
    output.stream = stream
    return .output(output)
  }

  func row(_ items: [(String, String)]) -> Record.Content {
    var row = HistoryRecord()
    row.items = items.map { RecordItem(key: $0.0, json: $0.1) }
    return .history(row)
  }

  @Test func countsLinesWhereverRecordsCutThem() throws {
    let report = try report([
      output("a"), output("b\n"), output("err", .standardError), output("c\nd\n"), output("or\n", .standardError),
      output("open"),
    ])
    #expect(report.consoleLines == 5)
  }

  @Test func onlyNumbersAreMetrics() throws {
    let report = try report([
      row([
        ("_step", "5"), ("_timestamp", "12.5"), ("loss", "NaN"), ("bad", "Infinity"), ("text", "\"1\""),
        ("table", "{}"), ("flag", "true"), ("lr", "1e-3"),
      ])
    ])
    #expect(report.metricNames == ["loss", "bad", "lr"])
    #expect(report.rows == 1 && report.lastTime == 12_500_000_000)
    #expect(report.metrics["lr"]?.curve.steps == 5...5)
    #expect(report.metrics["bad"]?.max == .infinity)
  }

  @Test func laterRecordsUpdate() throws {
    var first = RunRecord()
    (first.runID, first.displayName, first.startTime) = ("id", "old", 1)
    first.config = [RecordItem(key: "a", json: "1"), RecordItem(key: "b", json: "2")]
    var second = RunRecord()
    second.displayName = "new"
    second.config = [RecordItem(key: "a", json: "3")]
    let report = try report([.run(first), .run(second)])
    #expect(report.run.runID == "id" && report.run.displayName == "new" && report.run.startTime == 1)
    #expect(report.config == ["a": "3", "b": "2"])
  }

  @Test func theTextNamesWhatMatters() throws {
    var run = RunRecord()
    (run.runID, run.displayName, run.project) = ("id", "a\u{1B}name", "p")
    let report = try report([.run(run), row([("_step", "0"), ("lr", "0.5")]), row([("_step", "1"), ("lr", "2")])])
    let text = ReportText(
      report: report, state: .crashed, journal: "/j", duration: nil, damage: "torn",
      server: ServerStanding(state: JournalSync.State()), plotted: [],
      terminal: Terminal(columns: 60, isColoured: false, isASCII: true)
    ).text
    #expect(text.hasPrefix("a?name (id)\n  state     crashed, exit not seen\n  project   p\n"))
    #expect(text.contains("damage    torn"))
    #expect(text.contains("  lr          2    0.5     2  0.5    2\n"))
    #expect(text.contains("* lr"))
  }
}
