import CTrackShim

/// What the worker has to say to the user.
extension Tracker {
  func noteJournalState() {
    guard let state = recorder.journal?.file.state, state != journalState else { return }
    switch state {
    case .failing(let error):
      notes.post("the journal cannot be written (\(error.text)); what is printed is kept in memory and tried again")
    case .givenUp(let error):
      notes.post(
        "the journal could not be written for too long (\(error.text)); the run ends there, the program goes on")
    case .good: notes.post("the journal is being written again; nothing was lost")
    }
    journalState = state
  }

  /// Once when it begins, and once at the end: a flood would otherwise flood stderr as well.
  private func noteLoss(isEnding: Bool) {
    guard lossToNote > 0, isEnding || !hasNotedLoss else { return }
    notes.post("\(lossToNote) bytes of output came faster than they could be taken and are missing in the run")
    hasNotedLoss = true
    lossToNote = 0
  }

  /// What is wrong from the start.
  private func complain() {
    hasComplained = true
    for text in settings.complaints { notes.post(text) }
    if tsi_environment_is_cut() {
      notes.post("the settings in the environment are longer than 128 KiB; some were not read")
    }
    if let why = tsi_tap_degraded() {
      notes.post("printf cannot be seen here (\(String(cString: why))); only what is written without stdio is recorded")
    }
  }

  /// Output that went past by a way that leaves nothing to read.
  private func noteUnseen() {
    let bytes = tsi_tap_unseen_bytes()
    guard bytes > 0, !hasNotedUnseen else { return }
    hasNotedUnseen = true
    notes.post(
      "\(bytes) bytes of the output cannot be read again and are not recorded: they came from a pipe inside the kernel, "
        + "or from a dprintf that failed or printed more than 4 MiB")
  }

  /// What was printed and not understood.
  private func noteUnread() {
    guard !hasNotedUnread, let text = recorder.counts.complaint else { return }
    hasNotedUnread = true
    notes.post(text)
  }

  func writeNotes(isEnding: Bool) {
    // A program that is no run hears nothing from us.
    guard recorder.state != .waiting else { return }
    if !hasComplained { complain() }
    for text in run.takeAnnouncements() { notes.post(text, isNeeded: false) }
    noteLoss(isEnding: isEnding)
    if isEnding { noteUnseen() }
    if isEnding { noteUnread() }
    if isEnding, let text = replacedFiles.rest() { notes.post(text) }
    for text in run.takeWarnings() + recorder.takeNotes() { notes.post(text) }
    for note in desk?.takeNotes() ?? [] { notes.post(note.text, isNeeded: note.isNeeded) }
    notes.write(isEnding: isEnding)
  }
}
