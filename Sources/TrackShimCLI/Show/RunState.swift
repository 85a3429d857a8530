import Glibc
import TrackShim

/// How a run stands.
enum RunState: Equatable {
  case running(process: Int32)
  case finished
  case failed(code: Int32)
  /// No end is recorded and nobody holds the run.
  case crashed

  init(exit: ExitRecord?, owner: Int32?) {
    if let owner {
      self = .running(process: owner)
    } else if let exit {
      self = exit.exitCode == 0 ? .finished : .failed(code: exit.exitCode)
    } else {
      self = .crashed
    }
  }

  /// For machines.
  var name: String {
    switch self {
    case .running: "running"
    case .finished: "finished"
    case .failed: "failed"
    case .crashed: "crashed"
    }
  }

  var text: String {
    switch self {
    case .running(let process): process > 0 ? "running (process \(process))" : "running"
    case .finished: "finished, exit code 0"
    case .failed(let code): "failed, exit code \(code)"
    case .crashed: "crashed, exit not seen"
    }
  }

  var isRunning: Bool { if case .running = self { true } else { false } }
}

/// Brings a journal up to date before it is read.
struct JournalCare {
  private(set) var owner: Int32?
  private(set) var notes: [String] = []

  init(_ journal: String) {
    for _ in 0..<10 {
      do throws(Recovery.Failure) {
        if let result = try Recovery.recover(journal: journal) { notes.append(Self.text(result)) }
        return
      } catch {
        switch error {
        case .unusable(let reason):
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
    let bytes = result.recoveredBytes
    let what = bytes == 0 ? "nothing of its output was missing" : "the last \(bytes) bytes of its output were recovered"
    return "the process died before its journal was complete; it is now (\(what))"
  }
}
