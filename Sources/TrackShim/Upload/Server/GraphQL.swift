/// The GraphQL operations that a run needs, as W&B's own client words them.
enum GraphQL {
  static let features = body(
    operation: "ServerFeaturesQuery",
    query: "query ServerFeaturesQuery { serverInfo { features { name isEnabled } } }", [])

  static func upsert(_ variables: [(String, JSONValue)]) -> [UInt8] {
    body(
      operation: "UpsertBucket",
      query: """
        mutation UpsertBucket($id: String, $name: String, $project: String, $entity: String, $groupName: String, \
        $description: String, $displayName: String, $notes: String, $commit: String, $config: JSONString, \
        $host: String, $debug: Boolean, $program: String, $repo: String, $jobType: String, $state: String, \
        $sweep: String, $tags: [String!], $summaryMetrics: JSONString) \
        { upsertBucket(input: {id: $id, name: $name, groupName: $groupName, modelName: $project, \
        entityName: $entity, description: $description, displayName: $displayName, notes: $notes, \
        config: $config, commit: $commit, host: $host, debug: $debug, jobProgram: $program, jobRepo: $repo, \
        jobType: $jobType, state: $state, sweep: $sweep, tags: $tags, summaryMetrics: $summaryMetrics}) \
        { bucket { id name displayName description config sweepName \
        project { id name entity { id name } } historyLineCount } inserted } }
        """, variables)
  }

  static func resumeStatus(_ variables: [(String, JSONValue)]) -> [UInt8] {
    body(
      operation: "RunResumeStatus",
      query: """
        query RunResumeStatus($project: String, $entity: String, $name: String!) \
        { model(name: $project, entityName: $entity) { id name entity { id name } \
        bucket(name: $name, missingOk: true) { id name summaryMetrics displayName logLineCount \
        historyLineCount eventsLineCount historyTail eventsTail config tags notes \
        wandbConfig(keys: ["t"]) } } }
        """, variables)
  }

  static func createFiles(_ variables: [(String, JSONValue)]) -> [UInt8] {
    body(
      operation: "CreateRunFiles",
      query: """
        mutation CreateRunFiles($entity: String!, $project: String!, $run: String!, $files: [String!]!) \
        { createRunFiles(input: {entityName: $entity, projectName: $project, runName: $run, files: $files}) \
        { runID uploadHeaders files { name uploadUrl } } }
        """, variables)
  }

  static func alert(_ variables: [(String, JSONValue)]) -> [UInt8] {
    body(
      operation: "NotifyScriptableRunAlert",
      query: """
        mutation NotifyScriptableRunAlert($entityName: String!, $projectName: String!, $runName: String!, \
        $title: String!, $text: String!, $severity: AlertSeverity = INFO, $waitDuration: Duration) \
        { notifyScriptableRunAlert(input: {entityName: $entityName, projectName: $projectName, runName: $runName, \
        title: $title, text: $text, severity: $severity, waitDuration: $waitDuration}) { success } }
        """, variables)
  }

  static func body(operation: String, query: String, _ variables: [(String, JSONValue)]) -> [UInt8] {
    let request = JSONValue.make([
      ("query", .string(query)), ("variables", .make(variables)), ("operationName", .string(operation)),
    ])
    var bytes: [UInt8] = []
    request.append(to: &bytes)
    return bytes
  }
}

extension JSONValue {
  /// W&B leaves alone what is null.
  static func orNull(_ text: String) -> JSONValue { text.isEmpty ? .null : .string(text) }
}
