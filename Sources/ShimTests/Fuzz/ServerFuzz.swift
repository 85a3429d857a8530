import CTrackShim

@testable import TrackShim

/// Single answers of a server that nobody knows.
enum ServerFuzz {
  /// A byte for the status, three headers and the body.
  static func runReply(_ bytes: [UInt8]) throws {
    var input = FuzzInput(bytes)
    let response = response(&input)
    for operation in [Answer.Operation.query, .upsert, .stream, .upload] {
      if case .again(let trouble, let after?) = Answer(operation, response) {
        try hold((0...3600).contains(after), "\(after) seconds of \(trouble.text)")
      }
    }
    var pace = Pace(interval: 2)
    pace.sent(at: 0)
    pace.answered(response, at: 0)
    try hold((0...120_000_000_000).contains(pace.earliest), "the next request goes at \(pace.earliest)")
    if let text = ServerMessage.text(in: response.body) {
      try hold(text.unicodeScalars.allSatisfy { $0.value >= 0x20 }, "control characters in a note")
    }
    guard let reply = JSONValue(response.body) else { return }
    _ = ServerFeatures(reply)
    _ = UploadGrant(reply, count: 2)?.address(of: "config.yaml")
    if let run = RunOnServer(reply) { try hold(run.historyLineCount >= 0, "\(run.historyLineCount) lines") }
    guard case .exists(let run) = EarlierRun.read(reply) else { return }
    try hold(min(run.lines.history, run.lines.events, run.lines.console) >= 0 && run.runtime >= 0, "below nothing")
  }

  /// `status, Retry-After, remaining, reset, body`, with separators that JSON has no use for.
  static func response(_ input: inout FuzzInput) -> HTTPResponse {
    let statuses = [200, 200, 200, 100, 302, 400, 401, 404, 408, 409, 413, 429, 500, 502, 599, 999]
    var response = HTTPResponse()
    let first = input.byte()
    response.status = statuses[Int(first & 15)]
    response.isCut = first & 64 != 0
    let parts = input.pieces(0x1F)
    response.body = parts.last ?? []
    guard parts.count > 3 else { return response }
    response.retryAfter = parts[0].asText
    response.rateLimitRemaining = parts[1].asText
    response.rateLimitReset = parts[2].asText
    return response
  }
}

/// Answers one after the other; then nobody waits for us any more.
final class FuzzServer: Transport {
  private var answers: ArraySlice<[UInt8]>
  private(set) var requests = 0

  init(_ answers: [[UInt8]]) { self.answers = answers[...] }

  func exchange(_ request: HTTPRequest) throws(TransportFailure) -> HTTPResponse {
    requests += 1
    guard let answer = answers.popFirst() else { throw .cancelled }
    var input = FuzzInput(answer)
    if answer.isEmpty { throw .failed("no connection", isCertificate: false) }
    return ServerFuzz.response(&input)
  }

  func start(upload request: HTTPRequest) {}
  func drive(milliseconds: UInt32) -> Bool { false }
  func uploadOutcome() throws(TransportFailure) -> HTTPResponse? { try exchange(HTTPRequest()) }
  func endUpload() {}
}
