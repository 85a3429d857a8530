import CTrackShim

/// One request at a time, and what becomes of it.
extension Uploader {
  /// Sends until there is an answer that stands.
  func persist(_ operation: Answer.Operation, _ request: () -> HTTPRequest) -> Answer {
    var backoff = Backoff()
    while true {
      let answer = attempt(operation, request())
      guard case .again(_, let after) = answer else { return answer }
      if let patience = plan.patience, backoff.attempts &+ 1 >= patience { return answer }
      // Counted whatever the server asks for.
      let usual = backoff.next(isEnding: isEnding, jitter: clock.jitter())
      if !pauseBeforeRetry(after ?? usual, mayHurry: after == nil) { return .cancelled }
    }
  }

  /// Sends once.
  func attempt(_ operation: Answer.Operation, _ request: HTTPRequest) -> Answer {
    let answer: Answer
    do throws(TransportFailure) {
      answer = Answer(operation, try transport.exchange(request))
    } catch {
      answer = Answer(error)
    }
    switch answer {
    case .delivered, .refused:
      if trouble.latest != nil { source.say(.trouble(nil)) }
      if let text = trouble.isOver() { note(text, isNeeded: false) }
    case .again(let met, _):
      source.say(.trouble(met.text))
      if met.isRateLimit { pace.wasTooFast() }
      if let text = trouble.met(met, now: now) { note(text, isNeeded: true) }
    case .cancelled: break
    }
    return answer
  }

  /// False when nobody waits for us any more. The program's end is a reason to try at once.
  private func pauseBeforeRetry(_ seconds: Double, mayHurry: Bool) -> Bool {
    let until = now &+ Pace.nanoseconds(seconds)
    let wasEnding = view.end != nil
    while now < until {
      pause(milliseconds: min(1000, max(1, (until &- now) / 1_000_000)))
      let seen = source.look()
      if seen.isDismissed { return false }
      if mayHurry, !wasEnding, seen.end != nil {
        view = seen
        return true
      }
    }
    return true
  }

  func note(_ text: String, isNeeded: Bool) { source.say(.note(text, isNeeded: isNeeded)) }

  // MARK: GraphQL

  func graphQL(_ body: [UInt8]) -> HTTPRequest {
    var request = HTTPRequest()
    request.url = plan.address.graphQL
    request.headers = headers(client: "X-WANDB-CLIENT-ID")
    request.body = .bytes(body)
    request.timeout = plan.timeout
    return request
  }

  /// The reply; a 200 may still say no.
  func reply(_ answer: Answer) -> Result<JSONValue, Answer.Refusal> {
    guard case .delivered(let response) = answer else {
      if case .refused(let refusal) = answer { return .failure(refusal) }
      return .failure(Answer.Refusal(status: 0, text: "no answer"))
    }
    guard let value = JSONValue(response.body) else {
      return .failure(Answer.Refusal(status: 200, text: "an answer that is not JSON"))
    }
    if let message = ServerMessage.text(in: response.body), value["errors"] != nil {
      return .failure(Answer.Refusal(status: 200, text: message))
    }
    return .success(value)
  }

  /// Ends the uploading for good, with one note that says why and what to do.
  func giveUp(_ refusal: Answer.Refusal, _ what: String) {
    outcome = .refused(refusal.text)
    guard !plan.endsWithRun else { return }
    let remedy = Self.remedy(refusal)
    note(
      "\(what): \(refusal.text.printable)\(remedy.isEmpty ? "" : "; " + remedy). The run goes on offline",
      isNeeded: true)
  }

  static func remedy(_ refusal: Answer.Refusal) -> String {
    switch refusal.status {
    case 401: "the API key is not accepted: `wandb login`, or WANDB_API_KEY"
    case 403: "the account may not write there: TRACKSHIM_ENTITY and TRACKSHIM_PROJECT say where the run goes"
    case 404: "the run or its project is not there (deleted?)"
    case 409: "something else writes to this run: give it an id of its own (TRACKSHIM_RUN_ID)"
    case 413: "a server or proxy on the way does not take requests of this size"
    default: ""
    }
  }
}
