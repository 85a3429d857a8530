import TrackShim

/// Sends journals one after another, the oldest first: a run that was resumed has several, and the server counts on
/// from each to the next. What would go wrong with every one of them ends the round.
struct SyncRound {
  let options: JournalSync.Options
  let isRehearsal: Bool
  let display: SyncDisplay
  private(set) var hasFailed = false
  private var access: ServerAccess?
  private var isOver = false

  init(options: JournalSync.Options, isRehearsal: Bool, display: SyncDisplay) {
    self.options = options
    self.isRehearsal = isRehearsal
    self.display = display
  }

  mutating func send(_ targets: SyncTargets) {
    hasFailed = !targets.problems.isEmpty
    for problem in targets.problems { Say.note(problem) }
    let journals = Self.ordered(targets)
    let open = journals.filter { $0.isNamed || $0.settled(appends: options.appends)?.isTacit != true }
    if !targets.found.isEmpty { display.say(count(open: open.count, of: journals)) }
    for (index, journal) in open.enumerated() {
      guard let outcome = outcome(of: journal) else { return }
      display.tell(journal, outcome)
      if !outcome.isGood { hasFailed = true }
      if isOver { return tellLeft(open.count - index - 1) }
    }
  }

  private static func ordered(_ targets: SyncTargets) -> [SyncJournal] {
    let named = targets.named.map { SyncJournal($0, isNamed: true) }
    let found = targets.found.map { SyncJournal($0, isNamed: false) }
    let all = (named + found).sorted { ($0.head.start, $0.path) < ($1.head.start, $1.path) }
    // A writer of a shared run that names it to the server after its end would open it again.
    return all.filter(\.head.isSecondary) + all.filter { !$0.head.isSecondary }
  }

  private func count(open: Int, of journals: [SyncJournal]) -> String {
    let others = journals.filter {
      if case .recordedByOfficialClient? = $0.settled(appends: false) { !$0.isNamed } else { false }
    }
    let there = journals.count - open - others.count
    let parts = [
      open == 0 ? "nothing to send" : "\(Self.runs(open)) to send",
      there == 0 ? "" : "\(Self.runs(there)) on the server already",
      others.isEmpty ? "" : "\(Self.runs(others.count)) recorded by W&B's own client, which sends its own (wandb sync)",
    ]
    return parts.filter { !$0.isEmpty }.joined(separator: "; ")
  }

  private static func runs(_ count: Int) -> String { count == 1 ? "1 run" : "\(count) runs" }

  private func tellLeft(_ count: Int) {
    if count > 0 { Say.note("\(Self.runs(count)) more \(count == 1 ? "is" : "are") not tried") }
  }

  // MARK: One journal

  /// nil when nothing can be sent at all; that has been told.
  private mutating func outcome(of journal: SyncJournal) -> SyncOutcome? {
    if let settled = journal.settled(appends: options.appends) { return settled }
    let care = JournalCare(journal.path)
    for note in care.notes { display.note(journal, note) }
    if let owner = care.owner { return .running(process: owner, isOnline: journal.isOnline) }
    if !care.hasFailed, JournalHead(journal.path).isEmpty { return .empty }
    if isRehearsal { return .wouldSend(bytes: journal.size, page: JournalSync.state(of: journal.path).page) }
    guard let access = serverAccess() else { return nil }
    let sync = JournalSync(journal: journal.path, access: access, options: options)
    let display = display
    display.begin(journal)
    let result = sync.run(
      progress: { display.show(sent: $0, total: $1) }, note: { display.note(journal, $0.printable) })
    display.end()
    return outcome(result)
  }

  private mutating func serverAccess() -> ServerAccess? {
    if let access { return access }
    do throws(ServerAccess.Problem) {
      access = try ServerAccess(startDirectory: FileAccess.workingDirectory, variable: Variable.value)
    } catch {
      Say.note("nothing can be sent: \(error.text)")
      hasFailed = true
    }
    return access
  }

  private mutating func outcome(_ result: JournalSync.Result) -> SyncOutcome {
    switch result {
    case .complete(let page, let isNew): return isNew ? .sent(page: page) : .isThere(page: page)
    case .sentByOfficialClient: return .sentByOfficialClient
    case .busy: return .busy
    case .unusable(let why): return .unusable(why)
    case .unreachable(let why):
      isOver = true
      return .unreachable(why)
    case .refused(let why):
      let refusal = JournalSync.Refusal(why)
      isOver = refusal.concernsKey
      return .refused(why, remedy: refusal.remedy)
    }
  }
}
