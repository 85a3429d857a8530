import CTrackShim

/// How far a journal may be read, and who is told how it goes: in a program that is the worker, in the
/// `trackshim` command a file that grows no more.
protocol UploadSource: AnyObject {
  func look() -> JournalView
  /// Waits for a change, at most so long. May return early.
  func wait(milliseconds: UInt32)
  func say(_ event: UploadEvent)
}

/// What an uploader takes from the machine besides files and network.
struct UploadClock {
  var monotonic: () -> Int64 = { tsi_clock_monotonic() }
  var wall: () -> Int64 = { tsi_clock_realtime() }
  /// By how much a wait is to be longer, from 0 to 1.
  var jitter: () -> Double = {
    var random: UInt32 = 0
    _ = tsi_random(&random, 4)
    // bounded: doubles
    return Double(random) / Double(UInt32.max)
  }
}

/// A journal's state.
struct JournalView: Equatable {
  /// Bytes that will never be taken back.
  var stable = 0
  var end: End?
  /// Nobody waits for the uploader any more.
  var isDismissed = false

  /// The end of the program, as it stands now: it is taken back if anything is printed after it.
  struct End: Equatable {
    /// Of the journal with it.
    var size = 0
    /// Tells this end from one that was taken back.
    var generation = 0
    /// The run is over, and not only this program's part in the process.
    var isFinal = false
    /// Who waits for it does not wait for large files any longer.
    var isHurried = false
  }
}

enum UploadEvent {
  /// The server has the run; its page.
  case connected(RunOnServer, page: String)
  /// For the user. `isNeeded`: something is lost or not as he asked.
  case note(String, isNeeded: Bool)
  /// Bytes of the journal whose content the server has.
  case progress(bytes: Int)
  /// The server has everything of this end.
  case done(generation: Int)
  case stopRequested
  /// Why nothing is getting through just now; nil: it is.
  case trouble(String?)
}
