import TrackShim

/// A run as one JSON document.
struct ReportJSON {
  let report: RunReport
  let state: RunState
  let journal: String
  /// Nanoseconds.
  let duration: Int64?
  let damage: String?
  let server: ServerStanding

  var text: String {
    let run = report.run
    return object([
      ("path", StrictJSON.string(journal)),
      ("id", StrictJSON.string(run.runID)),
      ("name", StrictJSON.string(run.displayName)),
      ("project", StrictJSON.string(run.project)),
      ("entity", StrictJSON.string(run.entity)),
      ("sweep", StrictJSON.string(run.sweepID)),
      ("group", StrictJSON.string(run.group)),
      ("writer", run.shared.map { StrictJSON.string($0.label) } ?? "null"),
      ("jobType", StrictJSON.string(run.jobType)),
      ("notes", StrictJSON.string(run.notes)),
      ("tags", "[" + run.tags.map(StrictJSON.string).joined(separator: ",") + "]"),
      ("host", StrictJSON.string(report.host)),
      ("command", StrictJSON.string(report.command)),
      ("startedAt", run.startTime.map(seconds) ?? "null"),
      ("duration", duration.map(seconds) ?? "null"),
      ("state", StrictJSON.string(state.name)),
      ("exitCode", report.exit.map { "\($0.exitCode)" } ?? "null"),
      ("damage", damage.map(StrictJSON.string) ?? "null"),
      ("page", server.state.page.isEmpty ? "null" : StrictJSON.string(server.state.page)),
      ("isOnServer", "\(server.isOnServer)"),
      ("rows", "\(report.rows)"),
      ("consoleLines", "\(report.consoleLines)"),
      ("config", values(report.config)),
      ("summary", values(report.summary)),
      ("metrics", object(report.metricNames.map { ($0, metric($0)) }, indent: "  ")),
    ]) + "\n"
  }

  private func seconds(_ nanoseconds: Int64) -> String { StrictJSON.number(Double(nanoseconds / 1_000_000) / 1e3) }

  private func values(_ values: [String: String]) -> String {
    object(values.sorted { $0.key < $1.key }.map { ($0.key, StrictJSON.value($0.value)) }, indent: "  ")
  }

  private func metric(_ name: String) -> String {
    guard let trace = report.metrics[name] else { return "null" }
    let values = [("first", trace.first), ("last", trace.last), ("min", trace.min), ("max", trace.max)]
    let items = ["\"points\": \(trace.points)"] + values.map { "\"\($0)\": \(StrictJSON.number($1))" }
    return "{" + items.joined(separator: ", ") + "}"
  }

  private func object(_ items: [(String, String)], indent: String = "") -> String {
    if items.isEmpty { return "{}" }
    let lines = items.map { "\(indent)  \(StrictJSON.string($0)): \($1)" }
    return "{\n" + lines.joined(separator: ",\n") + "\n\(indent)}"
  }
}
