/// Config keys that became known after the run began.
extension Uploader {
  var isConfigDue: Bool {
    guard isStarted, !lacksOnlyFiles, sentConfig != projection.config.version, let configDue else { return false }
    return isEnding || now >= configDue
  }

  /// One attempt: rows do not wait for it.
  func updateConfig() -> Bool {
    guard let run = projection.run else { return false }
    let version = projection.config.version
    let body = GraphQL.upsert(upsertVariables(run, isFirst: false, storageID: ""))
    let answer = isEnding ? persist(.upsert) { graphQL(body) } : attempt(.upsert, graphQL(body))
    configDue = nil
    switch answer {
    case .again(let met, let after):
      configDue = now &+ Pace.nanoseconds(after ?? 10)
      if isEnding { outcome = .unreachable(met.text) }
    case .cancelled: outcome = .cancelled
    case .delivered, .refused:
      sentConfig = version
      if case .failure(let refusal) = reply(answer) {
        note("the server did not take a change of the config: \(refusal.text.printable)", isNeeded: true)
      }
    }
    return true
  }

  /// W&B's form of it: each value wrapped, and what it keeps about the client under `_wandb`. Without `t` a run
  /// could never be resumed.
  var configJSON: String {
    var out: [UInt8] = [UInt8(ascii: "{")]
    for item in projection.config.items {
      out.appendJSONString(item.key)
      out.append(contentsOf: ":{\"value\":".utf8)
      out.append(contentsOf: item.json)
      out.append(contentsOf: "},".utf8)
    }
    out.append(contentsOf: "\"_wandb\":{\"value\":".utf8)
    out.append(contentsOf: wandbConfig)
    out.append(contentsOf: "}}".utf8)
    return out.asText
  }

  var wandbConfig: [UInt8] {
    let telemetry = projection.telemetry
    var values: [(String, JSONValue)] = []
    if !telemetry.features.isEmpty {
      values.append(("3", .array(telemetry.features.sorted().map { .number(String($0)) })))
    }
    if !telemetry.coreVersion.isEmpty { values.append(("12", .string(telemetry.coreVersion))) }
    values.append(("13", .string(telemetry.platform.isEmpty ? HostFacts.platform : telemetry.platform)))
    var out: [UInt8] = []
    JSONValue.make([("m", projection.definitions.json), ("t", .make(values))]).append(to: &out)
    return out
  }
}
