import CTrackShim

/// Exchanges through the system's libcurl, with connections kept open between them. Belongs to one thread but
/// for `stop` and `setDeadline`.
final class CurlTransport: Transport {
  private let http: OpaquePointer

  /// nil when there is no libcurl to use; then `why` says why not.
  init?(_ options: TransportOptions, why: inout String) {
    if let reason = tsi_http_load() {
      why = String(cString: reason).printable
      return nil
    }
    guard let created = options.withC({ tsi_http_create(&$0) }) else {
      why = "memory is short"
      return nil
    }
    http = created
  }

  deinit { tsi_http_destroy(http) }

  func exchange(_ request: HTTPRequest) throws(TransportFailure) -> HTTPResponse {
    let wire = try WireRequest(request)
    var reply = tsi_http_response()
    wire.withC { tsi_http_exchange(http, &$0, &reply) }
    return try Self.response(reply)
  }

  func start(upload request: HTTPRequest) throws(TransportFailure) {
    let wire = try WireRequest(request)
    var reply = tsi_http_response()
    var isStarted = false
    wire.withC { isStarted = tsi_http_start_upload(http, &$0, &reply) }
    guard !isStarted else { return }
    _ = try Self.response(reply)
    throw .failed("the upload did not begin", isCertificate: false)
  }

  func drive(milliseconds: UInt32) -> Bool { tsi_http_drive(http, milliseconds) }

  func uploadOutcome() throws(TransportFailure) -> HTTPResponse? {
    var reply = tsi_http_response()
    return tsi_http_upload_ended(http, &reply) ? try Self.response(reply) : nil
  }

  func endUpload() { tsi_http_end_upload(http) }

  private static func response(_ reply: tsi_http_response) throws(TransportFailure) -> HTTPResponse {
    if reply.cancelled { throw .cancelled }
    guard reply.status != 0 else {
      if reply.unsendable { throw .unsendable(text(reply.error).printable) }
      throw .failed(text(reply.error).printable, isCertificate: reply.certificate_problem)
    }
    return HTTPResponse(
      status: Int(reply.status),
      body: Array(UnsafeBufferPointer(start: reply.body, count: reply.body == nil ? 0 : reply.body_size)),
      isCut: reply.cut, retryAfter: text(reply.retry_after),
      rateLimitRemaining: text(reply.rate_limit_remaining), rateLimitReset: text(reply.rate_limit_reset))
  }

  /// From any thread: the exchange under way ends within 50 ms, later ones at once, as cancelled.
  func stop() { tsi_http_stop(http) }

  /// From any thread: the same from that time on, in nanoseconds of the monotonic clock; 0 for never.
  func setDeadline(_ monotonic: Int64) { tsi_http_set_deadline(http, monotonic) }

  private static func text(_ pointer: UnsafePointer<CChar>?) -> String { pointer.map { String(cString: $0) } ?? "" }
}

// One thread makes the exchanges (the owner's promise); what other threads may call only sets an atomic flag.
extension CurlTransport: @unchecked Sendable {}

/// A request in the form that C takes, with no body copied.
private struct WireRequest {
  private static let longestConnect = 15

  private let method: String
  private let url: String
  private let path: String
  private let headers: [UInt8]
  private let body: [UInt8]
  private let size: Int
  /// RUN/files/NAME has two of its own.
  private var folders: Int32 = 2
  private var mayBeLink = false
  private let timeout: UInt32
  private let connectTimeout: UInt32
  private let rate: Int64

  /// A control character would make one header two, or cut the address.
  init(_ request: HTTPRequest) throws(TransportFailure) {
    guard Self.isAddress(request.url) else { throw .unsendable("an address that is not http:// or https://") }
    guard !request.method.isEmpty, Self.isPlain(request.method), request.headers.allSatisfy(Self.isPlain) else {
      throw .unsendable("a header that is more than one line")
    }
    method = request.method
    url = request.url
    headers = request.headers.filter { !$0.isEmpty }.flatMap { Array($0.utf8) + [0] } + [0]
    switch request.body {
    case .none: (body, path, size) = ([], "", 0)
    case .bytes(let bytes): (body, path, size) = (bytes, "", bytes.count)
    case .file(let file, let fileSize): (body, path, size) = ([], file, max(0, fileSize))
    case .linked(let file, let folders, let fileSize):
      (body, path, size) = ([], file, max(0, fileSize))
      self.folders = Int32(clamping: folders)
      mayBeLink = true
    }
    rate = Int64(clamping: max(0, request.rate))
    timeout = Self.milliseconds(request.timeout)
    connectTimeout = Self.milliseconds(
      request.timeout > 0 ? min(request.timeout, Self.longestConnect) : Self.longestConnect)
  }

  func withC(_ use: (inout tsi_http_request) -> Void) {
    headers.withUnsafeBytes { headers in
      body.withUnsafeBytes { body in
        method.withCString { method in
          url.withCString { url in
            path.withCString { path in
              var request = tsi_http_request()
              request.method = method
              request.url = url
              request.headers = headers.baseAddress?.assumingMemoryBound(to: CChar.self)
              request.body = body.baseAddress
              request.body_file = self.path.isEmpty ? nil : path
              request.body_folders = folders
              request.body_may_be_link = mayBeLink
              request.body_size = size
              request.connect_timeout = connectTimeout
              request.timeout = timeout
              request.rate = rate
              use(&request)
            }
          }
        }
      }
    }
  }

  private static func isAddress(_ url: String) -> Bool {
    let start = url.prefix(8).lowercased()
    return (start.hasPrefix("http://") || start == "https://") && isPlain(url)
  }

  private static func isPlain(_ text: String) -> Bool { text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } }

  private static func milliseconds(_ seconds: Int) -> UInt32 { UInt32(min(max(0, seconds), 1_000_000)) &* 1000 }
}

extension TransportOptions {
  fileprivate func withC<Value>(_ use: (inout tsi_http_options) -> Value) -> Value {
    caFile.withCString { caFile in
      caPath.withCString { caPath in
        proxy.withCString { proxy in
          noProxy.withCString { noProxy in
            userAgent.withCString { userAgent in
              var options = tsi_http_options(
                ca_file: caFile, ca_path: caPath, insecure: isInsecure, proxy: proxy, no_proxy: noProxy,
                user_agent: userAgent)
              return use(&options)
            }
          }
        }
      }
    }
  }
}
