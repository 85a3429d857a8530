import CTrackShim

/// What the worker does when it cannot go on, and still can do something.
extension Tracker {
  /// The host has come to the limit of its memory and we to our reserve. What was printed up to now is written; the
  /// ring stays, so that the run gets its end when it is recovered.
  func breakOff() {
    let isRun = recorder.state == .running
    if isRun {
      takeBackEnd()
      writeJournal()
    }
    notes.post(
      "no memory is left for the recording (a limit on the program's memory?); "
        + (isRun
          ? "it ends here, the program goes on, and `trackshim show` completes what is recorded"
          : "this program is not recorded"))
    recorder.stop()
    writeNotes(isEnding: true)
    tsi_loss_of_recording()
  }

  /// The uploader met a fault of its own. What it and we told each other may be in any state, so it is not looked at
  /// again: the run goes on as one that is offline.
  func dropLostUploader() {
    guard tsi_uploader_is_lost(), let lost = desk else { return }
    desk = nil
    // Never given back: to give it back is to touch it.
    _ = Unmanaged.passRetained(Lost(lost))
  }

  private final class Lost {
    let desk: UploadDesk
    init(_ desk: UploadDesk) { self.desk = desk }
  }
}
