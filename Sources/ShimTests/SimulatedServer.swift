@testable import TrackShim

/// A W&B server that keeps one run, is strict about what it is sent, and fails as it is told.
final class SimulatedServer: Transport {
  enum Fault {
    case none
    /// The request never arrived.
    case unreachable
    /// Nor can it ever.
    case unsendable
    /// It was done, but nobody heard of it.
    case lostReply
    case status(Int, retryAfter: String)
    case cutBody
    /// Somebody else's page, as a hotel's network has one.
    case foreignPage
    /// The uploader's time is over before or behind this request.
    case killed(isDone: Bool)
  }

  struct Run {
    /// By the bytes of the key: spellings that are equal as strings are two keys.
    var config: [[UInt8]: JSONValue] = [:]
    var history: [String] = []
    var events: [String] = []
    var console: [String] = []
    var summary = "{}"
    var files: [String: [UInt8]] = [:]
    var reported: Set<String> = []
    var exitCode: Int64?
    var displayName = ""
    var hasTelemetry = true
    /// Their titles.
    var alerts: [String] = []
  }

  static let key = "0123456789abcdef0123456789abcdef01234567"
  private(set) var run: Run?
  /// Lines that another uploader's run left here; they are nobody's to change.
  private let base: RunProjection.Counts
  private(set) var violations: [String] = []
  /// History lines that came again with other content: the number and what stood there before.
  private(set) var rewritten: [(number: Int, old: String)] = []
  private(set) var requests: [String] = []
  private(set) var largestBody = 0
  /// The variables of each UpsertBucket.
  private(set) var upserts: [JSONValue] = []
  private(set) var rowsReceived = 0
  private(set) var isLastRequestCompleting = false
  var features: [String] = []
  /// What to do to the next request; its operation is told.
  var fault: (String) -> Fault = { _ in .none }
  var kill: () -> Void = {}
  /// An upload beside the others takes so many looks, and time passes in between.
  var uploadLooks = 3
  var pass: (_ milliseconds: UInt32) -> Void = { _ in }
  private var upload: (request: HTTPRequest, looks: Int)?

  init(_ run: Run? = nil) {
    self.run = run
    base = RunProjection.Counts(
      history: run?.history.count ?? 0, events: run?.events.count ?? 0, console: run?.console.count ?? 0)
  }

  // MARK: Requests

  func exchange(_ request: HTTPRequest) throws(TransportFailure) -> HTTPResponse {
    let body = Self.bytes(of: request.body)
    let isStorage = request.url.hasPrefix("http://storage")
    let isStream = request.url.hasSuffix("/file_stream")
    let operation = isStorage ? "PUT" : isStream ? "stream" : JSONValue(body)?["operationName"]?.text ?? "?"
    requests.append(operation)
    checkAuthorization(request, isStorage)
    switch fault(operation) {
    case .none: return answer(operation, request, body)
    case .unreachable: throw .failed("connection refused", isCertificate: false)
    case .unsendable: throw .unsendable("the file to send cannot be opened")
    case .status(let status, let retryAfter):
      var response = HTTPResponse(status: status, body: Array(#"{"error":"busy"}"#.utf8))
      response.retryAfter = retryAfter
      return response
    case .cutBody:
      var response = answer(operation, request, body)
      response.body = Array(response.body.prefix(response.body.count / 2))
      response.isCut = true
      return response
    case .foreignPage where !isStream && !isStorage:
      return HTTPResponse(status: 200, body: Array("<html>Welcome!</html>".utf8))
    case .foreignPage: throw .failed("timeout", isCertificate: false)
    case .lostReply:
      _ = answer(operation, request, body)
      throw .failed("connection reset", isCertificate: false)
    case .killed(let isDone):
      if isDone { _ = answer(operation, request, body) }
      kill()
      throw .cancelled
    }
  }

  func start(upload request: HTTPRequest) {
    if upload != nil { violate("two uploads at once") }
    upload = (request, uploadLooks)
  }

  func drive(milliseconds: UInt32) -> Bool {
    guard upload != nil else { return false }
    pass(milliseconds)
    return true
  }

  func uploadOutcome() throws(TransportFailure) -> HTTPResponse? {
    guard let (request, looks) = upload else { throw .cancelled }
    upload?.looks = looks - 1
    guard looks <= 0 else { return nil }
    upload = nil
    return try exchange(request)
  }

  func endUpload() { upload = nil }

  private static func bytes(of body: HTTPBody) -> [UInt8] {
    switch body {
    case .none: []
    case .bytes(let bytes): bytes
    case .file(let path, let size), .linked(let path, _, let size):
      Array(((try? Files.read(path, limit: 32 << 20)) ?? []).prefix(size))
    }
  }

  private func checkAuthorization(_ request: HTTPRequest, _ isStorage: Bool) {
    let carried = request.headers.filter { $0.hasPrefix("Authorization: Basic ") }.count
    if carried != (isStorage ? 0 : 1) { violate("\(carried) keys with a request to \(request.url)") }
  }

  private func violate(_ text: String) { violations.append("request \(requests.count): \(text)") }

  private func answer(_ operation: String, _ request: HTTPRequest, _ body: [UInt8]) -> HTTPResponse {
    let value = JSONValue(body)
    let variables = value?["variables"] ?? .null
    switch operation {
    case "PUT": return put(request, body)
    case "stream": return stream(value ?? .null, body)
    case "UpsertBucket": return upsert(variables)
    case "RunResumeStatus": return resumeStatus()
    case "NotifyScriptableRunAlert":
      run?.alerts.append(variables["title"]?.text ?? "")
      return Self.data([("notifyScriptableRunAlert", .make([("success", .bool(true))]))])
    case "CreateRunFiles": return createFiles(variables)
    case "ServerFeaturesQuery":
      let list = features.map { JSONValue.make([("name", .string($0)), ("isEnabled", .bool(true))]) }
      return Self.data([("serverInfo", .make([("features", .array(list))]))])
    default:
      violate("unknown operation \(operation)")
      return HTTPResponse(status: 400)
    }
  }

  private static func data(_ members: [(String, JSONValue)]) -> HTTPResponse {
    HTTPResponse(status: 200, body: Array(JSONValue.make([("data", .make(members))]).text(asJSON: true).utf8))
  }

  // MARK: GraphQL

  private func upsert(_ variables: JSONValue) -> HTTPResponse {
    upserts.append(variables)
    if variables["name"]?.text != "run1" { violate("the run is called otherwise") }
    guard let config = JSONValue(variables["config"]?.text), config["_wandb"]?["value"]?["t"] != nil else {
      violate("a config without telemetry, or none: \(variables["config"]?.text ?? "")")
      return HTTPResponse(status: 400)
    }
    var known = run ?? Run()
    known.config = [:]
    for member in config.members {
      let key = Array(member.key.utf8)
      if known.config[key] != nil { violate("config key \(member.key) twice") }
      known.config[key] = member.value["value"]
    }
    known.displayName = variables["displayName"]?.text ?? known.displayName
    run = known
    let project = JSONValue.make([("name", .string("proj")), ("entity", .make([("name", .string("team"))]))])
    let bucket = JSONValue.make([
      ("id", .string("storage-id")), ("name", .string("run1")), ("displayName", .string(known.displayName)),
      ("project", project), ("historyLineCount", .number("\(known.history.count)")),
    ])
    return Self.data([("upsertBucket", .make([("bucket", bucket)]))])
  }

  private func resumeStatus() -> HTTPResponse {
    guard let run else { return Self.data([("model", .make([("bucket", .null)]))]) }
    let config = JSONValue.object(
      run.config.map { JSONValue.Member(key: $0.key.asText, value: .make([("value", $0.value)])) })
    let bucket = JSONValue.make([
      ("id", .string("storage-id")), ("name", .string("run1")),
      ("historyLineCount", .number("\(run.history.count)")), ("eventsLineCount", .number("\(run.events.count)")),
      ("logLineCount", .number("\(run.console.count)")), ("summaryMetrics", .string(run.summary)),
      ("historyTail", Self.tail(run.history)), ("eventsTail", Self.tail(run.events)),
      ("config", .string(config.text(asJSON: true))),
      ("wandbConfig", .string(run.hasTelemetry ? #"{"t":{"13":"x"}}"# : "{}")),
    ])
    return Self.data([("model", .make([("bucket", bucket)]))])
  }

  private static func tail(_ lines: [String]) -> JSONValue {
    .string(JSONValue.array(lines.suffix(1).map { .string($0) }).text(asJSON: true))
  }

  private func createFiles(_ variables: JSONValue) -> HTTPResponse {
    let files = (variables["files"]?.elements ?? []).map { name in
      JSONValue.make([("name", name), ("uploadUrl", .string("http://storage/" + (name.text ?? "")))])
    }
    return Self.data([
      (
        "createRunFiles",
        .make([("files", .array(files)), ("uploadHeaders", .array([.string("X-Signature: abc:def")]))])
      )
    ])
  }

  private func put(_ request: HTTPRequest, _ body: [UInt8]) -> HTTPResponse {
    if request.headers != ["X-Signature: abc:def"] { violate("an upload without the server's headers") }
    run?.files[String(request.url.dropFirst("http://storage/".count))] = body
    return HTTPResponse(status: 200)
  }

  // MARK: file_stream

  private func stream(_ value: JSONValue, _ body: [UInt8]) -> HTTPResponse {
    guard run != nil else {
      violate("lines of a run that is not there")
      return HTTPResponse(status: 404)
    }
    guard value.isObject else {
      violate("a body that is no object")
      return HTTPResponse(status: 400)
    }
    largestBody = max(largestBody, body.count)
    for file in value["files"]?.members ?? [] { take(file) }
    for name in value["uploaded"]?.elements ?? [] { take(uploaded: name.text ?? "") }
    takeEnd(value)
    return HTTPResponse(status: 200, body: Array(#"{"exitcode":null,"limits":{}}"#.utf8))
  }

  private func take(_ file: JSONValue.Member) {
    let offset = Int(clamping: file.value["offset"]?.integer ?? -1)
    let lines = (file.value["content"]?.elements ?? []).map { $0.text ?? "\u{0}" }
    if lines.isEmpty || lines.contains("\u{0}") { violate("\(file.key) without lines") }
    switch file.key {
    case "wandb-history.jsonl": takeHistory(lines, offset)
    case "wandb-events.jsonl": _ = put(lines, offset, \.events, base.events)
    case "output.log": _ = put(lines, offset, \.console, base.console)
    case "wandb-summary.json":
      if offset != 0 || lines.count != 1 || JSONValue(lines[0])?.isObject != true { violate("a summary like that") }
      run?.summary = lines.last ?? ""
    default: violate("a file \(file.key)")
    }
  }

  private func takeHistory(_ lines: [String], _ offset: Int) {
    rowsReceived += lines.count
    for line in lines where JSONValue(line)?["_step"]?.integer == nil { violate("a row \(line)") }
    for (number, old) in put(lines, offset, \.history, base.history) { rewritten.append((number, old)) }
  }

  /// Gives the lines that said something else before.
  private func put(_ lines: [String], _ offset: Int, _ file: WritableKeyPath<Run, [String]>, _ first: Int)
    -> [(Int, String)]
  {
    guard var known = run?[keyPath: file], offset >= first, offset <= known.count else {
      violate("lines from \(offset) on, where \(first) to \(run?[keyPath: file].count ?? -1) would do")
      return []
    }
    var changed: [(Int, String)] = []
    for (number, line) in zip(offset..., lines) {
      if number == known.count { known.append(line) }
      if known[number] != line { changed.append((number, known[number])) }
      known[number] = line
    }
    run?[keyPath: file] = known
    return changed
  }

  private func take(uploaded name: String) {
    if run?.files[name] == nil { violate("\(name) is said to be uploaded") }
    run?.reported.insert(name)
  }

  private func takeEnd(_ value: JSONValue) {
    isLastRequestCompleting = value["complete"]?.isTrue == true
    guard isLastRequestCompleting else {
      if value["complete"] != nil || value["exitcode"] != nil { violate("half an end") }
      return
    }
    guard let code = value["exitcode"]?.integer else { return violate("an end without a code") }
    for name in ["config.yaml", "wandb-summary.json"] where run?.files[name] == nil { violate("\(name) is missing") }
    run?.exitCode = code
  }
}
