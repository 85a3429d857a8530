@testable import SavedLogs
@testable import TrackShim

/// What is read of each line of a text: `step 3: loss=0.5 lr=1e-4`, `next: loss=0.5`, `-` for nothing.
func saidLines(_ text: String) -> [String] {
  var check = LogCheck()
  let lines = Array(text.utf8).withUnsafeBytes { check.feed($0) } + check.finish()
  return lines.map { line in
    guard line.step != nil || !line.metrics.isEmpty else { return "-" }
    let step = line.step.map { "step \($0)" } ?? "next"
    return ([step + ":"] + line.metrics.map { "\($0.key)=\($0.json)" }).joined(separator: " ")
  }
}
