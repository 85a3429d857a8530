/// What trainers of the seed's family (llm.c and its descendants) measure, by the names the metrics
/// get. The first seven are the seed's own; the others stand in llm.c's `|` lines and keep the label
/// printed there. `mfu` is a percentage, as printed.
enum SeedMetric: Int, CaseIterable {
  case trainLoss, stepTime, tokensPerSecond
  case valLoss, avgTrainLoss, generalizationGap
  case testLoss
  case norm, learningRate, mfu, hellaswag

  var name: String {
    switch self {
    case .trainLoss: "train_loss"
    case .stepTime: "step_time_ms"
    case .tokensPerSecond: "tok_per_sec"
    case .valLoss: "val_loss"
    case .avgTrainLoss: "avg_train_loss"
    case .generalizationGap: "generalization_gap"
    case .testLoss: "test_loss"
    case .norm: "norm"
    case .learningRate: "lr"
    case .mfu: "mfu"
    case .hellaswag: "hellaswag"
    }
  }
}

/// Remembers the run's number of each metric, so that only the first line of a kind compares names.
struct SeedMetricNumbers {
  private var names: MetricNames?
  private var numbers = InlineArray<11, Int>(repeating: unknown)
  private static let unknown = -1

  /// False where one of them has no number yet.
  // bounded: there is one for each metric
  func hasAll(of reading: SeedReading, in names: MetricNames) -> Bool {
    guard self.names === names else { return false }
    return reading.withValues { values in
      for value in values where numbers[value.metric.rawValue] == Self.unknown { return false }
      return true
    }
  }

  /// Of one that has it.
  // bounded: there is one for each metric
  @inline(__always)
  func known(_ metric: SeedMetric) -> Int { numbers[metric.rawValue] }

  mutating func number(of metric: SeedMetric, in names: MetricNames) -> Int? {
    if self.names !== names {
      self.names = names
      numbers = InlineArray(repeating: Self.unknown)
    }
    let index = metric.rawValue
    guard index < numbers.count else { return nil }
    if numbers[index] == Self.unknown { numbers[index] = names.number(of: metric.name) ?? Self.unknown }
    return numbers[index] == Self.unknown ? nil : numbers[index]
  }
}

/// The numbers found in a line that may yet turn out not to be a metric line. They are published
/// only when the whole line matched.
struct SeedReading {
  struct Value {
    var metric: SeedMetric
    var number: PrintedNumber
  }

  private(set) var count = 0
  private var values = [Value](repeating: Value(metric: .trainLoss, number: .zero), count: SeedMetric.allCases.count)
  private var seen: UInt32 = 0
  /// All of them are JSON as they were printed.
  private(set) var isVerbatim = true

  mutating func removeAll() {
    count = 0
    seen = 0
    isVerbatim = true
  }

  // bounded: `count` is never above that of `values`
  @inline(__always)
  func withValues<Result>(_ body: (UnsafeBufferPointer<Value>) -> Result) -> Result {
    values.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[..<count])) }
  }

  func has(_ metric: SeedMetric) -> Bool { seen & Self.bit(metric) != 0 }

  // bounded: `count` is never above that of `values`
  subscript(index: Int) -> Value? { index >= 0 && index < count ? values[index] : nil }

  /// Reads a number. Fails when there is none, or when the line has already given this metric.
  mutating func take(_ metric: SeedMetric, from scanner: inout ByteScanner) -> Bool {
    guard !has(metric), count < values.count, let number = scanner.number() else { return false }
    values[count] = Value(metric: metric, number: number)
    count &+= 1
    isVerbatim = isVerbatim && number.isVerbatim
    seen |= Self.bit(metric)
    return true
  }

  private static func bit(_ metric: SeedMetric) -> UInt32 { 1 &<< UInt32(truncatingIfNeeded: metric.rawValue) }
}
