import Glibc
import Testing

@testable import TrackShim

/// Whatever happens on the way, what the server has in the end is what one undisturbed upload of the final
/// journal gives.
@Suite struct UploaderSimulationTests {
  private static var plan: UploadPlan {
    get throws {
      try UploadPlan(address: ServerAddress(base: "http://server"), key: APIKey(SimulatedServer.key))
    }
  }

  /// A run that another program left on the server.
  private static var earlier: SimulatedServer.Run {
    var run = SimulatedServer.Run()
    run.history = [#"{"_step":4,"_runtime":2.5,"loss":9}"#, #"{"_step":7,"_runtime":3.25,"loss":8}"#]
    run.events = [#"{"_runtime":3.5,"system.cpu":1}"#]
    run.console = ["2026-01-01T00:00:00.000000 before", "2026-01-01T00:00:01.000000 the end"]
    run.summary = #"{"loss":8,"old":1,"_step":7,"_wandb":{"runtime":3}}"#
    run.config = [
      Array("old".utf8): .number("1"), Array("lr".utf8): .number("7"), Array("_wandb".utf8): .make([("t", .make([]))]),
    ]
    return run
  }

  @Test(arguments: 0..<6) func disturbed(block: Int) throws {
    for seed in (block * 12)..<(block * 12 + 12) {
      let problems = try problems(seed: UInt64(seed))
      #expect(problems.isEmpty, "seed \(seed): \(problems.prefix(4).joined(separator: "\n"))")
    }
  }

  private func problems(seed: UInt64) throws -> [String] {
    var random = SplitMix(seed: seed &* 77)
    let resumes = random.below(4) == 0
    let program = SimulatedProgram(seed: seed, pieces: 5 + random.below(60))
    program.resumes = resumes
    if resumes, seed % 2 == 0 { program.firstStep = 4 }
    defer { program.folder.remove() }
    let server = SimulatedServer(resumes ? Self.earlier : nil)
    let faults = Faults(random: random, rate: [0, 5, 15, 40][random.below(4)])
    server.fault = faults.next
    server.kill = program.dismiss
    server.pass = program.wait
    try upload(program, to: server, resumes: resumes, &random)
    let reference = try undisturbed(program, resumes: resumes)
    return program.complaints + differences(server, reference.server, program)
      + (try counts(program, reference.progress))
  }

  /// Uploaders one after the other until the run is complete.
  private func upload(
    _ program: SimulatedProgram, to server: SimulatedServer, resumes: Bool, _ random: inout SplitMix
  ) throws {
    var plan = try Self.plan
    plan.resume = resumes ? .allow : nil
    repeat {
      program.takeOver()
      _ = run(program, plan, server)
      // A program that the process became goes on with the journal.
    } while !covers(program) && random.below(3) == 0
    program.finish()
    program.standStill()
    plan.endsWithRun = true
    plan.patience = 3
    for _ in 0..<200 where !covers(program) {
      program.takeOver()
      _ = run(program, plan, server)
    }
  }

  private func run(_ program: SimulatedProgram, _ plan: UploadPlan, _ server: SimulatedServer) -> Uploader.Outcome {
    let clock = program.uploadClock
    return Uploader(journal: program.path, plan: plan, source: program, transport: server, clock: clock).run()
  }

  private func progress(_ journal: String) throws -> UploadProgress? {
    try UploadProgressFile(for: journal, isReading: true).known
  }

  private func covers(_ program: SimulatedProgram) -> Bool {
    ((try? progress(program.path)) ?? nil)?.covers(program.path) ?? false
  }

  private func undisturbed(_ program: SimulatedProgram, resumes: Bool) throws -> (
    server: SimulatedServer, progress: UploadProgress
  ) {
    _ = mkdir(program.folder("again"), 0o755)
    SimulatedProgram.makeFolders(in: program.folder, "again")
    for (name, bytes) in program.saved { program.folder.write("again/files/" + name, bytes) }
    program.folder.write("again/run-run1.wandb", try Files.read(program.path, limit: 32 << 20))
    let path = program.folder("again/run-run1.wandb")
    let server = SimulatedServer(resumes ? Self.earlier : nil)
    var plan = try Self.plan
    plan.endsWithRun = true
    plan.resume = resumes ? .allow : nil
    program.standStill()
    let clock = program.uploadClock
    let outcome = Uploader(journal: path, plan: plan, source: program, transport: server, clock: clock).run()
    #expect(outcome == .complete)
    return (server, try #require(try progress(path)))
  }

  // MARK: What must be equal

  private func differences(_ server: SimulatedServer, _ reference: SimulatedServer, _ program: SimulatedProgram)
    -> [String]
  {
    guard let run = server.run, let expected = reference.run else { return ["no run"] }
    var found = server.violations + reference.violations.map { "undisturbed: \($0)" }
    found += lines("row", run.history, expected.history) + lines("sample", run.events, expected.events)
    found += lines("console line", run.console, expected.console)
    for key in Set(run.config.keys).union(expected.config.keys) where run.config[key] != expected.config[key] {
      found.append(
        "config \(key.asText): \(String(describing: run.config[key])) and not "
          + "\(String(describing: expected.config[key]))")
    }
    if members(run.summary) != members(expected.summary) {
      found.append("summary \(run.summary) and not \(expected.summary)")
    }
    if run.exitCode != expected.exitCode || run.exitCode == nil { found.append("exit code") }
    if run.displayName != expected.displayName { found.append("name") }
    if !server.isLastRequestCompleting { found.append("something came after the end") }
    found += files(run, expected) + alerts(run, program)
    for (number, old) in server.rewritten where expected.history.indices.contains(number) {
      if old == expected.history[number] { found.append("row \(number) had been right: \(old)") }
    }
    return found + rows(run.history, program)
  }

  private func lines(_ what: String, _ found: [String], _ expected: [String]) -> [String] {
    guard found != expected else { return [] }
    let first = zip(found, expected).enumerated().first { $0.element.0 != $0.element.1 }
    let shown = first.map { "\(what) \($0.offset): \($0.element.0) and not \($0.element.1)" }
    return [shown ?? "\(found.count) \(what)s and not \(expected.count)"]
  }

  private func files(_ run: SimulatedServer.Run, _ expected: SimulatedServer.Run) -> [String] {
    var found = run.files.keys.sorted() == expected.files.keys.sorted() ? [] : ["files \(run.files.keys)"]
    for (name, bytes) in expected.files where run.files[name] != bytes {
      if name == "wandb-summary.json", members(run.files[name]?.asText ?? "") == members(bytes.asText) { continue }
      found.append("\(name) is \(run.files[name]?.asText ?? "nil") and not \(bytes.asText)")
    }
    return found
  }

  /// An answer that got lost is asked for again; nothing else comes twice, and nothing out of its turn.
  private func alerts(_ run: SimulatedServer.Run, _ program: SimulatedProgram) -> [String] {
    var once: [String] = []
    for title in run.alerts where title != once.last { once.append(title) }
    return once == program.alerts ? [] : ["alerts \(run.alerts) and not \(program.alerts)"]
  }

  private func members(_ object: String) -> [String: JSONValue] {
    Dictionary(
      (JSONValue(object)?.members ?? []).map { (SimulatedProgram.name($0.key), $0.value) },
      uniquingKeysWith: { _, new in new })
  }

  /// Against what the program knows that it wrote.
  private func rows(_ history: [String], _ program: SimulatedProgram) -> [String] {
    let rows = rowsToSend(program)
    let own = history.suffix(rows.count)
    var found = history.count == rows.count + (program.resumes ? 2 : 0) ? [] : ["\(history.count) rows"]
    var last: Int64 = program.resumes ? 7 : -1
    for (line, row) in zip(own, rows) {
      let values = members(line)
      for (key, json) in row where values[key] != JSONValue(json) { found.append("\(key) in \(line)") }
      let step = values[SimulatedProgram.name("_step")]?.integer ?? -1
      if step <= last { found.append("step \(step) after \(last)") }
      last = step
    }
    return found
  }

  /// A program that goes on from a checkpoint repeats rows that are there.
  private func rowsToSend(_ program: SimulatedProgram) -> [[String: String]] {
    let first = program.steps.lazy.compactMap { $0 }.first ?? 0
    guard program.resumes, first > 1 else { return program.rows }
    var last: Int64 = 7
    return zip(program.rows, program.steps).compactMap { row, step in
      if let step, step <= last { return nil }
      last = step ?? last + 1
      return row
    }
  }

  private func counts(_ program: SimulatedProgram, _ expected: UploadProgress) throws -> [String] {
    guard let known = try progress(program.path) else { return ["no progress"] }
    let isSame = known.sent == expected.sent && known.base == expected.base && known.isComplete
    return isSame ? [] : ["progress \(known.text.asText) and not \(expected.text.asText)"]
  }
}

/// What goes wrong on the way, the same in every run of a seed.
private final class Faults {
  private var random: SplitMix
  private let rate: Int

  init(random: SplitMix, rate: Int) {
    self.random = random
    self.rate = rate
  }

  func next(_ operation: String) -> SimulatedServer.Fault {
    guard random.below(100) < rate else { return .none }
    switch random.below(9) {
    case 0, 1: return .unreachable
    case 2, 3: return .lostReply
    case 4: return .status([500, 502, 503, 504][random.below(4)], retryAfter: "")
    case 5: return .status(429, retryAfter: ["", "0", "1.5", "soon"][random.below(4)])
    case 6: return .cutBody
    case 7: return .foreignPage
    default: return .killed(isDone: random.below(2) == 0)
    }
  }
}
