import TrackShim

/// What is known of a run on the server, without asking it.
struct ServerStanding: Equatable {
  let state: JournalSync.State
  var rows = 0
  var consoleLines = 0
  var isRunning = false

  var isOnServer: Bool { state.isComplete || state.isSentByOfficialClient }

  /// Empty for a run that never went there.
  var text: String {
    if state.isComplete { return state.page }
    if state.isSentByOfficialClient {
      return (state.hasBegun ? state.page + ", " : "") + "sent by W&B's own client"
    }
    guard state.hasBegun else { return "" }
    return "\(state.page) (\(left)\(isRunning ? "" : "; `trackshim sync` sends the rest"))"
  }

  private var left: String {
    let missing = [(rows - state.rows, "row"), (consoleLines - state.consoleLines, "console line")].filter { $0.0 > 0 }
    if missing.isEmpty { return isRunning ? "all of it so far" : "its end is missing" }
    let counts = missing.map { "\($0) \($1)\($0 == 1 ? "" : "s")" }.joined(separator: " and ")
    return "\(counts) \(isRunning ? "to go" : "missing")"
  }
}
