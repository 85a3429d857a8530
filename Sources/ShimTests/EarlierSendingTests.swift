import CTrackShim
import Testing

@testable import TrackShim

/// A run that is on the server, and a journal beside which nothing says so any more.
@Suite struct EarlierSendingTests {
  private func journal(rows: Range<Int>, _ server: SimulatedServer = SimulatedServer(), resume: Bool = false) throws
    -> StandingJournal
  {
    let journal = try StandingJournal(server) { $0.resume = resume }
    add(rows, to: journal)
    return journal
  }

  private func add(_ rows: Range<Int>, to journal: StandingJournal) {
    for row in rows {
      let time = "\(StandingJournal.start / 1_000_000_000 + Int64(row)).25"
      journal.row([(["loss"], "\(row)"), (["_step"], "\(row * 10)"), (["_timestamp"], time)])
      journal.print("line \(row)\n", at: Int64(row))
    }
  }

  private func loseProgress(_ journal: StandingJournal, _ text: [UInt8]?) {
    _ = tsi_unlink(journal.path + ".sent")
    if let text { journal.folder.write("run/run-run1.wandb.sent", text) }
  }

  @Test(arguments: [nil, [], [UInt8](repeating: 0, count: 4096), Array("{broken".utf8)] as [[UInt8]?])
  func rowsOfThisJournalAreGoneOnFrom(text: [UInt8]?) throws {
    let journal = try journal(rows: 0..<3)
    journal.print("20%", .standardError)
    #expect(journal.upload() == .complete)
    loseProgress(journal, text)
    journal.print("\r40%\n", .standardError)
    add(3..<5, to: journal)
    #expect(journal.upload() == .complete)
    let run = try #require(journal.server.run)
    #expect(run.history.map { JSONValue($0)?["_step"]?.integer } == [0, 10, 20, 30, 40])
    #expect(journal.server.rowsReceived == 5 && journal.server.rewritten.isEmpty && journal.server.violations == [])
    // The line that was open then came again.
    #expect(run.console.map { $0.split(separator: " ").last } == ["0", "1", "2", "40%", "3", "4"])
    #expect(journal.notes.contains { $0.contains("3 rows") })
    #expect(journal.notes.contains { $0.contains("damaged") } == (text?.isEmpty == false && text?.first != 0))
    #expect(JournalSync.isComplete(journal.path))
    let progress = try UploadProgressFile(for: journal.path, isReading: true).known
    #expect(progress?.base == RunProjection.Counts() && progress?.sent.history == 5)
  }

  /// The same id, rows of something else: one that differs in its step, one in its time, and a run with more rows.
  @Test func rowsOfOtherOriginAreNotAddedTo() throws {
    let others = ["1795331002.25,\"_step\":21", "1795331002.251,\"_step\":20"]
    for other in others {
      var run = SimulatedServer.Run()
      run.history = ["{\"_step\":0}", "{\"_step\":1}", "{\"_timestamp\":\(other)}"]
      try expectRefusal(SimulatedServer(run), rows: 0..<5)
    }
    var longer = SimulatedServer.Run()
    longer.history = Array(repeating: "{\"_step\":20,\"_timestamp\":1795331002.25}", count: 6)
    try expectRefusal(SimulatedServer(longer), rows: 0..<5)
    var same = SimulatedServer.Run()
    same.history = ["{}", "{}", "{\"_timestamp\":1.79533100225e9,\"_step\":20}"]
    let journal = try journal(rows: 0..<5, SimulatedServer(same))
    #expect(journal.upload() == .complete && journal.server.rowsReceived == 2)
  }

  private func expectRefusal(_ server: SimulatedServer, rows: Range<Int>) throws {
    let journal = try journal(rows: rows, server)
    guard case .unusable(let why) = journal.upload() else {
      Issue.record("sent")
      return
    }
    #expect(why.contains("--append") && server.rowsReceived == 0)
  }

  /// Behind an earlier part nobody knows which number our first row had.
  @Test func ofAResumedRunNothingIsDoubledEither() throws {
    var earlier = SimulatedServer.Run()
    earlier.history = ["{\"_step\":4,\"_timestamp\":1795330000.5}"]
    let journal = try journal(rows: 0..<3, SimulatedServer(earlier), resume: true)
    #expect(journal.upload() == .complete && journal.server.run?.history.count == 4)
    loseProgress(journal, nil)
    guard case .unusable(let why) = journal.upload() else {
      Issue.record("sent")
      return
    }
    #expect(why.contains("row 3") && journal.server.run?.history.count == 4)
    journal.plan.appends = true
    #expect(journal.upload() == .complete && journal.server.run?.history.count == 7)
  }

  @Test func aPersonIsNotKeptWaiting() throws {
    final class Listener: Transport {
      var timeouts: [Int] = []
      func exchange(_ request: HTTPRequest) throws(TransportFailure) -> HTTPResponse {
        timeouts.append(request.timeout)
        return HTTPResponse()
      }
      func start(upload request: HTTPRequest) {}
      func drive(milliseconds: UInt32) -> Bool { false }
      func uploadOutcome() throws(TransportFailure) -> HTTPResponse? { throw .cancelled }
      func endUpload() {}
    }
    let listener = Listener()
    let bodies: [HTTPBody] = [.none, .bytes([UInt8](repeating: 0, count: 1 << 20)), .file(path: "", size: 1 << 30)]
    for (least, timeout) in [(10, 180), (60, 180), (10, 20), (10, 0)] {
      for body in bodies {
        var request = HTTPRequest()
        request.timeout = timeout
        request.body = body
        _ = try BriefTransport(listener, least: least).exchange(request)
      }
    }
    #expect(listener.timeouts == [30, 94, 180, 60, 124, 180, 20, 20, 20, 30, 94, 65_566])
  }
}
