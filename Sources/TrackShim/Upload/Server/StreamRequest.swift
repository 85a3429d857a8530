/// One file_stream request. Frozen: whatever happens to its answer, these bytes with these line numbers are what
/// is sent again, so that a server that has them already sees a repetition and nothing else.
struct StreamRequest {
  private(set) var body: [UInt8]
  /// What the server has once this is acknowledged.
  let counts: RunProjection.Counts
  let consoleLines: Int
  let openLines: [Int]
  let summaryVersion: Int?
  let uploaded: Int
  let completes: Bool

  var isHeartbeat: Bool { body.count <= 2 }
}

/// Makes the body of a file_stream request, part by part.
struct StreamBody {
  private(set) var bytes: [UInt8] = [UInt8(ascii: "{")]
  private(set) var hasFiles = false

  mutating func add(file: String, offset: Int, content: [UInt8]) {
    bytes.append(contentsOf: (hasFiles ? "," : "\"files\":{").utf8)
    hasFiles = true
    bytes.append(contentsOf: "\"\(file)\":{\"offset\":\(offset),\"content\":[".utf8)
    bytes.append(contentsOf: content)
    bytes.append(contentsOf: "]}".utf8)
  }

  mutating func closeFiles() {
    if hasFiles { bytes.append(UInt8(ascii: "}")) }
  }

  mutating func add(uploaded names: [String]) {
    guard !names.isEmpty else { return }
    separate()
    bytes.append(contentsOf: "\"uploaded\":[".utf8)
    for (index, name) in names.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      bytes.appendJSONString(name)
    }
    bytes.append(UInt8(ascii: "]"))
  }

  mutating func complete(exitCode: Int32) {
    separate()
    bytes.append(contentsOf: "\"complete\":true,\"exitcode\":\(exitCode)".utf8)
  }

  mutating func finish() -> [UInt8] {
    bytes.append(UInt8(ascii: "}"))
    return bytes
  }

  private mutating func separate() {
    if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
  }
}

enum StreamFile {
  static let history = "wandb-history.jsonl"
  static let events = "wandb-events.jsonl"
  static let summary = "wandb-summary.json"
  static let console = "output.log"
}
