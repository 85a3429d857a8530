/// One request as it goes on the wire. A retry sends the same value again.
struct HTTPRequest {
  var method = "POST"
  var url = ""
  /// `Name: value`, without line ends.
  var headers: [String] = []
  var body = HTTPBody.none
  /// Seconds for all of it. 0: as long as bytes flow.
  var timeout = 30
}

/// Anything but GET sends its length, also that of no body.
enum HTTPBody {
  case none
  case bytes([UInt8])
  /// The file's first `size` bytes; shorter by then, the exchange fails.
  case file(path: String, size: Int)
}

struct HTTPResponse {
  var status = 0
  var body: [UInt8] = []
  /// The status came, but not the whole body, or it was beyond all measure.
  var isCut = false
  /// The headers of that name as they came, "" where there was none.
  var retryAfter = ""
  var rateLimitRemaining = ""
  var rateLimitReset = ""
}

/// No status line came.
enum TransportFailure: Error {
  /// By us: `stop` or the deadline. Whether the request arrived is not known.
  case cancelled
  /// In words for a note: never with a header's value or a password. With a certificate at fault a retry is of
  /// no use until somebody has done something about it.
  case failed(String, isCertificate: Bool)
  /// However often it is tried: what is wrong is the request itself, or that the network is not ours to use.
  case unsendable(String)
}

/// Makes exchanges, one at a time. An answer of any status is a response.
protocol Transport: AnyObject {
  func exchange(_ request: HTTPRequest) throws(TransportFailure) -> HTTPResponse
}

struct TransportOptions {
  /// Certificates to trust in place of the system's; "" for the system's.
  var caFile = ""
  var caPath = ""
  var isInsecure = false
  /// "" for none: the environment is never asked.
  var proxy = ""
  var noProxy = ""
  var userAgent = ""
}
