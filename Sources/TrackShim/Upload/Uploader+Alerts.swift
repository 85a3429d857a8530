/// Alerts go before everything else, one at a time. What comes of them holds nothing else up.
extension Uploader {
  /// W&B is told once, as far as can be known: when an answer gets lost on its way the alert is sent again, and W&B
  /// itself keeps back the second of one title.
  func tell(_ alert: AlertRecord) -> Bool {
    let answer = attempt(.query, graphQL(request(alert)))
    switch answer {
    case .cancelled: outcome = .cancelled
    case .again(let met, let after):
      let usual = alerts.tries.next(isEnding: isEnding, jitter: clock.jitter())
      if met.isAnswer, alerts.tries.attempts >= AlertTries.most {
        finish(alert, refused: met.text)
      } else if !met.isAnswer, let patience = plan.patience, alerts.tries.attempts >= patience {
        outcome = .unreachable(met.text)
      } else {
        alerts.due = now &+ Pace.nanoseconds(isEnding ? usual : after ?? usual)
      }
    case .delivered, .refused:
      switch reply(answer) {
      case .success: finish(alert, refused: nil)
      case .failure(let refusal): finish(alert, refused: refusal.text)
      }
    }
    return true
  }

  /// Whether the run can be complete: there is none left to tell, or no time.
  var areAlertsDone: Bool {
    guard let alert = projection.alerts.first else { return true }
    guard view.end?.isHurried == true else { return false }
    if !alerts.hasNotedLeft {
      alerts.hasNotedLeft = true
      note("the alert `\(alert.title.printable)` did not get to the server in time", isNeeded: true)
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
    alerts.tries.reset()
    alerts.due = 0
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
  var hasNotedLeft = false
}
