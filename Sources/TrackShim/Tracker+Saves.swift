import CTrackShim

/// Files that the user wants with every run (`TRACKSHIM_SAVE`).
extension Tracker {
  /// At the end of a wake-up, and once more when the program has ended.
  func watchSaves(isLast: Bool = false) {
    guard !settings.saves.isEmpty, recorder.state == .running, end == nil, isLast || endCode == nil else { return }
    let now = tsi_clock_monotonic()
    let patterns =
      saves
      ?? SavePatterns(
        settings.saves, directory: settings.startDirectory, since: recorder.clock.startWall)
    saves = patterns
    guard isLast || patterns.isDue(now: now) else { return }
    for file in saves?.look(now: now, isLast: isLast) ?? [] where link(file) {
      recorder.take(.save(file), at: now)
    }
    guard saves?.isCut == true, !hasNotedSaves else { return }
    hasNotedSaves = true
    notes.post("TRACKSHIM_SAVE is of more than \(SavePatterns.mostFiles) files; the first by name are looked at")
  }
}
