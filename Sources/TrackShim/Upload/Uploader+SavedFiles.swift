/// Files that the program wants to go with its run. They may be large, so they go beside everything else: rows wait for
/// none of them.
extension Uploader {
  /// Does what is due; false when nothing is.
  func actOnSavedFiles() -> Bool {
    if saved.current != nil { return takeOutcome() }
    guard isStarted, view.end?.isHurried != true, now >= saved.due else { return false }
    if let model = saved.model {
      advance(model)
      return true
    }
    guard let entry = projection.saved.next(isEnding: isEnding) else { return false }
    start(entry)
    return true
  }

  /// All are with the server, or will not be by this uploader.
  var areSavedFilesDone: Bool {
    guard saved.current != nil || saved.model != nil || projection.saved.hasWaiting else { return true }
    guard view.end?.isHurried == true else { return false }
    leaveSavedFiles()
    return true
  }

  /// Somebody waits for the end, and time is short.
  private func leaveSavedFiles() {
    transport.endUpload()
    saved.current = nil
    saved.model = nil
    guard let first = projection.saved.waiting(most: 1).first, !saved.hasNotedLeft else { return }
    saved.hasNotedLeft = true
    let others = projection.saved.waitingCount &- 1
    note(
      "\(first.printable)\(others > 0 ? " and \(others) more saved files" : "") did not get to the server in time; "
        + "`trackshim sync` sends what is missing", isNeeded: true)
  }

  // MARK: One file

  private func start(_ entry: SavedFileQueue.Entry) {
    guard let place = folder.map({ SavedFilePlace(entry.name, in: $0) }) else { return finish(entry) }
    let state: SavedFilePlace.State
    do throws(SystemError) {
      state = try place.state()
    } catch {
      note("\(entry.name.printable) cannot be sent with the run: \(error.text)", isNeeded: true)
      // What was removed is gone; what cannot be reached just now may be there for the next.
      return finish(entry, isRefused: !place.isGone(error))
    }
    if entry.isModel { return begin(model: entry, state, at: place) }
    guard saved.sent[Array(entry.name.utf8)] != state else { return finish(entry) }
    guard let (url, headers) = grant(for: entry) else { return }
    put(entry, state, url, headers)
  }

  func put(_ entry: SavedFileQueue.Entry, _ state: SavedFilePlace.State, _ url: String, _ headers: [String]) {
    guard let place = folder.map({ SavedFilePlace(entry.name, in: $0) }) else { return finish(entry) }
    var request = HTTPRequest()
    request.method = "PUT"
    request.url = url
    request.headers = headers
    request.body = .linked(path: place.path, folders: Int(clamping: place.folders), size: state.size)
    // However slow it is, only a stall ends it.
    request.timeout = 0
    request.rate = plan.fileRate
    do throws(TransportFailure) {
      try transport.start(upload: request)
      saved.current = (entry, state)
    } catch {
      take(Answer(error), entry, state)
    }
  }

  /// nil: not now, or never; what is to be done about it has been.
  private func grant(for entry: SavedFileQueue.Entry) -> (url: String, headers: [String])? {
    guard let reply = answer(entry, createFiles([entry.name])) else { return nil }
    if case .success(let value) = reply, let grant = UploadGrant(value, count: 1),
      let url = grant.address(of: entry.name)
    {
      return (url, grant.headers)
    }
    refuse(entry, Self.text(of: reply))
    return nil
  }

  /// What the field of a mutation answers; nil as above.
  func ask(_ entry: SavedFileQueue.Entry, _ body: [UInt8], _ field: String) -> JSONValue? {
    guard let reply = answer(entry, body) else { return nil }
    if case .success(let value) = reply, let found = value["data"]?[field], found != .null { return found }
    refuse(entry, Self.text(of: reply))
    return nil
  }

  private func answer(_ entry: SavedFileQueue.Entry, _ body: [UInt8]) -> Result<JSONValue, Answer.Refusal>? {
    let answer = attempt(.query, graphQL(body))
    switch answer {
    case .cancelled: outcome = outcome ?? .cancelled
    case .again(let met, let after):
      let usual = saved.grants.next(isEnding: isEnding, jitter: clock.jitter())
      if let patience = plan.patience, saved.grants.attempts >= patience { outcome = .unreachable(met.text) }
      saved.due = now &+ Pace.nanoseconds(isEnding ? usual : after ?? usual)
    case .delivered, .refused:
      saved.grants.reset()
      return reply(answer)
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

  private func take(_ answer: Answer, _ entry: SavedFileQueue.Entry, _ state: SavedFilePlace.State) {
    switch answer {
    case .delivered: took(entry, state)
    case .cancelled: outcome = outcome ?? .cancelled
    case .refused(let refusal):
      // Of a file that was written meanwhile the server got less than was announced.
      if hasChanged(entry, since: state) { sendAgain(entry) } else { refuse(entry, refusal.text) }
    case .again(let met, let after): tryLater(entry, met, after)
    }
  }

  func tryLater(_ entry: SavedFileQueue.Entry, _ met: Answer.Trouble, _ after: Double?) {
    let usual = saved.tries.next(isEnding: isEnding, jitter: clock.jitter())
    saved.due = now &+ Pace.nanoseconds(isEnding ? usual : after ?? usual)
    // The others are not to wait for one that does not get through.
    if saved.tries.attempts >= SavedFiles.mostTries { refuse(entry, met.text) }
  }

  /// One that was written while it was sent may have gone half old and half new.
  private func took(_ entry: SavedFileQueue.Entry, _ state: SavedFilePlace.State) {
    guard !hasChanged(entry, since: state) else { return sendAgain(entry) }
    if let model = saved.model {
      model.isStored = true
      return
    }
    saved.sent[Array(entry.name.utf8)] = state
    files.took(name: entry.name)
    finish(entry)
  }

  func hasChanged(_ entry: SavedFileQueue.Entry, since state: SavedFilePlace.State) -> Bool {
    guard let now = folder.flatMap({ try? SavedFilePlace(entry.name, in: $0).state() }) else { return false }
    return now != state
  }

  func sendAgain(_ entry: SavedFileQueue.Entry) {
    saved.model = nil
    saved.repeats &+= 1
    saved.due = now &+ Pace.nanoseconds(isEnding ? 0.2 : 1)
    if saved.repeats >= SavedFiles.mostRepeats { refuse(entry, "it is written again and again while it is sent") }
  }

  func refuse(_ entry: SavedFileQueue.Entry, _ why: String) {
    let name = entry.name.printable
    note("\(name) did not get to the server (\(why.printable)); `trackshim sync` tries again", isNeeded: true)
    saved.refusal = why
    finish(entry, isRefused: true)
  }

  func finish(_ entry: SavedFileQueue.Entry, isRefused: Bool = false) {
    saved.model = nil
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
  static let mostRepeats = 5
  /// One that breaks off is.
  static let mostTries = 5

  /// The one that is to be a version of the model, once it is its turn.
  var model: ModelVersion?
  /// What is being sent just now.
  var current: (entry: SavedFileQueue.Entry, state: SavedFilePlace.State)?
  /// By the bytes of the name, what went to the server.
  var sent: [[UInt8]: SavedFilePlace.State] = [:]
  /// Of the upload that is next, and of asking where it may go.
  var tries = Backoff()
  var grants = Backoff()
  var due: Int64 = 0
  var repeats = 0
  /// Why the server does not have one.
  var refusal: String?
  var hasNotedLeft = false
}
