import CTrackShim
import Testing

@testable import TrackShim

/// What the suites about the transport share: one request to a server of the test's own, and what came of it.
protocol TransportSuite {}

extension TransportSuite {
  /// In the header of every request made by `post`; no text for a human may hold it.
  static var secret: String { "c2VjcmV0LWtleQ" }
  static var second: Int64 { 1_000_000_000 }

  typealias Serve = (LoopbackConnection) -> Void
  typealias Outcome = Result<HTTPResponse, TransportFailure>

  func made(_ options: TransportOptions = TransportOptions(userAgent: "test/1")) -> CurlTransport? {
    var why = ""
    let transport = CurlTransport(options, why: &why)
    #expect(transport != nil, "\(why)")
    return transport
  }

  func outcome(_ transport: CurlTransport, _ request: HTTPRequest) -> Outcome {
    do { return .success(try transport.exchange(request)) } catch { return .failure(error) }
  }

  func post(_ url: String, _ body: String = "{}") -> HTTPRequest {
    HTTPRequest(url: url, headers: ["Authorization: Basic " + Self.secret], body: .bytes(Array(body.utf8)))
  }

  /// What becomes of one request to a server that treats each connection as `serve` says.
  func answer(
    _ request: HTTPRequest? = nil, _ serve: Serve, during: (CurlTransport) -> Void = { _ in }
  ) -> Outcome? {
    var result: Outcome?
    LoopbackServer.run(serve) { server in
      guard let transport = made() else { return }
      var request = request ?? post("")
      request.url = server.url + "/graphql"
      during(transport)
      result = outcome(transport, request)
    }
    return result
  }

  func response(_ outcome: Outcome?, at place: SourceLocation = #_sourceLocation) -> HTTPResponse? {
    guard case .success(let response) = outcome else {
      Issue.record("no response: \(String(describing: outcome))", sourceLocation: place)
      return nil
    }
    return response
  }

  func failure(_ outcome: Outcome?, at place: SourceLocation = #_sourceLocation) -> String {
    guard case .failure(.failed(let text, let isCertificate)) = outcome else {
      Issue.record("no failure: \(String(describing: outcome))", sourceLocation: place)
      return ""
    }
    #expect(!isCertificate, sourceLocation: place)
    #expect(!text.isEmpty, sourceLocation: place)
    #expect(!text.contains(Self.secret), sourceLocation: place)
    return text
  }

  func unsendable(_ outcome: Outcome?, at place: SourceLocation = #_sourceLocation) -> String {
    guard case .failure(.unsendable(let text)) = outcome else {
      Issue.record("not unsendable: \(String(describing: outcome))", sourceLocation: place)
      return ""
    }
    #expect(!text.contains(Self.secret), sourceLocation: place)
    return text
  }

  func expectCancelled(_ outcome: Outcome?, at place: SourceLocation = #_sourceLocation) {
    guard case .failure(.cancelled) = outcome else {
      Issue.record("not cancelled: \(String(describing: outcome))", sourceLocation: place)
      return
    }
  }

  func seconds(_ body: () -> Void) -> Double {
    let start = tsi_clock_monotonic()
    body()
    return Double(tsi_clock_monotonic() - start) / Double(Self.second)
  }
}
