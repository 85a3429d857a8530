import SavedLogs
import TrackShim

extension LogCheck.Line {
  var says: Bool { step != nil || !metrics.isEmpty || !config.isEmpty }

  /// Strict JSON: NaN and the infinities are strings, as those of `show`.
  var json: String {
    let step = step.map { "\($0)" } ?? "null"
    return "{\"line\": \(number), \"step\": \(step), \"metrics\": \(Self.object(metrics)), "
      + "\"config\": \(Self.object(config)), \"rule\": \"\(rule ?? "")\"}"
  }

  private static func object(_ items: [(key: String, json: String)]) -> String {
    "{" + items.map { "\(StrictJSON.string($0.key)): \(StrictJSON.value($0.json))" }.joined(separator: ", ") + "}"
  }
}

/// Lines as they are read, and what they add up to.
struct CheckReport {
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
    } else if !line.isRecognised, line.config.isEmpty, line.hasDigit {
      missed += 1
      if !isQuiet {
        let why = line.refusal.map { "  [\($0.text)]" } ?? ""
        print("\(line.number): - \(String(decoding: line.text.prefix(160), as: UTF8.self).printable)\(why)")
      }
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

  /// `log`: how its user named it.
  func finish(log: String) {
    print("")
    let width = order.map(\.count).max() ?? 0
    for key in order {
      guard let metric = metrics[key] else { continue }
      let name = key + String(repeating: " ", count: width - key.count)
      print("\(name)  \(metric.values) values, first \(metric.first), last \(metric.last)")
    }
    print("\(lines) lines: \(taken) with metrics, \(missed) with numbers that gave nothing")
    if missed > 0 {
      print("`trackshim learn \(log.printable)` proposes templates for those of them that differ only in their numbers")
    }
  }
}
