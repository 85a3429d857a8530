import Glibc
import TrackShim

/// Brings a journal up to date before it is read.
struct JournalCare {
  private(set) var owner: Int32?
  private(set) var notes: [String] = []
  /// What the process left is still where it was.
  private(set) var hasFailed = false

  init(_ journal: String) {
    let settings = LaunchSettings(startDirectory: FileAccess.workingDirectory, variable: Variable.value)
    for _ in 0..<10 {
      do throws(Recovery.Failure) {
        if let result = try Recovery.recover(journal: journal, settings: settings) { notes.append(Self.text(result)) }
        return
      } catch {
        switch error {
        case .unusable(let reason):
          hasFailed = true
          notes.append("what the process left could not be recovered: \(reason.printable)")
          return
        case .ownerLives(let process):
          owner = process
          // Else it is another `trackshim`, which recovers the run just now.
          if process <= 0 || kill(process, 0) == 0 || errno != ESRCH { return }
          usleep(100_000)
        }
      }
      owner = nil
    }
  }

  private static func text(_ result: Recovery.Result) -> String {
    if result.isEmpty { return "the process died before anything was recorded" }
    let bytes = result.recoveredBytes
    let what = bytes == 0 ? "nothing of its output was missing" : "the last \(bytes) bytes of its output were recovered"
    return "the process died before its journal was complete; it is now (\(what))"
  }
}
