import SavedLogs
import TrackShim

/// A file of templates, with what each of them does in remarks; and what there is to say beside it.
struct LearnReport {
  /// Of a line that is shown.
  private static let width = 160

  let result: FormatLearning.Result
  /// As it was typed.
  let log: String
  let takesAll: Bool

  // MARK: The file

  var text: String {
    let source = log == "-" ? "standard input" : log.lastPathComponent.printable
    let head = """
      # Proposed by `trackshim learn` for the lines of \(source). In a file my.formats they are used with
      #   TRACKSHIM_FORMATS=my.formats

      """
    return head + result.proposals.map(section).joined()
  }

  private func section(_ proposal: FormatLearning.Proposal) -> String {
    let lines = proposal.lines == 1 ? "1 line" : "\(proposal.lines) lines"
    let step = proposal.step.map { "step \($0)" }
    let values = [step].compactMap { $0 } + proposal.metrics.map { "\($0.key)=\($0.json)" }
    let known = proposal.isUnderstood ? "# Read without it; take it only to change names.\n" : ""
    return """

      # \(lines); line \(proposal.exampleLine): \(Self.cut(proposal.example))
      # gives \(Self.cut(values.joined(separator: " ")))\(proposal.step == nil ? ", at the step that was printed last" : "")
      \(known)\(proposal.template)

      """
  }

  private static func cut(_ text: String) -> String {
    let shown = text.printable
    return shown.count > width ? shown.prefix(width) + "…" : shown
  }

  // MARK: Notes

  var notes: [String] {
    var notes = result.complaints
    if result.proposals.isEmpty { notes.append(nothing) }
    if result.leftOut > 0 {
      notes.append(
        "\(kinds(result.leftOut)) of lines left out: a file has at most 256 templates (--min asks for more lines)")
    }
    if result.failed > 0 {
      notes.append("\(kinds(result.failed)) of lines left out: no template takes them and nothing else")
    }
    if result.forgotten > 0 {
      notes.append(
        "the log has too many kinds of lines; those that came seldom, \(result.forgotten) lines, were not looked at")
    }
    if result.unshowable > 0 {
      notes.append(
        "lines with colours or control characters were not looked at (\(result.unshowable) that have numbers)")
    }
    return notes
  }

  private var nothing: String {
    let name = log == "-" ? "the log" : log.printable
    guard result.understood > 0, !takesAll else {
      return "\(name) has no lines that differ only in numbers"
    }
    return "\(name) has no lines that differ only in numbers, but for \(kinds(result.understood)) that "
      + "\(result.understood == 1 ? "is" : "are") read without a template (--all shows them)"
  }

  private func kinds(_ count: Int) -> String { count == 1 ? "1 kind" : "\(count) kinds" }
}
