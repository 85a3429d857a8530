/// When the user wants to be told (`TRACKSHIM_ALERT`): `train_loss nan`, `val_loss > 10`, `* inf`, `no line for 10m`.
struct AlertRule: Equatable {
  enum Condition: Equatable {
    case isNaN, isInfinite
    case above(Double), atLeast(Double), below(Double), atMost(Double)
  }

  enum Kind: Equatable {
    /// `metric` "*": any.
    case metric([UInt8], Condition)
    /// Nanoseconds in which nothing was printed.
    case silence(Int64)
  }

  let text: String
  let kind: Kind

  /// nil: it is none.
  init?(_ text: String) {
    let words = text.split(separator: " ").map(String.init)
    self.text = words.joined(separator: " ")
    guard let kind = Self.silence(words) ?? Self.metric(words) else { return nil }
    self.kind = kind
  }

  private static func silence(_ words: [String]) -> Kind? {
    guard words.count == 4, words.prefix(3).elementsEqual(["no", "line", "for"]) else { return nil }
    return words.last.flatMap(duration).map { .silence($0) }
  }

  /// `30s`, `10m`, `2h`: a second to a hundred hours.
  private static func duration(_ text: String) -> Int64? {
    let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600]
    guard let unit = text.last.flatMap({ units[$0] }), let number = Double(text.dropLast()) else { return nil }
    // bounded: doubles
    let seconds = number * unit
    return seconds >= 1 && seconds <= 360_000 ? Pace.nanoseconds(seconds) : nil
  }

  private static func metric(_ words: [String]) -> Kind? {
    guard let name = words.first, let sign = words.dropFirst().first?.lowercased() else { return nil }
    let condition: Condition?
    switch (sign, words.dropFirst(2).first.flatMap(Double.init), words.count) {
    case ("nan", nil, 2): condition = .isNaN
    case ("inf", nil, 2): condition = .isInfinite
    case (">", let limit?, 3): condition = .above(limit)
    case (">=", let limit?, 3): condition = .atLeast(limit)
    case ("<", let limit?, 3): condition = .below(limit)
    case ("<=", let limit?, 3): condition = .atMost(limit)
    default: condition = nil
    }
    return condition.map { .metric(Array(name.utf8), $0) }
  }

  static let anyMetric = Array("*".utf8)
}

extension AlertRule.Condition {
  func holds(_ value: Double) -> Bool {
    switch self {
    case .isNaN: value.isNaN
    case .isInfinite: value.isInfinite
    case .above(let limit): value > limit
    case .atLeast(let limit): value >= limit
    case .below(let limit): value < limit
    case .atMost(let limit): value <= limit
    }
  }
}

/// The rules of a run, and for which of them the user has been told. Each is told when it comes to hold, and again when it
/// has not held in between, at most once in five minutes.
struct AlertRules {
  private static let pause = 300.0

  private let rules: [AlertRule]
  /// By rule, the metrics for which it holds; of the others one that is nameless.
  private var holding: [Set<[UInt8]>]

  init(_ rules: [AlertRule] = []) {
    self.rules = rules
    holding = Array(repeating: [], count: rules.count)
  }

  var isEmpty: Bool { rules.isEmpty }

  /// What is to be told of a metric's value, a number as JSON has it.
  mutating func see(_ name: [UInt8], _ json: UnsafeRawBufferPointer, step: Int64?) -> [Alert] {
    guard let value = Double(String(decoding: json, as: UTF8.self).replacingInfinity) else { return [] }
    return rules.indices.compactMap { index in
      guard case .metric(let metric, let condition) = rules[index].kind, metric == name || metric == AlertRule.anyMetric
      else { return nil }
      return turn(index, name, to: condition.holds(value)) {
        "\(name.asText) is \(String(decoding: json, as: UTF8.self))\(step.map { " at step \($0)" } ?? "")"
      }
    }
  }

  /// The same of how long nothing has been printed.
  mutating func see(silence nanoseconds: Int64) -> [Alert] {
    rules.indices.compactMap { index in
      guard case .silence(let limit) = rules[index].kind else { return nil }
      return turn(index, [], to: nanoseconds >= limit) {
        "nothing has been printed for \(nanoseconds / 1_000_000_000) s"
      }
    }
  }

  // bounded: indices of the rules
  private mutating func turn(_ index: Int, _ metric: [UInt8], to holds: Bool, _ text: () -> String) -> Alert? {
    guard holds else {
      holding[index].remove(metric)
      return nil
    }
    guard holding[index].insert(metric).inserted else { return nil }
    return Alert(
      title: Array(rules[index].text.utf8), text: Array(text().utf8), level: .warn, wait: Self.pause)
  }
}

extension String {
  /// As Swift reads it.
  fileprivate var replacingInfinity: String {
    switch self {
    case "Infinity": "inf"
    case "-Infinity": "-inf"
    default: self
    }
  }
}
