/// The beginning: which run this is on the server, and what it has of it.
extension Uploader {
  func connect() {
    if progressFile?.isDamaged == true {
      note(
        "\(UploadProgressFile.path(for: journal).printable) is damaged; the server is asked what it has",
        isNeeded: true)
    }
    guard let run = waitForRun() else { return }
    if lacksOnlyFiles { return goOnWithFiles(run) }
    var earlier: EarlierRun?
    if asksForEarlier(run) || mayBeOvertaken(run) {
      guard let answer = askForEarlier(run) else { return }
      if let there = answer.run { checkOvertaken(by: there, run) }
      earlier = asksForEarlier(run) ? answer.run : nil
      guard outcome == nil else { return }
    }
    begin(run, after: earlier)
    read()
    guard outcome == nil, let found = upsert(run, storageID: earlier?.storageID ?? "") else { return }
    server = found
    if progress.id.isEmpty { noteBase(found, earlier) }
    askForFeatures()
    if progress.page.isEmpty {
      progress.page = plan.address.page(entity: progress.entity, project: progress.project, run: progress.id)
    }
    isStarted = true
    source.say(.connected(found, page: progress.page))
  }

  /// To name the run to the server again would open it again.
  private func goOnWithFiles(_ run: RunRecord) {
    // Its own files hold what the earlier part of the run had, too.
    let earlier = progress.isResumed && progress.filesMissing ? askForEarlier(run)?.run : nil
    guard outcome == nil else { return }
    begin(run, after: earlier)
    isStarted = true
    source.say(.connected(server, page: progress.page))
  }

  /// The run record is the journal's second; that of a run that has just begun is there in a moment.
  private func waitForRun() -> RunRecord? {
    var seen = RunProjection(acknowledged: RunProjection.Counts(), shift: StepShift())
    while outcome == nil {
      adoptView()
      while seen.run == nil, case .record(let payload)? = follower?.next(limit: view.end?.size ?? view.stable) {
        seen.take(payload)
      }
      if let run = seen.run {
        rewindFollower()
        return run
      }
      if plan.endsWithRun {
        outcome = .unusable("the journal names no run")
      } else {
        source.wait(milliseconds: 1000)
      }
    }
    return nil
  }

  /// Settings decide for a run that begins, what the journal says for one that is sent later; one that we have
  /// begun to send needs only what it continued.
  private func asksForEarlier(_ run: RunRecord) -> Bool {
    // What the server has of a shared run may be the other writers', and each counts its own lines.
    guard run.shared == nil else { return false }
    return progress.id.isEmpty ? plan.resume != nil || run.resume || plan.endsWithRun : progress.isResumed
  }

  // MARK: A run that went on without us

  /// Of a program that died the rest is sent later; meanwhile another may have resumed the run.
  private func mayBeOvertaken(_ run: RunRecord) -> Bool {
    plan.endsWithRun && !progress.id.isEmpty && run.shared == nil
  }

  /// Where the other's rows are the rest of this journal would stand, and this end is not how the run has ended.
  private func checkOvertaken(by there: EarlierRun, _ run: RunRecord) {
    guard mayBeOvertaken(run), there.lastRow != nil else { return }
    guard there.lines.history > progress.base.history &+ progress.sent.history else { return }
    // Rows whose receipt got lost are ours.
    guard findEarlierSending(there, isContinued: true) == nil else { return }
    outcome = .unusable(
      "the run has gone on in another process since it was last sent, and the server's last row is not of this journal; "
        + "what the server does not have of it stays here")
  }

  private func askForEarlier(_ run: RunRecord) -> (run: EarlierRun?, Void)? {
    let body = GraphQL.resumeStatus([
      ("project", .orNull(progress.project.isEmpty ? run.project : progress.project)),
      ("entity", .orNull(progress.entity.isEmpty ? run.entity : progress.entity)), ("name", .string(run.runID)),
    ])
    guard let reply = ask(.query, body, "the W&B server does not say whether the run exists") else { return nil }
    switch EarlierRun.read(reply) {
    case .exists(let earlier): return decide(earlier, run)
    case .missing:
      if plan.resume == .must, progress.id.isEmpty {
        giveUp(
          Answer.Refusal(status: 0, text: "there is no run \(run.runID) to resume"), "WANDB_RESUME is `must`")
      }
      return (nil, ())
    case .unintelligible:
      giveUp(Answer.Refusal(status: 0, text: "the answer is not understood"), "asking for the run's earlier part")
      return (nil, ())
    }
  }

  private func decide(_ earlier: EarlierRun, _ run: RunRecord) -> (run: EarlierRun?, Void)? {
    guard progress.id.isEmpty else { return (earlier, ()) }
    if plan.resume == .never {
      giveUp(Answer.Refusal(status: 0, text: "run \(run.runID) exists already"), "WANDB_RESUME is `never`")
      return (nil, ())
    }
    let isWanted = plan.resume != nil || run.resume || plan.appends
    guard plan.endsWithRun, !plan.appends, earlier.lines != RunProjection.Counts() else {
      return (isWanted ? earlier : nil, ())
    }
    return resolve(earlier, run, isContinued: isWanted)
  }

  /// The server has something of the run, and nothing beside the journal says that we have sent it.
  private func resolve(_ earlier: EarlierRun, _ run: RunRecord, isContinued: Bool) -> (run: EarlierRun?, Void)? {
    // Of a run that was resumed the server has rows from before this journal, and nothing newer.
    let mayBeOurs = !isContinued || (earlier.lastRow?.timestamp ?? 0) >= Double(run.startTime ?? 0) / 1e9
    let sent = mayBeOurs ? findEarlierSending(earlier, isContinued: isContinued) : nil
    switch (sent, isContinued) {
    case (nil, true): return (earlier, ())
    case (let sent?, false):
      progress.sent = sent.counts
      progress.settled = sent.counts
      progress.openLines = sent.openLines
      note(
        "nothing here says what of it was sent, but the server's \(earlier.lines.history) rows are the first of this "
          + "journal; it goes on behind them", isNeeded: true)
    case (let sent?, true):
      outcome = .unusable(
        "row \((sent.number ?? 0) &+ 1) of this journal is the last that the server has of run \(run.runID), but "
          + "\(UploadProgressFile.path(for: journal).printable), which says what was sent, is gone or damaged; "
          + "--append sends all of the journal, and what is there is then there twice")
    case (nil, false):
      outcome = .unusable(
        "the server has \(earlier.lines.history) rows and \(earlier.lines.console) console lines of run "
          + "\(run.runID) already, and nothing shows that they came from this journal; --append sends it behind them")
    }
    return (nil, ())
  }

  private func findEarlierSending(_ earlier: EarlierRun, isContinued: Bool) -> EarlierSending? {
    guard let journal = follower?.fromStart() else { return nil }
    return EarlierSending(journal, limit: view.end?.size ?? view.stable, on: earlier, isContinued: isContinued)
  }

  private func begin(_ run: RunRecord, after earlier: EarlierRun?) {
    let isNew = progress.id.isEmpty
    let step = isNew ? earlier?.lastStep ?? -1 : progress.baseStep
    let runtime = isNew ? earlier?.runtime ?? 0 : progress.baseRuntime
    projection = RunProjection(
      acknowledged: progress.sent, alerts: progress.alerts, saved: progress.saved,
      shift: StepShift(lastStep: step, runtime: runtime, countsRows: run.shared != nil))
    if let earlier { projection.goOn(from: earlier) }
    files.startDue = now &+ Self.configPause
  }

  private func rewindFollower() {
    let file = follower
    follower = file?.fromStart()
  }

  /// nil: the outcome says why.
  private func upsert(_ run: RunRecord, storageID: String) -> RunOnServer? {
    let variables = upsertVariables(run, isFirst: progress.id.isEmpty, storageID: storageID)
    guard let reply = ask(.upsert, GraphQL.upsert(variables), "the W&B server does not take the run") else {
      return nil
    }
    sentConfig = projection.config.version
    guard let found = RunOnServer(reply) else {
      giveUp(Answer.Refusal(status: 0, text: "the answer names no run"), "the W&B server does not take the run")
      return nil
    }
    return found
  }

  /// Later ones say only the config: null leaves alone what there is.
  func upsertVariables(_ run: RunRecord, isFirst: Bool, storageID: String) -> [(String, JSONValue)] {
    let first = { (text: String) in isFirst ? JSONValue.orNull(text) : .null }
    // Where a shared run's first process is, and what it runs.
    let primary = { (text: String) in isFirst && self.isPrimary ? JSONValue.orNull(text) : .null }
    let known = progress.id.isEmpty
    return [
      ("id", .orNull(storageID)), ("name", .string(known ? run.runID : progress.id)),
      ("project", .orNull(known ? run.project : progress.project)),
      ("entity", .orNull(known ? run.entity : progress.entity)), ("groupName", first(run.group)),
      ("description", .null), ("displayName", first(run.displayName)), ("notes", first(run.notes)),
      ("commit", primary(run.git?.commit ?? "")), ("config", .string(configJSON)), ("host", primary(run.host)),
      ("debug", .null), ("program", primary(projection.environment?.program ?? "")),
      ("repo", primary(run.git?.remoteURL ?? "")), ("jobType", first(run.jobType)), ("state", .null),
      ("sweep", first(run.sweepID)),
      ("tags", isFirst && !run.tags.isEmpty ? .array(run.tags.map { .string($0) }) : .null),
      ("summaryMetrics", .null),
    ]
  }

  private func noteBase(_ found: RunOnServer, _ earlier: EarlierRun?) {
    progress.entity = found.entity
    progress.project = found.project
    progress.id = found.id
    progress.page = plan.address.page(entity: found.entity, project: found.project, run: found.id)
    progress.isResumed = earlier != nil
    // Rows that turned out to be this journal's are not in front of it.
    let isFound = progress.sent != RunProjection.Counts()
    progress.base =
      earlier?.lines ?? RunProjection.Counts(history: isFound || shared != nil ? 0 : found.historyLineCount)
    progress.baseStep = earlier?.lastStep ?? -1
    progress.baseRuntime = earlier?.runtime ?? 0
    progressFile?.save(progress)
  }

  /// They only make requests smaller and lines richer: no answer is an answer.
  private func askForFeatures() {
    let answer = attempt(.query, graphQL(GraphQL.features))
    if case .success(let value) = reply(answer) { features = ServerFeatures(value) }
  }

  /// Asks until there is an answer; nil when there is none, and the outcome says why.
  private func ask(_ operation: Answer.Operation, _ body: [UInt8], _ what: String) -> JSONValue? {
    let answer = persist(operation) { graphQL(body) }
    switch answer {
    case .again(let met, _): outcome = .unreachable(met.text)
    case .cancelled: outcome = .cancelled
    case .delivered, .refused:
      switch reply(answer) {
      case .success(let value): return value
      case .failure(let refusal): giveUp(refusal, what)
      }
    }
    return nil
  }
}
