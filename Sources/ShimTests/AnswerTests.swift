import Testing

@testable import TrackShim

/// What each status means to each operation.
@Suite struct AnswerTests {
  private static let json = Array(#"{"data":{}}"#.utf8)

  private func kind(_ operation: Answer.Operation, _ status: Int, isCut: Bool = false, body: [UInt8] = json) -> String {
    switch Answer(operation, HTTPResponse(status: status, body: body, isCut: isCut)) {
    case .delivered: "delivered"
    case .again: "again"
    case .refused: "refused"
    case .cancelled: "cancelled"
    }
  }

  @Test(arguments: [
    // status, query, upsert, stream, upload
    (200, "delivered", "delivered", "delivered", "delivered"),
    (204, "delivered", "delivered", "delivered", "delivered"),
    (400, "refused", "refused", "refused", "refused"), (401, "refused", "refused", "refused", "refused"),
    (403, "refused", "refused", "refused", "refused"), (404, "refused", "refused", "refused", "refused"),
    (408, "again", "again", "again", "refused"), (409, "refused", "again", "refused", "refused"),
    (410, "refused", "refused", "refused", "refused"), (413, "refused", "refused", "refused", "refused"),
    (422, "refused", "refused", "refused", "refused"), (429, "again", "again", "again", "again"),
    (500, "again", "again", "again", "again"), (501, "refused", "refused", "refused", "refused"),
    (502, "again", "again", "again", "again"), (503, "again", "again", "again", "again"),
    (504, "again", "again", "again", "again"), (302, "refused", "refused", "refused", "refused"),
    (0, "refused", "refused", "refused", "refused"), (999, "refused", "refused", "refused", "refused"),
  ])
  func status(status: Int, query: String, upsert: String, stream: String, upload: String) {
    #expect(kind(.query, status) == query && kind(.upsert, status) == upsert)
    #expect(kind(.stream, status) == stream && kind(.upload, status) == upload)
  }

  @Test func aBodyThatBrokeOff() {
    for operation in [Answer.Operation.stream, .upload] {
      #expect(kind(operation, 200, isCut: true, body: []) == "delivered")
    }
    for operation in [Answer.Operation.query, .upsert] {
      #expect(kind(operation, 200, isCut: true, body: Array("{".utf8)) == "again")
    }
  }

  @Test func aForeignPageIsNoAnswer() {
    let page = Array("<html>".utf8)
    #expect(kind(.query, 200, body: page) == "again" && kind(.upsert, 200, body: page) == "again")
    #expect(kind(.stream, 200, body: page) == "delivered" && kind(.upload, 200, body: []) == "delivered")
  }

  @Test func wordsAndWaits() {
    var response = HTTPResponse(status: 429, body: Array(#"{"errors":[{"message":"slow\u001b[2J"}]}"#.utf8))
    response.retryAfter = "1.5"
    guard case .again(let trouble, let after) = Answer(.stream, response) else {
      Issue.record("not again")
      return
    }
    #expect(trouble.isRateLimit && trouble.text == "429 (slow?[2J)" && after == 1.5)
    guard case .refused(let refusal) = Answer(.query, HTTPResponse(status: 403, body: [0xFF])) else {
      Issue.record("not refused")
      return
    }
    #expect(refusal == Answer.Refusal(status: 403, text: "403"))
  }

  @Test func failures() {
    guard case .cancelled = Answer(TransportFailure.cancelled),
      case .again(let trouble, nil) = Answer(TransportFailure.failed("x", isCertificate: true))
    else {
      Issue.record("otherwise")
      return
    }
    #expect(trouble.isCertificate && trouble.text == "x")
    guard case .refused(let refusal) = Answer(TransportFailure.unsendable("y")) else {
      Issue.record("not refused")
      return
    }
    #expect(refusal == Answer.Refusal(status: 0, text: "y"))
  }
}

@Suite struct TroubleWatchTests {
  private static let second: Int64 = 1_000_000_000
  private let trouble = Answer.Trouble(text: "no\u{1B} route")

  @Test func lastingTroubleIsToldOnceAndItsEndOnce() {
    var watch = TroubleWatch()
    #expect(watch.met(trouble, now: 0) == nil && watch.met(trouble, now: 5 * Self.second - 1) == nil)
    let told = watch.met(trouble, now: 5 * Self.second)
    #expect(told?.contains("no? route") == true && watch.latest == trouble.text)
    #expect(watch.met(trouble, now: 99 * Self.second) == nil)
    #expect(watch.isOver() != nil && watch.latest == nil)
    for minute: Int64 in 2..<99 {
      #expect(watch.met(trouble, now: minute * 60 * Self.second) == nil && watch.isOver() == nil)
    }
  }

  @Test func aShortOneIsNotTold() {
    var watch = TroubleWatch()
    for start: Int64 in 0..<50 {
      #expect(watch.met(trouble, now: start * 60 * Self.second) == nil)
      #expect(watch.met(trouble, now: start * 60 * Self.second + 4 * Self.second) == nil)
      #expect(watch.isOver() == nil)
    }
  }

  @Test func aCertificateIsToldAtOnce() {
    var watch = TroubleWatch()
    #expect(watch.met(Answer.Trouble(text: "expired", isCertificate: true), now: 7)?.contains("expired") == true)
  }
}
