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
