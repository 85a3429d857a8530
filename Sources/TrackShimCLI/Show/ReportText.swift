import TrackShim

/// A run for people.
struct ReportText {
  let report: RunReport
  let state: RunState
  let journal: String
  /// Nanoseconds.
  let duration: Int64?
  let damage: String?
  let server: ServerStanding
  let plotted: [String]
  let terminal: Terminal

  var text: String {
    let sections = [identity, configuration, metrics, plot].filter { !$0.isEmpty }
    return sections.map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
  }

  // MARK: Identity

  private var identity: [String] {
    let run = report.run
    let title = run.displayName.isEmpty ? run.runID : "\(run.displayName) (\(run.runID))"
    let facts = [
      ("project", run.project), ("entity", run.entity), ("sweep", run.sweepID), ("group", run.group),
      ("writer", run.shared?.label ?? ""),
      ("job type", run.jobType),
      ("tags", run.tags.joined(separator: ", ")), ("notes", run.notes), ("command", report.command),
      ("host", report.host), ("started", started), ("journal", journal), ("server", server.text),
      ("damage", damage ?? ""),
    ]
    let lines = facts.filter { !$0.1.isEmpty }.map { line($0.0, $0.1.printable) }
    return [heading(title.printable), line("state", terminal.painted(state.text, ink))] + lines
  }

  private var ink: Terminal.Ink? {
    switch state {
    case .running: nil
    case .finished: .good
    case .failed, .crashed: .bad
    }
  }

  private var started: String {
    guard let start = report.run.startTime else { return "" }
    let took = duration.map { (state.isRunning ? ", for " : ", took ") + Figure.duration(nanoseconds: $0) } ?? ""
    return Figure.date(nanoseconds: start) + took
  }

  private func heading(_ text: String) -> String { terminal.painted(text, .heading) }

  private func line(_ name: String, _ value: String, width: Int = 8) -> String {
    "  " + name.padded(to: width) + "  " + value
  }

  // MARK: Config and metrics

  private var configuration: [String] {
    // The command stands above.
    let items = report.config.filter { $0.key != "command" }.sorted { $0.key < $1.key }
    guard !items.isEmpty else { return [] }
    let names = items.map(\.key.printable)
    let width = names.map(\.count).filter { $0 <= 40 }.max() ?? 8
    let values = items.map { (JSONString.decode($0.value) ?? $0.value).printable }
    return [heading("config")] + zip(names, values).map { line($0, $1, width: width) }
  }

  private static let columns = ["points", "first", "last", "min", "max"]

  private var metrics: [String] {
    guard !report.metricNames.isEmpty else {
      return [heading("metrics"), "  none yet; \(report.consoleLines) console lines"]
    }
    let rows = [Self.columns] + report.metricNames.map { Self.cells(report.metrics[$0] ?? MetricTrace()) }
    let names = ["metrics"] + report.metricNames.map { "  " + $0.printable }
    let nameWidth = names.map(\.count).filter { $0 <= 40 }.max() ?? 0
    let widths = Self.columns.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    let lines = zip(names, rows).map { name, row in
      name.padded(to: nameWidth) + zip(row, widths).map { "  " + $0.aligned(right: $1) }.joined()
    }
    let counts = "  \(report.rows) rows, \(report.consoleLines) console lines"
    let read = LineFigures(summary: report.summary)?.text.map { [terminal.painted("  " + $0, .faint)] } ?? []
    return [heading(lines[0])] + lines.dropFirst() + [terminal.painted(counts, .faint)] + read
  }

  private static func cells(_ trace: MetricTrace) -> [String] {
    ["\(trace.points)"] + [trace.first, trace.last, trace.min, trace.max].map { Figure.text($0) }
  }

  // MARK: Plot

  private var plot: [String] {
    let names = plotted.isEmpty ? usual : plotted
    let series = names.compactMap { name in
      report.metrics[name].map { Plot.Series(name: name, curve: $0.curve) }
    }
    return Plot(series, terminal: terminal)?.lines ?? []
  }

  /// The losses, else what there is most of.
  private var usual: [String] {
    let losses = ["train_loss", "val_loss"].filter { report.metrics[$0] != nil }
    if !losses.isEmpty { return losses }
    let points = { (name: String) in report.metrics[name]?.points ?? 0 }
    // The first of equals, whatever `max` would choose.
    return report.metricNames.reversed().max { points($0) <= points($1) }.map { [$0] } ?? []
  }
}
