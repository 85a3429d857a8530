import Glibc

@testable import TrackShim

/// A training that writes its journal in pieces while an uploader reads it: rows, console text, samples, config;
/// ends that are taken back, because something is printed after them. Its clock moves when the uploader waits.
final class SimulatedProgram: UploadSource {
  private static let start: Int64 = 1_795_331_000_000_000_000
  private static let keys = [
    "loss", "val/loss", "a.b", "say \"hi\"", "naïve", "nai\u{308}ve", "日本", "tab\there", "back\\slash", "e\u{301}",
    "\u{e9}",
  ]
  private static let values = [
    "0.5", "4", "-0", "NaN", "Infinity", "-Infinity", "null", "true", "\"text\"", "1e-07", "9007199254740993", "[1,2]",
  ]

  let folder = TemporaryFolder(in: "/dev/shm")
  let path: String
  private let journal: Journal?
  private var random: SplitMix
  private var view = JournalView()
  private(set) var now: Int64 = 1_000_000_000
  private var hasBegun = false
  private var piecesLeft: Int
  private var takeBacksLeft: Int
  private var generation = 0
  private var end: End?
  private var finalGeneration = 0
  /// The uploader has been told that nobody waits for it.
  private(set) var isDismissed = false
  private(set) var waits = 0
  private(set) var complaints: [String] = []
  var resumes = false
  /// Where it begins to count.
  var firstStep: Int64 = 0 { didSet { state.step = firstStep } }

  private struct End {
    let mark: Journal.Mark
    let state: State
    var age = 0
  }

  /// What an end that is taken back takes back.
  private struct State {
    var step: Int64 = 0
    /// The row that is still gathering metrics.
    var row: [(key: String, json: String)] = []
    var rowStep: Int64?
    /// Printed, but not recorded before the line is whole or the program ends.
    var held: [OutputStream: (text: String, wall: Int64)] = [:]
    /// What must be on the server in the end: the metrics of each row.
    var rows: [[String: String]] = []
    /// What they said of their steps.
    var steps: [Int64?] = []
    var lineNumber = 0
    var config: [RecordItem] = []
  }

  private var state = State()
  private static let savedNames = ["a.bin", "ckpt/b.bin", "日本/c"]
  private(set) var alerts: [String] = []
  private(set) var saved: [String: [UInt8]] = [:]
  private var saves = 0
  var rows: [[String: String]] { state.rows }
  var steps: [Int64?] { state.steps }

  init(seed: UInt64, pieces: Int) {
    random = SplitMix(seed: seed)
    _ = mkdir(folder("run"), 0o755)
    Self.makeFolders(in: folder, "run")
    path = folder("run/run-run1.wandb")
    journal = (try? JournalFile(creating: path)).map { Journal($0) }
    piecesLeft = pieces
    takeBacksLeft = random.below(4)
  }

  static func makeFolders(in folder: TemporaryFolder, _ run: String) {
    for name in ["files", "files/ckpt", "files/日本"] { _ = mkdir(folder(run + "/" + name), 0o755) }
  }

  private func chance(_ percent: Int) -> Bool { random.below(100) < percent }
  private var wall: Int64 { Self.start + now }

  var uploadClock: UploadClock {
    UploadClock(monotonic: { [unowned self] in now }, wall: { [unowned self] in wall }, jitter: { 0.5 })
  }

  // MARK: What the uploader sees

  func look() -> JournalView {
    var seen = view
    seen.isDismissed = isDismissed
    return seen
  }

  func wait(milliseconds: UInt32) {
    waits += 1
    if waits > 20_000 { isDismissed = true }
    now += Int64(milliseconds) * 1_000_000
    grow()
  }

  func say(_ event: UploadEvent) {
    switch event {
    case .done(let generation):
      // The program ends when the server has everything; or a handler prints once more.
      if generation == finalGeneration, end != nil, view.end?.generation == generation {
        if takeBacksLeft > 0, chance(50) { takeBack() } else if piecesLeft == 0 { isDismissed = true }
      }
    case .note(let text, _) where text.contains("damaged"): complaints.append(text)
    default: break
    }
  }

  func dismiss() { isDismissed = true }
  func takeOver() { isDismissed = false }

  /// To the end, whether anybody reads or not.
  func finish() {
    takeBacksLeft = min(takeBacksLeft, 1)
    while piecesLeft > 0 || end == nil || takeBacksLeft > 0 {
      if end != nil, piecesLeft == 0, takeBacksLeft > 0 { takeBack() }
      grow()
    }
    publish()
  }

  /// As `trackshim sync` sees it: nothing moves any more.
  func standStill() {
    isDismissed = false
    let size = journal?.file.size ?? 0
    view = JournalView(stable: size, end: JournalView.End(size: size, generation: 1, isFinal: true))
    end = nil
    piecesLeft = -1
    waits = 0
  }

  // MARK: The program

  private func grow() {
    guard piecesLeft >= 0 else { return }
    if !hasBegun { begin() }
    if end != nil {
      end?.age += 1
      if piecesLeft > 0 || takeBacksLeft > 0 && chance(10), (end?.age ?? 0) > random.below(12) { takeBack() }
    }
    if end == nil {
      for _ in 0..<random.below(6) where piecesLeft > 0 {
        piecesLeft -= 1
        writePiece()
      }
      if piecesLeft == 0 || takeBacksLeft > 0 && chance(8) { writeEnd() }
    }
    _ = journal?.write(now: now)
    // The uploader may look before it is told.
    // (Not of another end of the same size: what is read then is the one, what is noted the other.)
    if chance(75) || journal?.file.size == view.end?.size { publish() }
  }

  private func publish() {
    guard let file = journal?.file else { return }
    view.stable = min(file.size, end?.mark.offset ?? file.size)
    view.end = end.map { _ in JournalView.End(size: file.size, generation: generation, isFinal: true) }
  }

  private func begin() {
    hasBegun = true
    journal?.append(HeaderRecord(producer: "test"))
    var run = RunRecord()
    run.runID = "run1"
    run.project = "proj"
    run.displayName = "the name"
    run.startTime = wall
    run.resume = resumes
    run.config = [RecordItem(key: "lr", json: "0.1")]
    journal?.append(run)
    journal?.append(TelemetryRecord.sample)
    if chance(70) { journal?.append(EnvironmentRecord.sample) }
  }

  private func writeEnd() {
    guard let journal else { return }
    generation += 1
    finalGeneration = generation
    end = End(mark: journal.mark(), state: state)
    flushConfig()
    flushRow()
    for stream in [OutputStream.standardOutput, .standardError] { flush(stream) }
    writeSummary()
    journal.append(ExitRecord(exitCode: Int32(generation % 3), runtime: 5))
    _ = journal.write(now: now)
  }

  private func takeBack() {
    guard let end, let journal else { return }
    if piecesLeft == 0 {
      takeBacksLeft -= 1
      piecesLeft = 1 + random.below(4)
    }
    journal.rewind(to: end.mark)
    state = end.state
    self.end = nil
  }

  // MARK: What it writes

  private func writePiece() {
    now += Int64(random.below(700)) * 1_000_000
    switch random.below(14) {
    case 0...3: growRow()
    case 4: flushRow()
    case 5...7: print(on: .standardOutput)
    case 8: printProgress()
    case 9: writeStats()
    case 10: growConfig()
    case 11: raiseAlert()
    case 12: save()
    default: writeSummary()
    }
  }

  private func raiseAlert() {
    var alert = AlertRecord()
    alert.title = "alert \(alerts.count)"
    alert.level = "INFO"
    alerts.append(alert.title)
    journal?.append(alert)
  }

  /// Its content is written over whatever an uploader is just sending.
  private func save() {
    let name = Self.savedNames[random.below(Self.savedNames.count)]
    saves += 1
    saved[name] = Array("content \(saves)".utf8)
    folder.write("run/files/" + name, saved[name] ?? [])
    journal?.append(FilesRecord(saved: name))
  }

  private func growRow() {
    let key = Self.keys[random.below(Self.keys.count)]
    if state.row.contains(where: { Array($0.key.utf8) == Array(key.utf8) }) { flushRow() }
    if state.row.isEmpty {
      state.step += chance(85) ? 1 : Int64(random.below(9)) - 4
      state.rowStep = chance(93) ? state.step : nil
    }
    state.row.append((key, Self.values[random.below(Self.values.count)]))
  }

  private func flushRow() {
    guard !state.row.isEmpty else { return }
    var list = ItemList()
    for item in state.row { list.append(RecordItem(key: item.key, json: item.json)) }
    if let step = state.rowStep { list.append(RecordItem(key: "_step", json: "\(step)")) }
    list.append(RecordItem(key: "_runtime", json: "\(Double(now / 1_000_000) / 1000)"))
    journal?.appendHistory(list, step: state.step)
    // Spellings apart that are equal as strings.
    state.rows.append(
      Dictionary(state.row.map { (Self.name($0.key), $0.json) }, uniquingKeysWith: { _, new in new }))
    state.steps.append(state.rowStep)
    state.row = []
  }

  static func name(_ key: String) -> String { key.utf8.map { String($0) }.joined(separator: ",") }

  private func print(on stream: OutputStream) {
    state.lineNumber += 1
    let text = ["line \(state.lineNumber)\n", "", "part \(state.lineNumber) ", "\n", "two\nlines\n", "  \n"]
    flush(stream)
    record(text[random.below(text.count)], stream)
    if chance(30) { state.held[stream] = ("held \(state.lineNumber)", wall) }
  }

  private func printProgress() {
    state.lineNumber += 1
    let text = ["\r[##] \(state.lineNumber)%", "\rdone\n", " it/s", "\r", "\r   "]
    flush(.standardError)
    record(text[random.below(text.count)], .standardError)
    if chance(30) { state.held[.standardError] = ("?", wall) }
  }

  private func flush(_ stream: OutputStream) {
    if let held = state.held[stream] { record(held.text, stream, at: held.wall) }
    state.held[stream] = nil
  }

  private func record(_ text: String, _ stream: OutputStream, at time: Int64? = nil) {
    guard !text.isEmpty else { return }
    Array(text.utf8).withUnsafeBytes { journal?.appendOutput(stream, at: time ?? wall, chunk: $0) }
  }

  private func writeStats() {
    var stats = StatsRecord()
    stats.time = wall
    stats.items = [RecordItem(key: "cpu", json: "\(random.below(100))"), RecordItem(key: "disk./.x", json: "1.5")]
    journal?.append(stats)
  }

  private func growConfig() {
    if chance(30) { flushConfig() }
    let key = Self.keys[3 + random.below(3)]
    // What waits to be written may change before it is.
    state.config.removeAll { $0.key.utf8.elementsEqual(key.utf8) }
    state.config.append(RecordItem(key: key, json: Self.values[random.below(Self.values.count)]))
  }

  private func flushConfig() {
    guard !state.config.isEmpty else { return }
    journal?.append(ConfigRecord(items: state.config))
    state.config = []
  }

  private func writeSummary() {
    var list = ItemList()
    for row in [state.row] { for item in row { list.append(RecordItem(key: item.key, json: item.json)) } }
    list.append(RecordItem(key: "_step", json: "\(state.step)"))
    list.append(RecordItem(key: "_runtime", json: "\(Double(now / 1_000_000) / 1000)"))
    list.append(RecordItem(key: "_wandb", json: "{\"runtime\":\(now / 1_000_000_000)}"))
    journal?.appendSummary(list)
  }
}
