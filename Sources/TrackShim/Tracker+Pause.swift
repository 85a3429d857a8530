import CTrackShim

/// The worker's thread can go and come back, for a host that counts its threads when it forks. The state stays; what
/// goes with the thread is its file table: the journal's descriptor, and the ring's with its lock.
extension Tracker {
  /// The one of this process. Only the worker's thread comes here, and there is only ever one at a time.
  nonisolated(unsafe) static let current = Tracker()

  func goForNow() {
    isPaused = true
    // A fork waits for no connection to end, so this is for good: the program is about to lock itself in.
    desk?.dismiss()
    if let claim = run.claim { tsi_ring_pause(claim.ring) }
  }

  func comeBack() {
    isPaused = false
    recorder.journal?.losesDescriptor()
    if let claim = run.claim { tsi_ring_resume(claim.ring, claim.path) }
  }
}
