import ArgumentParser
import Glibc
import TrackShim

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Show what would be recorded of a saved log.",
    discussion: """
      Prints each line of the log that says something, with its number, its step, the metrics or config values \
      that are taken from it, and in brackets the rule that took it; then each line with numbers that gave \
      nothing, marked with a dash, and a table of the metrics.

        trackshim check train.log
        ./train | trackshim check -

      Exit status: 0; 1 if the log cannot be read or no metric was found in it.
      """)

  @Argument(help: ArgumentHelp("A file with what a program printed, or - for standard input.", valueName: "log"))
  var log: String

  @Flag(help: "Leave out the lines that gave nothing.") var quiet = false
  @Flag(help: "Print a JSON document for each line that says something instead.") var json = false

  func run() throws {
    if json { return try read { for line in $0 where line.says { print(line.json) } } }
    var report = CheckReport(isQuiet: quiet)
    try read { report.add($0) }
    report.finish()
    if report.isEmpty { throw ExitCode.failure }
  }

  private func read(_ each: ([LogCheck.Line]) -> Void) throws {
    let file = log == "-" ? 0 : open(log, O_RDONLY | O_CLOEXEC | O_NOCTTY)
    guard file >= 0 else { throw unreadable() }
    defer { if file > 0 { close(file) } }
    var check = LogCheck(environment: Variable.value, folder: FileAccess.workingDirectory)
    for complaint in check.complaints { Say.note(complaint) }
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let size = Glibc.read(file, &buffer, buffer.count)
      if size < 0, errno == EINTR { continue }
      guard size >= 0 else { throw unreadable() }
      guard size > 0 else { break }
      each(buffer.withUnsafeBytes { check.feed(UnsafeRawBufferPointer(rebasing: $0[..<size])) })
    }
    each(check.finish())
  }

  private func unreadable() -> any Error {
    Say.note("\(log) cannot be read: \(String(cString: strerror(errno)))")
    return ExitCode.failure
  }
}

extension LogCheck.Line {
  fileprivate var says: Bool { step != nil || !metrics.isEmpty || !config.isEmpty }

  /// Strict JSON: NaN and the infinities are strings, as those of `show`.
  fileprivate var json: String {
    let step = step.map { "\($0)" } ?? "null"
    return "{\"line\": \(number), \"step\": \(step), \"metrics\": \(Self.object(metrics)), "
      + "\"config\": \(Self.object(config)), \"rule\": \"\(rule ?? "")\"}"
  }

  private static func object(_ items: [(key: String, json: String)]) -> String {
    "{" + items.map { "\(StrictJSON.string($0.key)): \(StrictJSON.value($0.json))" }.joined(separator: ", ") + "}"
  }
}

/// Lines as they are read, and what they add up to.
private struct CheckReport {
  private struct Metric {
    var values = 0
    var first = ""
    var last = ""
  }

  let isQuiet: Bool
  private var metrics: [String: Metric] = [:]
  private var order: [String] = []
  private var lines = 0
  private var taken = 0
  private var missed = 0

  init(isQuiet: Bool) { self.isQuiet = isQuiet }

  var isEmpty: Bool { metrics.isEmpty }

  mutating func add(_ more: [LogCheck.Line]) {
    for line in more { add(line) }
  }

  private mutating func add(_ line: LogCheck.Line) {
    lines += 1
    for (key, json) in line.config { print("\(line.number): config \(key) = \(json)") }
    if !line.metrics.isEmpty {
      taken += 1
      let step = line.step.map { "step \($0)" } ?? "next row"
      let values = line.metrics.map { "\($0.key)=\($0.json)" }.joined(separator: " ")
      print("\(line.number): \(step)  \(values)  [\(line.rule ?? "")]")
      for (key, json) in line.metrics { count(key, json) }
    } else if let step = line.step {
      print("\(line.number): step \(step)  [\(line.rule ?? "")]")
    } else if line.rule == nil, line.config.isEmpty, line.hasDigit {
      missed += 1
      if !isQuiet { print("\(line.number): - \(String(decoding: line.text.prefix(160), as: UTF8.self).printable)") }
    }
  }

  private mutating func count(_ key: String, _ json: String) {
    if metrics[key] == nil {
      metrics[key] = Metric(first: json)
      order.append(key)
    }
    metrics[key]?.values += 1
    metrics[key]?.last = json
  }

  func finish() {
    print("")
    let width = order.map(\.count).max() ?? 0
    for key in order {
      guard let metric = metrics[key] else { continue }
      let name = key + String(repeating: " ", count: width - key.count)
      print("\(name)  \(metric.values) values, first \(metric.first), last \(metric.last)")
    }
    print("\(lines) lines: \(taken) with metrics, \(missed) with numbers that gave nothing")
  }
}
