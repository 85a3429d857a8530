import CTrackShim

/// The run's files: what they hold is made here, kept in the run's folder, and uploaded by addresses that the
/// server gives. The key does not go with them.
extension Uploader {
  /// What is known soon after the start; one attempt at a time. The end is short of these then.
  func uploadStartFiles() -> Bool {
    switch upload(startFiles, persistently: false) {
    case .done, .refused: files.startDue = nil
    case .later: files.startDue = now &+ Pace.nanoseconds(files.backoff.next(isEnding: false, jitter: clock.jitter()))
    case .over: break
    }
    return true
  }

  /// False when the outcome stands.
  func uploadEndFiles() -> Bool {
    progress.savedMissing = projection.saved.hasWaiting || projection.saved.hasRefused
    guard !files.areEndFilesDone, !lacksOnlyFiles || progress.filesMissing else { return true }
    let batch = [startFiles, summaryFile, consoleOnDisk()].flatMap { $0 }
    switch upload(batch, persistently: true) {
    case .over: return false
    case .later(let why):
      outcome = .unreachable(why)
      return false
    case .done, .refused:
      files.areEndFilesDone = true
      progress.filesMissing = files.refusal != nil
      return true
    }
  }

  private var summaryFile: [RunFile] {
    guard isPrimary else { return [] }
    let summary = RunFile(name: RunFile.summary, body: .bytes(projection.summary.json(projection.shift)))
    return [keep(summary)].filter { !files.has($0) }
  }

  /// Those of them that are new or have changed.
  private var startFiles: [RunFile] {
    guard isPrimary else { return [] }
    var batch: [RunFile] = []
    if let environment = projection.environment {
      batch.append(RunFile(name: RunFile.metadata, body: .bytes(MetadataFile.make(environment))))
    }
    let config = ConfigYAML.make(items: projection.config.items, wandb: wandbConfig)
    batch.append(RunFile(name: RunFile.config, body: .bytes(config)))
    return batch.filter { !files.has($0) }.map(keep)
  }

  private func consoleOnDisk() -> [RunFile] {
    consoleFile?.flush()
    guard let consoleFile, consoleFile.size > 0 else { return [] }
    guard !consoleFile.isBroken else {
      note("files/output.log could not be written, so it is not uploaded; the console lines are", isNeeded: true)
      return []
    }
    return [RunFile(name: consoleName, body: .file(path: consoleFile.path, size: consoleFile.size))]
  }

  /// As W&B's own client, the run's folder has them too; that a full disk has no room for a copy is no matter.
  private func keep(_ file: RunFile) -> RunFile {
    guard case .bytes(let bytes) = file.body, let folder = filesFolder else { return file }
    _ = Files.write(bytes, to: folder.path(adding: file.name), own: 2)
    return file
  }

  /// nil where the journal lies alone.
  var filesFolder: String? {
    guard let folder = folder?.path(adding: "files") else { return nil }
    return Files.isDirectory(folder) ? folder : nil
  }

  var folder: String? { journal.parentFolder }

  // MARK: Sending them

  private enum Sent {
    case done
    case refused(String)
    case later(String)
    /// The outcome says why.
    case over
  }

  private func upload(_ batch: [RunFile], persistently: Bool) -> Sent {
    guard !batch.isEmpty else { return .done }
    let body = createFiles(batch.map(\.name))
    let answer = persistently ? persist(.query) { graphQL(body) } : attempt(.query, graphQL(body))
    if case .again(let met, _) = answer { return .later(met.text) }
    if case .cancelled = answer {
      outcome = .cancelled
      return .over
    }
    guard case .success(let value) = reply(answer), let grant = UploadGrant(value, count: batch.count) else {
      let why = Self.text(of: reply(answer))
      refuse(batch.map(\.name), why)
      return .refused(why)
    }
    var refused: [RunFile] = []
    var why = ""
    defer { if !refused.isEmpty { refuse(refused.map(\.name), why) } }
    for file in batch {
      let url = grant.address(of: file.name)
      switch url.map({ put(file, $0, grant.headers, persistently) }) ?? .refused(Self.noAddress) {
      case .done: files.took(file)
      case .refused(let reason):
        refused.append(file)
        why = reason
      case .later(let why): return .later(why)
      case .over: return .over
      }
    }
    return .done
  }

  /// Told once: the run is none the worse for it, and `trackshim sync` tries again.
  func refuse(_ names: [String], _ why: String) {
    if files.refusal == nil {
      let names = names.joined(separator: ", ")
      note("\(names) did not get to the server (\(why.printable)); `trackshim sync` tries again", isNeeded: true)
    }
    files.refusal = why
  }

  func createFiles(_ names: [String]) -> [UInt8] {
    GraphQL.createFiles([
      ("entity", .string(progress.entity)), ("project", .string(progress.project)), ("run", .string(progress.id)),
      ("files", .array(names.map { .string($0) })),
    ])
  }

  private static let noAddress = "it gave no address"

  static func text(of reply: Result<JSONValue, Answer.Refusal>) -> String {
    if case .failure(let refusal) = reply { refusal.text } else { noAddress }
  }

  private func put(_ file: RunFile, _ url: String, _ headers: [String], _ persistently: Bool) -> Sent {
    var request = HTTPRequest()
    request.method = "PUT"
    request.url = url
    request.headers = headers
    request.body = file.body
    // Rows wait behind a file only so long; at the end they have gone before.
    request.timeout = persistently ? 3600 : 30
    let answer = persistently ? persist(.upload) { request } : attempt(.upload, request)
    switch answer {
    case .delivered: return .done
    case .again(let met, _): return .later(met.text)
    case .cancelled:
      outcome = .cancelled
      return .over
    case .refused(let refusal):
      return .refused(refusal.text)
    }
  }
}

/// A file of the run on its way.
struct RunFile {
  static let metadata = "wandb-metadata.json"
  static let config = "config.yaml"
  static let summary = "wandb-summary.json"
  static let console = "output.log"
  static let own = [metadata, config, summary, console]

  let name: String
  let body: HTTPBody
}

/// Which of the run's files have gone.
struct RunFiles {
  /// Uploaded, and not yet reported in the stream.
  private(set) var uploaded: [String] = []
  /// By name, what they held when they went.
  private var sent: [String: Content] = [:]
  var startDue: Int64?
  var areEndFilesDone = false
  /// Why the server did not take one.
  var refusal: String?
  var backoff = Backoff()

  private struct Content: Equatable {
    let size: Int
    let checksum: UInt32

    init?(_ body: HTTPBody) {
      guard case .bytes(let bytes) = body else { return nil }
      var sum = CRC32()
      bytes.withUnsafeBytes { sum.update($0) }
      size = bytes.count
      checksum = sum.value
    }
  }

  /// At the end they go with the others.
  func isDue(now: Int64, isEnding: Bool) -> Bool {
    guard let startDue, !isEnding else { return false }
    return now >= startDue
  }

  func has(_ file: RunFile) -> Bool {
    guard let content = Content(file.body) else { return false }
    return sent[file.name] == content
  }

  mutating func took(name: String) { uploaded.append(name) }

  mutating func took(_ file: RunFile) {
    took(name: file.name)
    sent[file.name] = Content(file.body)
  }

  mutating func reported(_ count: Int) { uploaded.removeFirst(min(count, uploaded.count)) }
}

/// Where files may be put: the answer to CreateRunFiles.
struct UploadGrant {
  let headers: [String]
  private let addresses: [(name: String, url: String)]

  init?(_ reply: JSONValue, count: Int) {
    guard let created = reply["data"]?["createRunFiles"], let files = created["files"]?.elements,
      files.count == count
    else { return nil }
    headers = Self.headers(in: created["uploadHeaders"])
    addresses = files.compactMap { file in
      guard let name = file["name"]?.text, let url = file["uploadUrl"]?.text, !url.isEmpty else { return nil }
      return (name, url)
    }
  }

  func address(of name: String) -> String? { addresses.first { $0.name == name }?.url }

  static func headers(in value: JSONValue?) -> [String] {
    (value?.elements ?? []).compactMap(\.text).map(header)
  }

  /// `Name:Value`, split at the first colon.
  private static func header(_ text: String) -> String {
    guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else { return text + ";" }
    let value = String(text[text.utf8.index(after: colon)...]).trimmed
    return String(text[..<colon]).trimmed + (value.isEmpty ? ";" : ": " + value)
  }
}
