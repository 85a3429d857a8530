import CTrackShim
import TrackShim

/// Makes a run of a saved log, by the recorder that a tracked program's lines go through.
///
/// The log is read twice: for its times, and for what it says. Neither it nor the run is ever in memory whole.
public struct LogImport {
  public struct Log: Sendable {
    /// The file's name without its folder.
    public let name: String
    /// When the file was written last, in nanoseconds since 1970.
    public let modified: Int64
    public var isStandardError = false
    public var exitCode: Int32 = 0

    public init(name: String, modified: Int64) {
      self.name = name
      self.modified = modified
    }
  }

  /// Where this happens.
  public struct Place {
    let environment: (String) -> String?
    let folder: String
    let temporary: String
    let offset: (Int64) -> Int64

    /// `offset` is local time's, in seconds east of Greenwich, when local clocks show so many seconds since 1970.
    public init(
      environment: @escaping (String) -> String?, folder: String, temporary: String, offset: @escaping (Int64) -> Int64
    ) {
      self.environment = environment
      self.folder = folder
      self.temporary = temporary
      self.offset = offset
    }
  }

  public struct Run: Sendable {
    public let id: String
    public let name: String
    public let project: String
    /// Its folder.
    public let path: String
    public let rows: Int
    /// Lines had times; else all have the file's.
    public let hasTimes: Bool
    public let notes: [String]
  }

  public enum Outcome: Sendable {
    case recorded(Run)
    /// No line was recognised.
    case nothing
    case failed(String)
  }

  private let log: Log
  private let place: Place
  private let settings: Settings

  public init(_ log: Log, options: [LaunchOption: String], place: Place) {
    self.log = log
    self.place = place
    let given = Dictionary(uniqueKeysWithValues: options.map { ($0.key.variable, $0.value) })
    let variable = { [environment = place.environment] (name: String) in
      given[name] ?? environment(name)  // bounded: as in a dictionary
    }
    var settings = Settings(
      from: SettingsSource(variable: variable, startDirectory: place.folder))
    // It continues no run, and its stream is what the log has.
    settings.resume = nil
    settings.streams = .both
    self.settings = settings
  }

  /// What is wrong with the settings.
  public var complaints: [String] { settings.complaints }

  public func run<Failure: Error>(_ read: FormatLearning.Reading<Failure>) throws(Failure) -> Outcome {
    var survey = StampSurvey()
    var lines = RawLines()
    let look = { (line: UnsafeRawBufferPointer, isBeginning: Bool) in if isBeginning { survey.take(line) } }
    try read { lines.feed($0, look) }
    lines.finish(look)
    var recording = Recording(
      log, settings, place, LogClock(survey, modified: log.modified, offset: place.offset))
    try read { recording.take($0) }
    return recording.finish()
  }
}

/// A log on its way into a journal.
private struct Recording {
  private let log: LogImport.Log
  private let settings: Settings
  private let run: ImportedRun
  private var clock: LogClock
  private var recorder: Recorder
  private var lines = RawLines()
  private var assembler = LineAssembler()
  private var failure: SystemError?

  init(_ log: LogImport.Log, _ settings: Settings, _ place: LogImport.Place, _ clock: LogClock) {
    self.log = log
    self.settings = settings
    self.clock = clock
    run = ImportedRun(
      settings: settings, temporary: place.temporary, zone: place.environment("TZ"), start: clock.start, log: log.name)
    recorder = Recorder(settings: settings, starter: run, clock: RunClock(start: clock.start, offset: 0))
    recorder.stream = log.isStandardError ? .standardError : .standardOutput
  }

  mutating func take(_ piece: UnsafeRawBufferPointer) {
    guard failure == nil, recorder.state != .off else { return }
    var lines = lines
    lines.feed(piece) { take($0, isBeginning: $1) }
    self.lines = lines
    recorder.writeWaiting(runtime: runtime)
    write()
  }

  private mutating func take(_ line: UnsafeRawBufferPointer, isBeginning: Bool) {
    let time = isBeginning ? clock.time(of: line) : clock.now
    assembler.feed(line, at: time, into: &recorder)
  }

  private var runtime: Int64 { max(0, clock.now &- clock.start) }

  mutating func finish() -> LogImport.Outcome {
    var lines = lines
    lines.finish { take($0, isBeginning: $1) }
    assembler.finish(into: &recorder)
    recorder.end(code: log.exitCode, runtime: runtime)
    write()
    run.finish()
    if let problem = run.problem { return .failed(problem) }
    guard let directory = run.directory else { return .nothing }
    if let failure { return .failed("\(directory.path.printablePath) cannot be written (\(failure.text))") }
    return .recorded(
      LogImport.Run(
        id: directory.runID, name: settings.name, project: settings.project, path: directory.path,
        rows: recorder.history.rows.rowCount, hasTimes: clock.hasStamps, notes: recorder.takeNotes()))
  }

  private mutating func write() {
    guard let journal = recorder.journal, !journal.write(now: tsi_clock_monotonic(), isLast: true) else { return }
    switch journal.file.state {
    case .good: break
    case .failing(let error), .givenUp(let error): failure = error
    }
  }
}
