import CTrackShim

/// Files that the user wants with every run (`TRACKSHIM_SAVE`), or as versions of its model (`TRACKSHIM_LOG_MODEL`).
extension Tracker {
  /// At the end of a wake-up, and once more when the program has ended.
  func watchSaves(isLast: Bool = false) {
    guard recorder.state == .running, end == nil, isLast || endCode == nil else { return }
    let now = tsi_clock_monotonic()
    saves = watch(saves ?? made(settings.saves), now, isLast)
    models = watch(models ?? made(settings.models, areModels: true), now, isLast)
  }

  private func made(_ patterns: [String], areModels: Bool = false) -> SavePatterns {
    SavePatterns(
      patterns, directory: settings.startDirectory, since: recorder.clock.startWall, areModels: areModels)
  }

  private func watch(_ patterns: SavePatterns, _ now: Int64, _ isLast: Bool) -> SavePatterns {
    guard !patterns.isEmpty, isLast || patterns.isDue(now: now) else { return patterns }
    var patterns = patterns
    for file in patterns.look(now: now, isLast: isLast) where link(file) {
      recorder.take(.save(file), at: now)
    }
    if patterns.isCut, !patterns.hasNotedCut {
      patterns.hasNotedCut = true
      let setting = patterns.areModels ? "TRACKSHIM_LOG_MODEL" : "TRACKSHIM_SAVE"
      notes.post("\(setting) is of more than \(SavePatterns.mostFiles) files; the first by name are looked at")
    }
    return patterns
  }
}
