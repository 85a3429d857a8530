import CTrackShim

/// The worker's loop: the one place where everything of a process meets.
///
///     ring, unflushed stdio -> assemblers -> recorder -> journal -> ring given back
///
/// At each wake-up everything that is there goes all the way, and then the journal gets one write. A
/// program's end is written from a copy of the state: if anything follows, the state returns to before.
final class Tracker {
  /// Also how long an unflushed line may go unseen, next to `secondLook`.
  private static let pause: UInt32 = 20
  /// Milliseconds between the two looks at what stdio holds.
  private static let secondLook: UInt32 = 1
  /// Nanoseconds; see `restsUntil`.
  private static let rest: Int64 = 20_000_000
  /// Of one wake-up, so that the ring gets its space back in time.
  private static let bytesPerRound = 1 << 20

  /// What a line has been made of so far, per stream.
  struct Assemblers {
    var output = LineAssembler()
    var error = LineAssembler()
  }

  struct End {
    var assemblers: Assemblers
    var recorder: Recorder
    var mark: Journal.Mark?
    var code: Int32?
    /// Tells it from those that were taken back.
    var generation: Int
    /// A host thread waits for it. One that only follows what was printed after an end is not sent: the program
    /// is still going on.
    var isAsked = false
  }

  var settings: Settings
  /// Of trackshim_start.
  var options: [String: String] = [:]
  let run: ProcessRun
  private var clock: RunClock
  var assemblers = Assemblers()
  var recorder: Recorder
  private var unflushed = UnflushedOutput()
  private var calls = CallQueue()
  /// The first one and the run's; read in this order, see `tsi_tap_switch_ring`.
  private(set) var rings: [RingReader] = []
  var notes = Notes()
  var end: End?
  private var ends = 0
  var desk: UploadDesk?
  var stop = PageStop()
  var machine: MachineMonitor?
  var hasMachine = false
  var gpus: GPUMonitor?
  var saves: SavePatterns?
  var models: SavePatterns?
  var replacedFiles = ReplacedFiles()
  /// How many lines there were, and since when no more.
  var lines: (seen: Int, since: Int64) = (-1, 0)
  var finishCode: Int32?
  /// Once the program has begun to end, an end stands after every wake-up.
  var endCode: Int32?
  private var answered: UInt32 = 0
  /// The program ends, and has been told that everything is written: what other threads still print stays in the ring for
  /// so long, since the end of a process in the middle of a write leaves half a record.
  private var restsUntil: Int64 = 0
  /// The newest one that a host thread waits for, and the last that was answered.
  var flush: Flush?
  var flushed: UInt32 = 0
  /// A request that waits for the uploader only.
  private var heldRequest: UInt32 = 0
  private var requested: (number: UInt32, heads: [UInt64], since: Int64) = (0, [], 0)
  var journalState = JournalFile.State.good
  var hasComplained = false
  private var abandonedBytes = 0
  private var reportedLoss = 0
  var lossToNote = 0
  var hasNotedLoss = false
  var hasNotedUnseen = false
  var hasNotedUnread = false
  private var isRingGone = false
  var isPaused = false

  init() {
    Fault.point("start")
    let settings = Settings(from: .process)
    let clock = RunClock(start: tsi_tap_load_time())
    self.settings = settings
    self.clock = clock
    run = ProcessRun(settings: settings, clock: clock)
    recorder = Recorder(settings: settings, starter: run, clock: clock)
    notes.isQuiet = settings.isQuiet
    // bounded: seconds from 0 to 3600, see SettingsReader
    tsi_settle_set_timeout(UInt32(settings.exitTimeout * 1000), settings.isQuiet)
    if let ring = tsi_tap_ring() { rings.append(RingReader(ring)) }
  }

  /// Until the thread is sent away or there is nothing to record in this process.
  func loop() {
    if isPaused { comeBack() }
    while !isPaused, !tsi_worker_is_dismissed(), recorder.state != .off, !tsi_arena_is_short() {
      tsi_worker_beat()
      if isResting {
        tsi_worker_wait(1, heldRequest)
      } else if wakeUp(), !isPaused {
        tsi_worker_wait(Self.pause, heldRequest)
      }
    }
    if isPaused { return tsi_worker_leaves_for_now() }
    desk?.dismiss()
    tsi_gpu_dismiss()
    if tsi_arena_is_short() {
      breakOff()
    } else if recorder.state == .off {
      tsi_tap_off()
      writeNotes(isEnding: true)
      tsi_settle_answer(tsi_settle_requested().number)
    }
  }

  /// False when more is waiting.
  private func wakeUp() -> Bool {
    Fault.point("wake")
    dropLostUploader()
    clock.adjust()
    recorder.clock = clock
    let request = tsi_settle_requested()
    if stop.holdsInput { return waitForServer(request) }
    let isHeld = isWaiting(for: request)
    if isHeld, !isSent(request) { return waitForServer(request) }
    let isAsked = request.number != answered
    if unflushed.look(), !isAsked { tsi_pause(Self.secondLook) }
    let target = isAsked ? heads(for: request) : []
    let flush = flushTarget()
    let hadRunsRing = hasRunsRing
    let isDrained = drain()
    // What is printed after the request need not be waited for: another thread may never stop.
    let isServed = isAsked && zip(rings, target).allSatisfy { $0.cursor >= $1 }
    if isDrained { takeUnflushed(isLast: isAsked && request.looksAtStdout) }
    let isFlushed = flush.map { isPast($0) } == true
    takeOverdueCalls(isLast: isServed || isFlushed)
    takePartials()
    recorder.writeWaiting(isUrgent: isFlushed)
    watchMachine()
    watchSilence()
    watchSaves()
    if isServed, !isHeld { close(request) }
    if let endCode, isDrained || isServed { writeEnd(code: endCode) }
    writeJournal()
    upload()
    if isServed { finish(request, isHeld: isHeld) }
    tellFacts()
    // Behind the facts: who waited for this may ask for them next.
    if isFlushed, let flush { answer(flush) }
    writeNotes(isEnding: end != nil)
    if answered != request.number, heldRequest != request.number, isServed { answer(request) }
    // What was printed while the run was made is in the first ring, which a kill takes with it: that has no time.
    return isDrained && hasRunsRing == hadRunsRing
  }

  // MARK: Requests of host threads

  private func isEnd(_ request: tsi_request) -> Bool {
    request.kind == TSI_SETTLE_RETURN || request.kind == TSI_SETTLE_EXIT
  }

  private func isWaiting(for request: tsi_request) -> Bool {
    heldRequest == request.number && request.number != answered
  }

  private func isSent(_ request: tsi_request) -> Bool {
    writeJournal()
    upload()
    return desk?.lets(go: request, since: requested.since) != false
  }

  /// While an end is brought to the server it stands still: what is printed meanwhile would move it again and again.
  private func waitForServer(_ request: tsi_request) -> Bool {
    heldRequest = request.number
    if stop.holdsInput {
      if let endCode { writeEnd(code: endCode) }
      end?.isAsked = true
      writeJournal()
      upload()
    }
    writeNotes(isEnding: end != nil)
    return true
  }

  /// The journal has everything; perhaps the server is still to get it.
  private func finish(_ request: tsi_request, isHeld: Bool) {
    let isLast = isEnd(request)
    if isHeld {
      heldRequest = answered
      // What came meanwhile has moved the end: the journal has it, the program waits no longer.
      if isLast, end?.isAsked == false { desk?.noteLastLines() }
    } else {
      heldRequest = desk?.lets(go: request, since: requested.since) == false ? request.number : answered
    }
  }

  private var isResting: Bool {
    restsUntil != 0 && tsi_clock_monotonic() < restsUntil && tsi_settle_requested().number == answered
      && flushTarget() == nil
  }

  private func answer(_ request: tsi_request) {
    answered = request.number
    if isEnd(request) { restsUntil = tsi_clock_monotonic() &+ Self.rest }
    if Int(request.kind) == TSI_SETTLE_PAUSE { goForNow() }
    tsi_settle_answer(request.number)
  }

  /// Where the rings ended when this request was first seen.
  private func heads(for request: tsi_request) -> [UInt64] {
    if requested.number != request.number {
      requested = (request.number, rings.map { tsi_ring_head($0.ring) }, tsi_clock_monotonic())
    }
    return requested.heads
  }

  // MARK: Input

  private func drain() -> Bool {
    var left = Self.bytesPerRound
    for index in rings.indices {
      while left > 0, let record = rings[index].next() {
        take(record)
        left &-= Int(record.size)
      }
      if left == Self.bytesPerRound { abandonedBytes &+= rings[index].abandonIfStuck() }
      // Its bytes may have been counted with an earlier one; and the next ring does not know of it.
      if left > 0, rings[index].endsInGap() { takeGap(at: tsi_clock_monotonic()) }
    }
    if left > 0, lostBytes > reportedLoss { takeGap(at: tsi_clock_monotonic()) }
    return left > 0
  }

  var lostBytes: Int {
    rings.reduce(abandonedBytes &+ Int(clamping: tsi_tap_dropped_bytes())) {
      $0 &+ Int(clamping: tsi_ring_dropped_bytes($1.ring))
    }
  }

  private func take(_ record: tsi_record) {
    Fault.point("take")
    let bytes = UnsafeRawBufferPointer(start: record.bytes, count: Int(record.size))
    if record.has_gap { takeGap(at: record.time) }
    switch Int(record.kind) {
    case TSI_CALL: queue(call: bytes, record)
    case TSI_STDOUT_FILE: take(flush: bytes, at: record.position, record.time)
    default: feed(bytes, Int(record.stream), at: record.time)
    }
  }

  private func take(flush bytes: UnsafeRawBufferPointer, at position: UInt64, _ time: Int64) {
    switch unflushed.flushed(bytes, at: position) {
    case .continues(let known):
      feedOutput(UnsafeRawBufferPointer(rebasing: bytes[known...]), upTo: position &+ UInt64(bytes.count), at: time)
    case .replaces:
      breakLine(1)
      feedOutput(bytes, upTo: position &+ UInt64(bytes.count), at: time)
    }
  }

  /// Bytes of the FILE stdout, whose last one has the position before `end`, and the calls made between them.
  private func feedOutput(_ bytes: UnsafeRawBufferPointer, upTo end: UInt64, at time: Int64) {
    var rest = bytes
    while let next = calls.nextPosition, next < end {
      let left = Int(clamping: end &- next)
      let size = max(0, rest.count &- left)
      feed(UnsafeRawBufferPointer(rebasing: rest[..<size]), 1, at: time)
      rest = UnsafeRawBufferPointer(rebasing: rest[size...])
      guard let entry = calls.next(upTo: next) else { break }
      take(entry)
    }
    feed(rest, 1, at: time)
    takeCalls(upTo: end)
  }

  private func takeCalls(upTo position: UInt64) {
    while let entry = calls.next(upTo: position) { take(entry) }
  }

  private func takeUnflushed(isLast: Bool) {
    guard let new = unflushed.takeNew(isLast: isLast) else { return }
    if new.isPurged { breakLine(1) }
    new.bytes.withUnsafeBytes { feedOutput($0, upTo: unflushed.recordedPosition, at: tsi_clock_monotonic()) }
  }

  private func feed(_ bytes: UnsafeRawBufferPointer, _ stream: Int, at time: Int64) {
    guard !bytes.isEmpty, settings.streams.contains(stream == 1 ? .standardOutput : .standardError) else { return }
    takeBackEnd()
    if stream == 1 {
      recorder.stream = .standardOutput
      assemblers.output.feed(bytes, at: time, into: &recorder)
    } else {
      recorder.stream = .standardError
      assemblers.error.feed(bytes, at: time, into: &recorder)
    }
    useRunsRing()
  }

  private func queue(call bytes: UnsafeRawBufferPointer, _ record: tsi_record) {
    guard let call = Call(bytes) else { return }
    calls.append(CallQueue.Entry(call: call, position: record.position, time: record.time))
    takeCalls(upTo: unflushed.recordedPosition)
  }

  private func takeOverdueCalls(isLast: Bool) {
    let now = tsi_clock_monotonic()
    while let entry = calls.nextOverdue(now: now, isLast: isLast) { take(entry) }
  }

  private func take(_ entry: CallQueue.Entry) {
    takeBackEnd()
    if case .start(let variables) = entry.call, !variables.isEmpty { use(variables) }
    if case .save(let file) = entry.call, !link(file) { return }
    recorder.take(entry.call, at: entry.time)
    if let line = entry.call.line { line.withUnsafeBytes { take(line: $0, at: entry.time) } }
    useRunsRing()
  }

  /// Bytes are missing: a line that lies across the place is no line.
  private func takeGap(at time: Int64) {
    let missing = lostBytes &- reportedLoss
    reportedLoss &+= missing
    takeBackEnd()
    breakLine(1)
    breakLine(2)
    // Also where the bytes were counted with an earlier loss: the step is not known any more.
    recorder.stream = .standardOutput
    recorder.gap(bytes: missing, at: time)
    lossToNote &+= missing
  }

  private func breakLine(_ stream: Int) {
    if stream == 1 {
      recorder.stream = .standardOutput
      assemblers.output.breakOff(into: &recorder)
    } else {
      recorder.stream = .standardError
      assemblers.error.breakOff(into: &recorder)
    }
  }

  private func takePartials() {
    recorder.stream = .standardOutput
    assemblers.output.takePartial(into: &recorder)
    recorder.stream = .standardError
    assemblers.error.takePartial(into: &recorder)
  }

  private var hasRunsRing: Bool { rings.count == 2 }

  /// The run has just begun: from now on what is printed shall outlive the process.
  func useRunsRing() {
    guard rings.count == 1, let claim = run.claim, recorder.state == .running else { return }
    Fault.point("claimed")
    tsi_settle_before_earlier_handlers()
    rings.append(RingReader(claim.ring))
    tsi_tap_switch_ring(claim.ring)
  }

  // MARK: The end, and taking it back

  private func close(_ request: tsi_request) {
    Fault.point("end")
    watchSaves(isLast: true)
    switch Int(request.kind) {
    case TSI_SETTLE_RETURN, TSI_SETTLE_EXIT, TSI_SETTLE_CLOSE, TSI_SETTLE_FLUSHED: endCode = finishCode ?? request.code
    case TSI_SETTLE_LEAVE:
      endCode = nil
      writeEnd(code: nil)
    case TSI_SETTLE_FINISH:
      finishCode = request.code
      endCode = request.code
    default: break
    }
    if let endCode { writeEnd(code: endCode) }
    end?.isAsked = true
  }

  private func writeEnd(code: Int32?) {
    if let end, end.code == code { return }
    takeBackEnd()
    let mark = recorder.journal?.mark()
    ends &+= 1
    end = End(assemblers: assemblers, recorder: recorder, mark: mark, code: code, generation: ends)
    finishLines()
    useRunsRing()
    recorder.end(code: code)
    if code == 0, recorder.state == .running { run.endsWell() }
  }

  private func finishLines() {
    recorder.stream = .standardOutput
    assemblers.output.finish(into: &recorder)
    recorder.stream = .standardError
    assemblers.error.finish(into: &recorder)
  }

  func takeBackEnd() {
    guard let end else { return }
    self.end = nil
    assemblers = end.assemblers
    recorder.takeBack(to: end.recorder, end.mark)
  }

  // MARK: Output

  func writeJournal() {
    Fault.point("journal")
    if let claim = run.claim, rings.count == 2 {
      let end = recorder.journal?.end ?? 0
      let progress = tsi_progress(
        ring_position: rings[1].cursor, journal_size: UInt64(clamping: end), stdout_position: unflushed.recordedPosition
      )
      tsi_ring_intend(claim.ring, progress, UInt64(clamping: recorder.journal?.file.size ?? 0))
    }
    _ = recorder.journal?.write(now: tsi_clock_monotonic(), isLast: end != nil)
    noteJournalState()
    // While the disk is full the ring keeps what only memory has; it is small, but it outlives the process.
    if case .failing = recorder.journal?.file.state { return }
    for ring in rings { ring.release() }
    // A run whose end is in its journal leaves nothing to recover.
    guard end != nil, !isRingGone, recorder.journal?.file.hasPending == false else { return }
    isRingGone = true
    run.claim?.giveUp()
  }
}

extension tsi_request {
  /// The host thread that asks is in no flush, so what stdout holds stands still.
  fileprivate var looksAtStdout: Bool {
    kind == TSI_SETTLE_RETURN || kind == TSI_SETTLE_CLOSE || kind == TSI_SETTLE_FINISH
  }
}
