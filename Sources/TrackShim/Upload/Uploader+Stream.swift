/// file_stream: rows, samples, summary, console lines, and the sign of life.
extension Uploader {
  var hasStreamData: Bool { projection.hasLines || !outgoing.isEmpty || hasSummary }

  private var hasSummary: Bool {
    !lacksOnlyFiles && projection.summary.version != sentSummary && !projection.summary.isEmpty
  }

  /// A full request does not wait for its turn; neither does anything once the program ends.
  var isStreamDue: Bool {
    guard isStarted else { return false }
    if isEnding { return hasStreamData }
    guard hasStreamData || !files.uploaded.isEmpty else { return now >= pace.heartbeatDue }
    return now >= pace.earliest || hasMore
  }

  /// What has been read and is not acknowledged.
  var waitingBytes: Int { projection.heldBytes &+ outgoingBytes }

  func stream() {
    Fault.point("stream")
    send(makeRequest(completes: nil))
  }

  /// The run's last request: what is left, and how it ended.
  func complete(_ end: JournalView.End) -> Bool {
    guard uploadEndFiles() else { return true }
    if lacksOnlyFiles {
      progressFile?.save(progress)
      completedGeneration = end.generation
      return true
    }
    // A journal without an end is that of a process that died.
    if send(makeRequest(completes: projection.exit?.exitCode ?? 1)) { completedGeneration = end.generation }
    return true
  }

  func makeRequest(completes code: Int32?) -> StreamRequest {
    var body = StreamBody()
    var counts = progress.sent
    add(projection.history, StreamFile.history, base: progress.base.history, to: &body, &counts.history)
    add(projection.events, StreamFile.events, base: progress.base.events, to: &body, &counts.events)
    let lines = addConsole(to: &body)
    if let last = lines.last { counts.console = max(counts.console, last.number &+ 1) }
    let summary = addSummary(to: &body)
    body.closeFiles()
    body.add(uploaded: files.uploaded)
    // How a shared run ended its first process says.
    if let code, isPrimary { body.complete(exitCode: code) }
    return StreamRequest(
      body: body.finish(), counts: counts, consoleLines: lines.count, openLines: openLines(after: lines),
      summaryVersion: summary, uploaded: files.uploaded.count, completes: code != nil)
  }

  private func add(_ lines: LineQueue, _ file: String, base: Int, to body: inout StreamBody, _ sent: inout Int) {
    guard !lines.isEmpty else { return }
    let part = lines.prefix(bytes: HistoryLine.longest)
    body.add(file: file, offset: base &+ lines.first, content: part.bytes)
    sent = lines.first &+ part.count
  }

  /// One request takes one range of lines: a line that is rewritten further up goes before the others, alone.
  private func addConsole(to body: inout StreamBody) -> ArraySlice<ConsoleLine> {
    guard let first = outgoing.first else { return [] }
    var content: [UInt8] = []
    var text: [UInt8] = []
    var taken = 0
    for line in outgoing {
      guard line.number == first.number &+ taken, taken == 0 || content.count < Self.requestBytes else { break }
      if taken > 0 { content.append(UInt8(ascii: ",")) }
      text.removeAll(keepingCapacity: true)
      ConsoleText.append(line, label: shared?.label ?? "", isStructured: features.structuredConsole, to: &text)
      content.appendJSONString(text)
      taken &+= 1
    }
    body.add(file: StreamFile.console, offset: progress.base.console &+ first.number, content: content)
    return outgoing.prefix(taken)
  }

  private func openLines(after lines: ArraySlice<ConsoleLine>) -> [Int] {
    let closed = Set(lines.map(\.number))
    return progress.openLines.filter { !closed.contains($0) } + lines.filter(\.isOpen).map(\.number)
  }

  private func addSummary(to body: inout StreamBody) -> Int? {
    guard hasSummary else { return nil }
    let json = projection.summary.json(projection.shift)
    guard json.count <= HistoryLine.longest else { return projection.summary.version }
    // It goes with the next one where this one is large already.
    guard !body.hasFiles || body.bytes.count &+ json.count <= HistoryLine.longest else { return nil }
    var line: [UInt8] = []
    line.appendJSONString(json)
    body.add(file: StreamFile.summary, offset: 0, content: line)
    return projection.summary.version
  }

  /// False when it could not be brought home; the outcome says why.
  @discardableResult
  private func send(_ request: StreamRequest) -> Bool {
    let answer = persist(.stream) {
      pace.sent(at: now)
      return httpRequest(request)
    }
    switch answer {
    case .delivered(let response):
      acknowledge(request, response)
      return true
    case .refused(let refusal): giveUp(refusal, "the W&B server takes no more of this run")
    case .again(let met, _): outcome = .unreachable(met.text)
    case .cancelled: outcome = .cancelled
    }
    return false
  }

  private func httpRequest(_ request: StreamRequest) -> HTTPRequest {
    var http = HTTPRequest()
    http.url = plan.address.fileStream(entity: progress.entity, project: progress.project, run: progress.id)
    http.headers = headers(client: "X-WANDB-ASYNC-CLIENT-ID")
    http.timeout = 180
    if features.gzip, request.body.count > 1024, let compressed = Gzip.compress(request.body) {
      http.headers.append("Content-Encoding: gzip")
      http.body = .bytes(compressed)
    } else {
      http.body = .bytes(request.body)
    }
    return http
  }

  private func acknowledge(_ request: StreamRequest, _ response: HTTPResponse) {
    pace.answered(response, at: now)
    progress.sent = request.counts
    progress.openLines = request.openLines
    progress.note(
      settled: beforeEnd?.settled, endSize: beforeEnd == nil ? 0 : view.end?.size ?? 0, of: journalFile)
    progress.completeSize = request.completes && damage == nil ? view.end?.size ?? 0 : 0
    projection.acknowledge(progress.sent)
    let gone = min(request.consoleLines, outgoing.count)
    for line in outgoing.prefix(gone) { outgoingBytes &-= line.text.count }
    outgoing.removeFirst(gone)
    files.reported(request.uploaded)
    if let version = request.summaryVersion { sentSummary = version }
    if !request.isHeartbeat || request.completes { progressFile?.save(progress) }
    if !hasStreamData, let position = follower?.position { source.say(.progress(bytes: position)) }
    if JSONValue(response.body)?["stopped"]?.isTrue == true { source.say(.stopRequested) }
  }
}
