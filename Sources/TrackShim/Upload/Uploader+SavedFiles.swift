/// Files that the program wants to go with its run. They may be large, so they go beside everything else: rows wait for
/// none of them.
extension Uploader {
  /// Does what is due; false when nothing is.
  func actOnSavedFiles() -> Bool {
    if saved.current != nil { return takeOutcome() }
    guard isStarted, !view.isHurried, now >= saved.due, let entry = projection.saved.next(isEnding: isEnding) else {
      return false
    }
    start(entry)
    return true
  }

  /// All are with the server, or will not be by this uploader.
  var areSavedFilesDone: Bool {
    guard saved.current == nil, projection.saved.next(isEnding: true) == nil else {
      return view.isHurried && leaveSavedFiles()
    }
    return true
  }

  /// Somebody waits for the end, and time is short.
  private func leaveSavedFiles() -> Bool {
    let left = projection.saved.left
    transport.endUpload()
    saved.current = nil
    files.isLeftBehind = true
    if let first = left.first, !saved.hasNotedLeft {
      saved.hasNotedLeft = true
      let others = left.count > 1 ? " and \(left.count &- 1) more saved files" : ""
      note(
        "\(first.printable)\(others) did not get to the server in time; `trackshim sync` sends what is missing",
        isNeeded: true)
    }
    return true
  }

  // MARK: One file

  private func start(_ entry: SavedFileQueue.Entry) {
    guard let place = folder.map({ SavedFilePlace(entry.name, in: $0) }) else { return finish(entry) }
    do throws(SystemError) {
      let state = try place.state()
      guard saved.sent[entry.name] != state else { return finish(entry) }
      guard let (url, headers) = grant(for: entry) else { return }
      var request = HTTPRequest()
      request.method = "PUT"
      request.url = url
      request.headers = headers
      request.body = .linked(path: place.path, folders: Int(clamping: place.folders), size: state.size)
      request.timeout = 0
      do throws(TransportFailure) {
        try transport.start(upload: request)
        saved.current = (entry, state)
      } catch {
        take(Answer(error), entry, state)
      }
    } catch {
      // What is gone is gone: there is nothing to try again.
      note("\(entry.name.printable) cannot be sent with the run: \(error.text)", isNeeded: true)
      finish(entry)
    }
  }

  /// nil: not now, or never; what is to be done about it has been.
  private func grant(for entry: SavedFileQueue.Entry) -> (url: String, headers: [String])? {
    let answer = attempt(.query, graphQL(createFiles([entry.name])))
    switch answer {
    case .again, .cancelled: take(answer, entry, nil)
    case .delivered, .refused:
      let reply = reply(answer)
      if case .success(let value) = reply, let grant = UploadGrant(value, count: 1),
        let url = grant.address(of: entry.name)
      {
        return (url, grant.headers)
      }
      refuse(entry, Self.text(of: reply))
    }
    return nil
  }

  /// The upload that is under way, if it has come to its end.
  private func takeOutcome() -> Bool {
    guard let (entry, state) = saved.current else { return false }
    let answer: Answer
    do throws(TransportFailure) {
      guard let response = try transport.uploadOutcome() else { return false }
      answer = Answer(.upload, response)
    } catch {
      answer = Answer(error)
    }
    saved.current = nil
    take(answer, entry, state)
    return true
  }

  private func take(_ answer: Answer, _ entry: SavedFileQueue.Entry, _ state: SavedFilePlace.State?) {
    switch answer {
    case .delivered:
      saved.tries.reset()
      if let state { took(entry, state) }
    case .cancelled: outcome = outcome ?? .cancelled
    case .refused(let refusal): refuse(entry, refusal.text)
    case .again(let met, let after):
      if let patience = plan.patience, saved.tries.attempts &+ 1 >= patience {
        outcome = .unreachable(met.text)
      } else {
        saved.due = now &+ Pace.nanoseconds(after ?? saved.tries.next(isEnding: isEnding, jitter: clock.jitter()))
      }
    }
  }

  /// One that was written while it was sent may have gone half old and half new.
  private func took(_ entry: SavedFileQueue.Entry, _ state: SavedFilePlace.State) {
    let after = folder.flatMap { try? SavedFilePlace(entry.name, in: $0).state() }
    saved.repeats &+= 1
    if let after, after != state, saved.repeats < SavedFiles.mostRepeats { return }
    saved.sent[entry.name] = state
    files.took(name: entry.name)
    finish(entry)
  }

  private func refuse(_ entry: SavedFileQueue.Entry, _ why: String) {
    refuse([entry.name], why)
    finish(entry, isRefused: true)
  }

  private func finish(_ entry: SavedFileQueue.Entry, isRefused: Bool = false) {
    saved.repeats = 0
    saved.tries.reset()
    projection.saved.finish(entry, isRefused: isRefused)
    progress.saved = projection.saved.marks
    progressFile?.save(progress)
  }
}

/// How it goes with them.
struct SavedFiles {
  /// A file that never rests is sent so often.
  static let mostRepeats = 3

  var current: (entry: SavedFileQueue.Entry, state: SavedFilePlace.State)?
  /// By name, what went to the server.
  var sent: [String: SavedFilePlace.State] = [:]
  var tries = Backoff()
  var due: Int64 = 0
  var repeats = 0
  var hasNotedLeft = false
}
