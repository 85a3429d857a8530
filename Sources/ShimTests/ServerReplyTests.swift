import Testing

@testable import TrackShim

/// Replies of servers that mean well, and of others: those are refused, never believed halfway.
@Suite struct ServerReplyTests {
  private func value(_ text: String) -> JSONValue { JSONValue(Array(text.utf8)) ?? .null }

  private static let upserted =
    #"{"data":{"upsertBucket":{"bucket":{"id":"s","name":"r","displayName":"d","historyLineCount":3,"#
    + #""project":{"name":"p","entity":{"name":"e"}}}}}}"#

  private static let status =
    #"{"data":{"model":{"bucket":{"id":"s","historyLineCount":19,"eventsLineCount":3,"logLineCount":33,"#
    + #""summaryMetrics":"{\"_step\":18,\"loss\":NaN,\"_wandb\":{\"runtime\":3}}","#
    + #""historyTail":"[\"{\\\"_step\\\":20,\\\"_runtime\\\":3.897}\"]","eventsTail":"[\"{\\\"_runtime\\\":4.5}\"]","#
    + #""config":"{\"lr\":{\"value\":1},\"odd\":2,\"_wandb\":{\"value\":{}}}","wandbConfig":"{\"t\":{}}"}}}}"#

  private static let granted =
    #"{"data":{"createRunFiles":{"uploadHeaders":["A: b:c","D:","e"],"files":[{"name":"x","uploadUrl":"http://s/x"},"#
    + #"{"name":"y","uploadUrl":""}]}}}"#

  @Test func theRunAsTheServerCallsIt() throws {
    let run = try #require(RunOnServer(value(Self.upserted)))
    #expect(run.id == "r" && run.project == "p" && run.entity == "e" && run.storageID == "s")
    #expect(run.displayName == "d" && run.historyLineCount == 3)
    let fresh = Self.upserted.replacing(#""historyLineCount":3"#, with: #""historyLineCount":null"#)
    #expect(RunOnServer(value(fresh))?.historyLineCount == 0)
    for part in [#""name":"r""#, #""name":"p""#, #""name":"e""#] {
      #expect(RunOnServer(value(Self.upserted.replacing(part, with: #""name":7"#))) == nil, "\(part)")
    }
    for count in ["-3", "1.5", "1099511627777", "9223372036854775807", "1e300", "\"3\"", "{}"] {
      #expect(RunOnServer(value(Self.upserted.replacing(":3", with: ":" + count))) == nil, "\(count)")
    }
    let most = Self.upserted.replacing(":3", with: ":1099511627776")
    #expect(RunOnServer(value(most))?.historyLineCount == 1 << 40)
  }

  @Test func theEarlierRun() throws {
    guard case .exists(let run) = EarlierRun.read(value(Self.status)) else {
      Issue.record("no run")
      return
    }
    #expect(run.lines == RunProjection.Counts(history: 19, events: 3, console: 33) && run.storageID == "s")
    #expect(run.lastStep == 20 && run.runtime == 4_500_000_000)
    let summary = [("_step", "18"), ("loss", "NaN"), ("_wandb", #"{"runtime":3}"#)]
    #expect(run.summary == summary.map { RecordItem(key: $0, json: $1) })
    #expect(run.config == [RecordItem(key: "lr", json: "1")])
  }

  private func reading(_ text: String) -> String {
    switch EarlierRun.read(value(text)) {
    case .exists: "exists"
    case .missing: "missing"
    case .unintelligible: "unintelligible"
    }
  }

  @Test func anEarlierRunThatIsNone() {
    #expect(reading(#"{"data":{"model":null}}"#) == "missing")
    #expect(reading(#"{"data":{"model":{"bucket":null}}}"#) == "missing")
    #expect(reading(Self.status.replacing(#"{\"t\":{}}"#, with: "{}")) == "missing")
    #expect(reading(#"{"data":null}"#) == "unintelligible" && reading("[]") == "unintelligible")
    #expect(reading(Self.status.replacing(":33", with: ":null")) == "unintelligible")
    for count in ["-1", "1e300", "1099511627777", "9223372036854775807"] {
      for place in [":19", ":3", ":33"] {
        #expect(reading(Self.status.replacing(place + ",", with: ":\(count),")) == "unintelligible", "\(count)")
      }
    }
  }

  @Test func whereFilesGo() throws {
    let grant = try #require(UploadGrant(value(Self.granted), count: 2))
    #expect(grant.address(of: "x") == "http://s/x" && grant.address(of: "y") == nil && grant.address(of: "z") == nil)
    #expect(grant.headers == ["A: b:c", "D;", "e;"])
    #expect(UploadGrant(value(Self.granted), count: 1) == nil && UploadGrant(.null, count: 0) == nil)
  }

  /// Any part of a reply may be missing or of another kind.
  @Test func repliesThatMeanIll() {
    var random = SplitMix(seed: 8)
    let replies = [Self.upserted, Self.status, Self.granted].map { value($0) }
    var intact = 0
    for _ in 0..<6_000 {
      let reply = mangled(replies[random.below(3)], &random)
      if let run = RunOnServer(reply) {
        intact += 1
        #expect(!run.id.isEmpty && (0...1 << 40).contains(run.historyLineCount))
      }
      if case .exists(let run) = EarlierRun.read(reply) {
        #expect(min(run.lines.history, run.lines.events, run.lines.console) >= 0 && run.runtime >= 0)
        var projection = RunProjection(
          acknowledged: RunProjection.Counts(), shift: StepShift(lastStep: run.lastStep, runtime: run.runtime))
        projection.goOn(from: run)
        #expect(JSONValue(projection.summary.json(projection.shift))?.isObject == true)
      }
      _ = UploadGrant(reply, count: 2)
      _ = ServerFeatures(reply)
      _ = ServerMessage.text(in: Array(reply.text(asJSON: true).utf8))
    }
    #expect(intact > 0)
  }

  private func mangled(_ value: JSONValue, _ random: inout SplitMix) -> JSONValue {
    if random.below(12) == 0 { return odd(&random) }
    switch value {
    case .object(let members):
      return .object(
        members.filter { _ in random.below(15) > 0 }
          .map { JSONValue.Member(key: $0.key, value: mangled($0.value, &random)) })
    case .array(let elements): return .array(elements.map { mangled($0, &random) })
    case .string(let text):
      // A text that is JSON itself.
      guard let inner = JSONValue(Array(text.utf8)) else { return value }
      return .string(mangled(inner, &random).text(asJSON: true))
    default: return value
    }
  }

  private func odd(_ random: inout SplitMix) -> JSONValue {
    let odd: [JSONValue] = [
      .null, .bool(true), .number("-1"), .number("9223372036854775807"), .number("-9223372036854775808"),
      .number("NaN"),
      .number("1e308"), .number("Infinity"), .number("0.5"), .string(""), .string("\u{0}"), .string("[]"),
      .string("{}"),
      .array([]), .object([]), .array([.null]), .string("[\"{}\"]"), .string("[1]"),
    ]
    return odd[random.below(odd.count)]
  }
}

extension String {
  /// The first of them.
  fileprivate func replacing(_ part: String, with other: String) -> String {
    guard let start = utf8.indices.first(where: { utf8[$0...].starts(with: part.utf8) }) else { return self }
    return String(self[..<start]) + other + String(self[start...].dropFirst(part.count))
  }
}
