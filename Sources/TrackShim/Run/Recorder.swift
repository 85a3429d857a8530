/// Where lines become a run: takes the console chunks and whole lines of both streams, has the lines
/// understood, and writes what they say.
///
/// Before the run begins, text waits in the backlog. The first line that tells a config value or a metric
/// asks `starter` for a journal; without one (somebody else has the run, no folder can be written) nothing
/// is recorded from then on.
///
/// A value, so that the end of a run can be written from a copy and taken back (see Tracker).
package struct Recorder: LineSink {
  package enum State { case waiting, running, off }

  let names = MetricNames()
  var clock: RunClock
  private let starter: any RunStarter
  package private(set) var state = State.waiting
  package var stream = OutputStream.standardOutput
  var settings: Settings
  private var formats: [StreamReader]
  /// By stream; nil: lines are missing since the last one that told it.
  private var steps: [Int64?] = [0, 0]
  /// Of either stream, once one told a step: a stream without a counter goes by the other's.
  private var hasSteps = false
  private var lastStep: Int64?
  private var found = Observations()
  private var lineCounts = LineCounts()
  /// By stream: output was lost, and the next line may have lost its beginning.
  private var isTorn = [false, false]
  private var backlog = Backlog()
  package var history: History
  var config = Config()
  package private(set) var journal: Journal?
  var notes: [String] = []
  /// By key, what calls have said of metrics: the journal hears of it once.
  var definitions: [[UInt8]: MetricRecord] = [:]
  var alerts = AlertWatch()
  var alertRules = AlertRules()
  static let mostSavedFiles = 10_000
  /// Files that calls have saved, by the bytes of their names.
  var savedNames: Set<[UInt8]> = []
  var hasNotedSavedFiles = false
  private var hasNotedLimits = false
  private var hasNotedAlerts = false
  private var hasNotedContradiction = false
  /// The names before this one have been held against `settings.summaries`.
  private var wished = 0
  /// Numbers that were recorded.
  private(set) var observations = 0
  /// Where the journal stood when the run had just begun.
  private var beginning: Journal.Mark?
  /// The journal of a run that began with an end that was taken back.
  private var begunJournal: Journal?
  /// While a journal is read again after a crash: everything is understood, nothing is written.
  var isReplaying = false

  package init(settings: Settings, starter: any RunStarter, clock: RunClock) {
    self.settings = settings
    self.starter = starter
    self.clock = clock
    formats = [.standardOutput, .standardError].map { StreamReader(settings.templates, stream: $0) }
    history = History(names: names)
    alertRules = AlertRules(settings.alerts)
    for summary in settings.templates.templates.flatMap(\.summaries) {
      history.setRule(summary.rule, of: summary.metric)
    }
  }

  /// Other settings, before the run has begun. What was printed so far was read by the old ones.
  mutating func use(_ settings: Settings) {
    self.settings = settings
    alertRules = AlertRules(settings.alerts)
    if settings.streams.isEmpty || !settings.recordsConsole { backlog = Backlog() }
  }

  // MARK: Lines in

  package mutating func console(_ chunk: UnsafeRawBufferPointer, at timestamp: Int64) {
    guard settings.recordsConsole, !isReplaying, state != .off else { return }
    guard let journal else {
      backlog.append(stream, at: timestamp, chunk)
      return
    }
    journal.appendOutput(stream, at: clock.moment(timestamp).wall, chunk: chunk)
  }

  // bounded: a format and a step for each of two streams
  package mutating func line(_ bytes: UnsafeRawBufferPointer, at timestamp: Int64, cut: Bool) {
    guard state != .off else { return }
    // A line that was cut is not the line that was printed.
    if cut { return lineCounts.takeLong() }
    if isReplaying, LossMark.isOne(bytes) {
      isTorn = [true, true]
      return loseTrack()
    }
    let index = stream == .standardOutput ? 0 : 1
    found.removeAll()
    if isTorn[index] {
      isTorn[index] = false
      let isRecognised = formats[index].understandTorn(bytes, names: names, into: &found)
      lineCounts.takeTorn(isRecognised: isRecognised)
    } else {
      let isRecognised = formats[index].understand(bytes, names: names, into: &found)
      let isOfKnownKind = formats[index].refusal == .isOfTheSeedsLog
      lineCounts.take(bytes, isRecognised: isRecognised, isOfKnownKind: isOfKnownKind)
    }
    guard !found.isEmpty else { return }
    if let step = found.step {
      steps[index] = step
      lastStep = step
      hasSteps = true
    }
    guard !found.metrics.isEmpty || !found.config.isEmpty else { return }
    guard begin() else { return }
    for entry in found.config { config.set(entry.key, entry.value) }
    noteContradiction()
    if config.isFull || formats[index].metricsRefused > 0 { noteLimits() }
    if found.isUncounted, !hasSteps {
      recordFoundMetrics(step: nil, at: timestamp)
    } else if found.isUncounted {
      if let lastStep { recordFoundMetrics(step: lastStep, at: timestamp) }
    } else if let step = steps[index] {
      recordFoundMetrics(step: step, at: timestamp)
    }
  }

  // bounded: a format for each of two streams
  package mutating func text(_ bytes: UnsafeRawBufferPointer, at timestamp: Int64) {
    let index = stream == .standardOutput ? 0 : 1
    guard state != .off, !isReplaying, !isTorn[index], formats[index].pass(bytes) else {
      return line(bytes, at: timestamp, cut: false)
    }
    lineCounts.takeText()
  }

  /// What became of the lines so far.
  var counts: LineCounts {
    formats.reduce(lineCounts) { $0.with(settings: $1.settingLines, lostRows: $1.lostRows) }
  }

  /// Once: what a bound keeps out is not kept out in silence.
  mutating func noteLimits() {
    guard !hasNotedLimits else { return }
    hasNotedLimits = true
    notes.append(
      "there are more than \(MetricNames.limit) different metrics or \(Config.limit) config keys; further ones are left out"
    )
  }

  /// Once: a trainer that does not do what its sweep wants is worth a word.
  mutating func noteContradiction() {
    guard let text = config.contradiction, !hasNotedContradiction else { return }
    hasNotedContradiction = true
    notes.append(text)
  }

  mutating func noteTooManyAlerts() {
    guard !hasNotedAlerts else { return }
    hasNotedAlerts = true
    notes.append(
      "there are more than \(AlertWatch.limit) alerts, or more than a megabyte of them; further ones are left out"
    )
  }

  private mutating func recordFoundMetrics(step: Int64?, at timestamp: Int64) {
    guard let journal, !found.metrics.isEmpty else { return }
    let time = clock.moment(timestamp)
    if names.count > wished { takeWishes() }
    observations &+= found.metrics.count
    let departs = history.add(found, printedStep: step, time: time, to: journal)
    if !alertRules.isEmpty { watchFoundMetrics(step: step, time: time) }
    if departs { noteDeparture(at: step) }
  }

  private mutating func watchFoundMetrics(step: Int64?, time: Moment) {
    for metric in found.metrics {
      let value = found.json(metric)
      value.withUnsafeBytes { watch(metric.name, $0, step: step, time: time) }
    }
  }

  mutating func record(_ name: Int, _ value: UnsafeRawBufferPointer, step: Int64?, time: Moment) {
    guard let journal else { return }
    if name >= wished { takeWishes() }
    observations &+= 1
    let departs = history.add(name, value, printedStep: step, time: time, to: journal)
    if !alertRules.isEmpty { watch(name, value, step: step, time: time) }
    if departs { noteDeparture(at: step) }
  }

  private mutating func watch(_ name: Int, _ value: UnsafeRawBufferPointer, step: Int64?, time: Moment) {
    for alert in alertRules.see(names.name(name), value, step: step) { tell(alert, at: time.wall) }
  }

  private mutating func noteDeparture(at step: Int64?) {
    if let step {
      notes.append(
        "step \(step) was printed again or went back; its row is kept at the next free _step, and the printed "
          + "step as the metric `step` from here on")
    }
  }

  /// Of metrics that are new.
  private mutating func takeWishes() {
    let first = wished
    wished = names.count
    guard !settings.summaries.isEmpty, !isReplaying else { return }
    for name in first..<max(first, wished) { define(wished: names.name(name)) }
  }

  // MARK: The run's life

  /// Nothing is recorded from here on.
  mutating func stop() { state = .off }

  /// Begins the run if it has not begun. False when it cannot.
  mutating func begin() -> Bool {
    guard state == .waiting else { return state == .running }
    guard let journal = begunJournal ?? starter.start() else {
      state = .off
      backlog = Backlog()
      return false
    }
    state = .running
    begunJournal = nil
    beginning = journal.mark()
    for item in starter.givenConfig { config.keep(item) }
    config.set("command", text: starter.command)
    writeBacklog(to: journal)
    self.journal = journal
    return true
  }

  private mutating func writeBacklog(to journal: Journal) {
    let clock = clock
    if backlog.lostBytes > 0 {
      let line = "[trackshim: \(backlog.lostBytes) bytes printed before this were not kept]\n"
      Array(line.utf8).withUnsafeBytes { journal.appendOutput(.standardOutput, at: clock.startWall, chunk: $0) }
    }
    backlog.drain { stream, time, chunk in
      journal.appendOutput(stream, at: clock.moment(time).wall, chunk: chunk)
    }
  }

  /// Output was lost between what came and what will come. `bytes` 0: they were counted with an earlier loss, or
  /// nobody knows how many.
  ///
  /// What is printed without a step of its own would be given one from before the loss.
  mutating func gap(bytes: Int, at timestamp: Int64) {
    isTorn = [true, true]
    guard bytes > 0 || steps.contains(where: { $0 != nil }) else { return }
    LossMark.text(bytes: bytes).withUnsafeBytes { console($0, at: timestamp) }
    loseTrack()
  }

  mutating func loseTrack() {
    for index in steps.indices { steps[index] = nil }
    lastStep = nil
    for index in formats.indices { formats[index].loseTrack() }
  }

  /// At the end of a wake-up: everything of it goes to the journal.
  /// `isUrgent`: somebody waits until what is known is on disk.
  mutating func writeWaiting(isUrgent: Bool = false) {
    writeWaiting(runtime: clock.now.runtime, isUrgent: isUrgent)
  }

  package mutating func writeWaiting(runtime: Int64, isUrgent: Bool = false) {
    guard let journal else { return }
    config.write(to: journal)
    let counts = counts
    history.writeWaiting(runtime: runtime, counts, isUrgent: isUrgent, to: journal)
  }

  /// The state of before the end was written, and the journal as well. `mark` nil: the run had not begun
  /// then, and did so with its last, unfinished line.
  mutating func takeBack(to earlier: Recorder, _ mark: Journal.Mark?) {
    let journal = journal
    if let mark = mark ?? beginning { journal?.rewind(to: mark) }
    self = earlier
    if earlier.state == .waiting { begunJournal = journal } else { self.journal = journal }
  }

  /// The run is over, or this process is. `code` nil: nobody knows how.
  mutating func end(code: Int32?) { end(code: code, runtime: clock.now.runtime) }

  /// `runtime`: how long the run took, in nanoseconds.
  package mutating func end(code: Int32?, runtime: Int64) {
    guard let journal else { return }
    config.write(to: journal)
    history.writeRow(to: journal)
    history.writeSummary(runtime: runtime, counts, to: journal)
    if let code {
      let seconds = Int32(clamping: runtime / 1_000_000_000)
      journal.append(ExitRecord(exitCode: code, runtime: seconds))
    }
  }

  // MARK: After a crash

  /// Understands without writing, until `resume`.
  mutating func replay() {
    isReplaying = true
    history.summary.isReplaying = true
    state = .running
    journal = Journal(.nowhere)
  }

  /// Its config is what the run was given at its start.
  mutating func knows(run: RunRecord) {
    for item in run.config { config.keep(item) }
  }

  mutating func knows(config items: [RecordItem]) {
    for item in items { config.know(Array(item.key.utf8), Array(item.json.utf8)) }
  }

  mutating func knows(row: HistoryRecord) { history.know(row) }
  mutating func knows(summary: SummaryRecord) { history.know(summary) }

  mutating func knows(metric: MetricRecord) {
    guard !metric.name.isEmpty else { return }
    history.setRules(metric.summary, of: Array(metric.name.utf8))
  }

  /// Goes on with the real journal.
  mutating func resume(_ journal: Journal) {
    isReplaying = false
    history.dropRowIfKnown()
    history.addOpenRow(clock, to: journal)
    self.journal = journal
  }

  package mutating func takeNotes() -> [String] {
    defer { notes.removeAll() }
    return notes
  }
}

/// Makes a run: claims it, creates its folder and journal. Asked once.
package protocol RunStarter: AnyObject {
  var command: String { get }
  /// What the run's config holds before its program has said a word, and keeps whatever that says. Known once it has
  /// started.
  var givenConfig: [RecordItem] { get }
  func start() -> Journal?
}

extension RunStarter {
  package var givenConfig: [RecordItem] { [] }
}
