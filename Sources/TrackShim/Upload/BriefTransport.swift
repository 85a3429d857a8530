/// For somebody who waits at a terminal: a server that says nothing is given half a minute, and time for what it is
/// sent, instead of the minutes that a program in the background can spare.
final class BriefTransport: Transport {
  private static let seconds = 30
  /// A line slower than this is not one to send runs over.
  private static let bytesPerSecond = 16_384

  private let transport: any Transport
  private let least: Int

  /// `least`: seconds that the settings ask for in any case.
  init(_ transport: any Transport, least: Int) {
    self.transport = transport
    self.least = max(Self.seconds, least)
  }

  func exchange(_ request: HTTPRequest) throws(TransportFailure) -> HTTPResponse {
    var brief = request
    let longest = least &+ Self.size(of: request.body) / Self.bytesPerSecond
    brief.timeout = request.timeout > 0 ? min(request.timeout, longest) : longest
    return try transport.exchange(brief)
  }

  /// As long as bytes flow it may take its time.
  func start(upload request: HTTPRequest) throws(TransportFailure) { try transport.start(upload: request) }
  func drive(milliseconds: UInt32) -> Bool { transport.drive(milliseconds: milliseconds) }
  func uploadOutcome() throws(TransportFailure) -> HTTPResponse? { try transport.uploadOutcome() }
  func endUpload() { transport.endUpload() }

  private static func size(of body: HTTPBody) -> Int {
    switch body {
    case .none: 0
    case .bytes(let bytes): bytes.count
    case .file(_, let size), .linked(_, _, let size): max(0, size)
    }
  }
}
