import CTrackShim

/// What the worker tells the uploader, and what comes back.
extension Tracker {
  func upload() {
    if desk == nil, let plan = run.takePlan(), let directory = run.directory {
      desk = UploadDesk(
        run: directory, plan: plan, options: TransportOptions(settings), exitTimeout: settings.exitTimeout)
    }
    guard let file = recorder.journal?.file else { return }
    desk?.publish(
      file,
      end: end.map {
        UploadDesk.End(
          start: $0.mark?.offset ?? 0, generation: $0.generation, isFinal: $0.code != nil, isAsked: $0.isAsked)
      })
    // Whoever pressed Stop wants to see the run stopped.
    if stop.holdsInput, end != nil { desk?.hurry() }
    stopIfAsked()
  }

  private func stopIfAsked() {
    var actions: [PageStop.Action] = []
    if desk?.takeStopRequest() == true {
      tsi_stop_request()
      actions = stop.begin(
        settings.stop, isAskedFor: tsi_stop_was_asked(), exitTimeout: settings.exitTimeout)
    }
    actions.append(stop.next(isEndSent: end != nil && desk?.isDone == true))
    for action in actions {
      switch action {
      case .note(let text): notes.post(text)
      case .end(let code): endCode = finishCode ?? code
      case .closeUpload: desk?.abandon()
      case .interrupt: tsi_interrupt_host()
      case .nothing: break
      }
    }
  }
}
