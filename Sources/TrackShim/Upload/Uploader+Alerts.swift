/// Alerts go before everything else, one at a time. What comes of them holds nothing else up.
extension Uploader {
  /// W&B is told once, as far as can be known: when an answer gets lost on its way the alert is sent again, and W&B
  /// itself keeps back the second of one title.
  func tell(_ alert: AlertRecord) -> Bool {
    let answer = attempt(.query, graphQL(request(alert)))
    switch answer {
    case .cancelled: outcome = .cancelled
    case .again(let met, let after):
      if met.isAnswer, alerts.tries.attempts &+ 1 >= AlertTries.most {
        finish(alert, refused: met.text)
      } else if !met.isAnswer, let patience = plan.patience, alerts.tries.attempts &+ 1 >= patience {
        outcome = .unreachable(met.text)
      } else {
        alerts.due =
          now &+ Pace.nanoseconds(after ?? alerts.tries.next(isEnding: isEnding, jitter: clock.jitter()))
      }
    case .delivered, .refused:
      switch reply(answer) {
      case .success: finish(alert, refused: nil)
      case .failure(let refusal): finish(alert, refused: refusal.text)
      }
    }
    return true
  }

  private func request(_ alert: AlertRecord) -> [UInt8] {
    GraphQL.alert([
      ("entityName", .string(progress.entity)), ("projectName", .string(progress.project)),
      ("runName", .string(progress.id)), ("title", .string(alert.title)), ("text", .string(alert.text)),
      ("severity", .string(alert.level.isEmpty ? "INFO" : alert.level)), ("waitDuration", .number(String(alert.wait))),
    ])
  }

  private func finish(_ alert: AlertRecord, refused why: String?) {
    if let why {
      note("the W&B server does not send the alert `\(alert.title.printable)`: \(why.printable)", isNeeded: true)
    }
    alerts = AlertTries()
    progress.alerts &+= 1
    projection.alerts.drop(below: progress.alerts)
    progressFile?.save(progress)
  }
}

/// How it goes with the alert that is next.
struct AlertTries {
  /// As often a server may say "later" of one; without a network it waits as everything else does.
  static let most = 5

  var tries = Backoff()
  var due: Int64 = 0
}
