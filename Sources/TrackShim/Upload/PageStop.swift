import CTrackShim

/// What follows when somebody presses Stop on the run's page: the program gets SIGINT, as W&B's own client
/// interrupts its script.
///
/// A program that SIGINT kills says no goodbye, so the run's end is brought to the server before. What is printed
/// meanwhile waits, since it would move the end again and again; it goes into the journal just before the signal.
struct PageStop {
  /// What W&B's own client reports of a run that was stopped so.
  private static let code: Int32 = 255

  private enum Phase {
    case none
    case sending(until: Int64)
    case last, over
  }

  enum Action: Equatable {
    case nothing
    case note(String)
    case end(code: Int32)
    /// The server has its end; what is still to come is for the journal.
    case closeUpload
    case interrupt
  }

  private var phase = Phase.none

  /// Input stays where it is.
  var holdsInput: Bool { if case .sending = phase { true } else { false } }

  /// The button was pressed. What to do, in order.
  /// `isAskedFor`: the program asks by itself whether it is to stop (trackshim_stop_requested).
  mutating func begin(_ policy: Settings.StopPolicy, isAskedFor: Bool = false, exitTimeout: Double) -> [Action] {
    guard case .none = phase else { return [] }
    phase = .over
    if isAskedFor { return [.note("the run was stopped on its page; the program was told so")] }
    guard policy == .interrupt else {
      return [.note("the run was stopped on its page; TRACKSHIM_STOP=ignore, so the program goes on")]
    }
    let note = Action.note(
      "the run was stopped on its page, so the program gets SIGINT (TRACKSHIM_STOP=ignore would leave it alone)")
    guard tsi_interrupt_kills() else { return [note, .interrupt] }
    phase = .sending(until: tsi_clock_monotonic() &+ Pace.nanoseconds(exitTimeout))
    return [note, .end(code: Self.code)]
  }

  /// Once in each wake-up, after the journal was written.
  mutating func next(isEndSent: Bool) -> Action {
    switch phase {
    case .sending(let until):
      guard isEndSent || tsi_clock_monotonic() > until else { return .nothing }
      phase = .last
      return .closeUpload
    case .last:
      phase = .over
      return .interrupt
    case .none, .over: return .nothing
    }
  }
}
