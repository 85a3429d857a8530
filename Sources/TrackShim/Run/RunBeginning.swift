/// The first records of a journal: whose run it is, and what is known of its program.
package struct RunBeginning {
  let settings: Settings
  let runID: String
  /// Nanoseconds since 1970.
  let start: Int64
  let host: String
  let isOnline: Bool
  /// As in `linux-x86_64`; empty where it is not known on what the program ran.
  let platform: String
  /// Its git facts are the run's as well.
  let environment: EnvironmentRecord
  /// What the run's sweep has chosen for it.
  let config: [RecordItem]

  package init(
    settings: Settings, runID: String, start: Int64, host: String, isOnline: Bool = false, platform: String,
    environment: EnvironmentRecord, config: [RecordItem] = []
  ) {
    self.settings = settings
    self.runID = runID
    self.start = start
    self.host = host
    self.isOnline = isOnline
    self.platform = platform
    self.environment = environment
    self.config = config
  }

  package func write(to journal: Journal) {
    journal.append(HeaderRecord(producer: "trackshim \(Version.text)"))
    journal.append(runRecord)
    journal.append(telemetry)
    journal.append(environment)
  }

  private var runRecord: RunRecord {
    var run = RunRecord()
    run.runID = runID
    run.entity = settings.entity
    run.project = settings.project
    run.config = config
    run.group = settings.group
    run.jobType = settings.jobType
    run.displayName = settings.name
    run.notes = settings.notes
    run.tags = settings.tags
    run.shared = settings.shared
    run.sweepID = settings.sweepID
    run.host = host
    run.startTime = start
    run.git = environment.git
    run.resume = settings.resume != nil && settings.resume != .never
    return run
  }

  private var telemetry: TelemetryRecord {
    var telemetry = TelemetryRecord()
    telemetry.features = isOnline ? [TelemetryFeature.libC] : [TelemetryFeature.libC, TelemetryFeature.offline]
    if !settings.name.isEmpty { telemetry.features.append(TelemetryFeature.initName) }
    if !settings.runID.isEmpty { telemetry.features.append(TelemetryFeature.initID) }
    if !settings.tags.isEmpty { telemetry.features.append(TelemetryFeature.initTags) }
    if settings.shared != nil { telemetry.features += [TelemetryFeature.sharedMode, TelemetryFeature.label] }
    telemetry.coreVersion = Version.text
    telemetry.platform = platform
    return telemetry
  }
}
