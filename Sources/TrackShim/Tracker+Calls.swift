import CTrackShim

/// What calls of trackshim.h want of the worker besides recording, and what it tells them.
extension Tracker {
  // MARK: trackshim_flush

  struct Flush {
    let number: UInt32
    /// Where the rings ended when the worker first saw it.
    let heads: [UInt64]
  }

  /// nil: nobody waits. What is printed after the newest flush need not be waited for: another thread may never stop.
  func flushTarget() -> Flush? {
    let number = tsi_flush_requested()
    guard number != flushed else { return nil }
    if flush?.number != number { flush = Flush(number: number, heads: rings.map { tsi_ring_head($0.ring) }) }
    return flush
  }

  func isPast(_ flush: Flush) -> Bool { zip(rings, flush.heads).allSatisfy { $0.cursor >= $1 } }

  /// The journal was written; a disk that takes nothing lets the program wait as long as it will.
  func answer(_ flush: Flush) {
    guard recorder.journal?.file.hasPending != true else { return }
    flushed = flush.number
    self.flush = nil
    tsi_flush_answer(flush.number)
  }

  // MARK: trackshim_start

  /// Once the run has begun it is what it is.
  func use(_ variables: [String: String]) {
    guard recorder.state == .waiting else {
      if variables != options {
        notes.post(
          "the options of trackshim_start came when the run had begun, with a line that was printed or another call, and "
            + "are not used; call it first")
      }
      return
    }
    options = variables
    var source = SettingsSource.process
    source.option = { variables[$0] }
    settings = Settings(from: source)
    recorder.use(settings)
    run.use(settings)
  }

  // MARK: trackshim_text

  /// As if it had been printed, to a stream that is not in the middle of a line.
  func take(line: UnsafeRawBufferPointer, at time: Int64) {
    if !assemblers.output.isAtLineStart, assemblers.error.isAtLineStart {
      recorder.stream = .standardError
      assemblers.error.feed(line, at: time, into: &recorder)
    } else {
      recorder.stream = .standardOutput
      assemblers.output.feed(line, at: time, into: &recorder)
    }
  }

  // MARK: trackshim_save

  /// False: there is nothing to be sent, and why is said.
  func link(_ file: SavedFile) -> Bool {
    guard recorder.begin() else { return false }
    useRunsRing()
    do throws(SystemError) {
      guard let directory = run.directory, recorder.hasRoom(for: file) else { return false }
      try file.check()
      let other = directory.other(than: file)
      try directory.link(file)
      if let other, let text = replacedFiles.take(file, inPlaceOf: other) { notes.post(text) }
      return true
    } catch {
      notes.post("\(file.path.asText.printable) is not saved with the run: \(Self.reason(error))")
      return false
    }
  }

  private static func reason(_ error: SystemError) -> String {
    switch error {
    case .exists: "the run has another file of its name"
    case .invalid: "it is no file"
    default: error.text
    }
  }

  // MARK: What is known

  /// Of a program that is no run nobody asks.
  func tellFacts() {
    guard recorder.state != .waiting else { return }
    if let directory = run.directory {
      tsi_fact_set(Int32(TSI_FACT_RUN_ID), directory.runID)
      tsi_fact_set(Int32(TSI_FACT_RUN_DIR), directory.path)
      tsi_fact_set(Int32(TSI_FACT_RUN_NAME), desk?.runName ?? settings.name)
      if let page = desk?.page { tsi_fact_set(Int32(TSI_FACT_RUN_URL), page) }
    }
    tsi_fact_set(Int32(TSI_FACT_LAST_NOTE), notes.last)
    tell(TSI_COUNTER_LINES, recorder.counts.seen)
    tell(TSI_COUNTER_OBSERVATIONS, recorder.observations)
    tell(TSI_COUNTER_ROWS, recorder.history.rows.rowCount)
    tell(TSI_COUNTER_DROPPED, lostBytes)
    tell(TSI_COUNTER_RECORDED, recorder.journal?.file.size ?? 0)
    tell(TSI_COUNTER_UNSENT, desk?.bytesLeft ?? 0)
  }

  private func tell(_ counter: Int, _ value: Int) { tsi_counter_set(Int32(clamping: counter), UInt64(clamping: value)) }
}
