/// One request as it goes on the wire. A retry sends the same value again.
struct HTTPRequest {
  var method = "POST"
  var url = ""
  /// `Name: value`, without line ends.
  var headers: [String] = []
  var body = HTTPBody.none
  /// Seconds for all of it. 0: as long as bytes flow.
  var timeout = 30
  /// Bytes of the body a second, at most. 0: as fast as it goes.
  var rate = 0
}

/// Anything but GET sends its length, also that of no body.
enum HTTPBody {
  case none
  case bytes([UInt8])
  /// The file's first `size` bytes; shorter by then, the exchange fails. It lies in a run's folder and is no link.
  case file(path: String, size: Int)
  /// The same of one that may be a link of the user's to a file elsewhere. `folders`: so many of its path are the run's.
  case linked(path: String, folders: Int, size: Int)
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

  /// Begins an upload, one at a time, that goes on beside the exchanges and in `drive`.
  func start(upload request: HTTPRequest) throws(TransportFailure)
  /// Lets it go on for so long at most. False at once: none is under way.
  func drive(milliseconds: UInt32) -> Bool
  /// How it ended; nil while it is under way.
  func uploadOutcome() throws(TransportFailure) -> HTTPResponse?
  func endUpload()
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
