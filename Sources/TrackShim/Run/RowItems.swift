/// The items of a row or summary: its metrics, and those that W&B wants in every one besides.
struct RowItems {
  private(set) var list = ItemList()

  private let names: MetricNames
  /// Of `names`, as far as they have been needed.
  private(set) var keys = ItemKeys()
  private let own = ItemKeys(OwnKey.allCases.map { Array($0.name.utf8) })
  private var text: [UInt8] = []

  /// What is printed in one piece has one time, and that may be thousands of rows.
  private var times = ItemList()
  private var timesAreOf: Moment?

  /// What the last row ended in. Of thousands that come in one wake-up only the step's digits differ.
  private var end = ItemList()
  private var endIsOf: Moment?
  private var digits = 0

  private enum OwnKey: Int, CaseIterable {
    case step, timestamp, runtime, printedStep, length, counts

    var name: String {
      switch self {
      case .step: "_step"
      case .timestamp: "_timestamp"
      case .runtime: "_runtime"
      case .printedStep: "step"
      case .length: "_wandb"
      case .counts: "_trackshim"
      }
    }
  }

  init(names: MetricNames) { self.names = names }

  mutating func begin() { list.removeAll() }

  mutating func add(_ name: Int, _ json: UnsafeRawBufferPointer) {
    encodeNewKeys()
    list.append(name, of: keys, json: json)
  }

  mutating func encodeNewKeys() {
    while keys.count < names.count { keys.append(names.name(keys.count)) }
  }

  mutating func addStep(_ step: Int64) { add(.step, step) }
  mutating func addPrintedStep(_ step: Int64) { add(.printedStep, step) }

  mutating func addTimestamp(_ time: Moment) { add(.timestamp) { $0.appendSeconds(nanoseconds: time.wall) } }

  mutating func addTimes(_ time: Moment) {
    if timesAreOf == time { return list.append(contentsOf: times) }
    times.removeAll()
    swap(&list, &times)
    addTimestamp(time)
    add(.runtime) { $0.appendSeconds(nanoseconds: time.runtime) }
    swap(&list, &times)
    timesAreOf = time
    list.append(contentsOf: times)
  }

  /// Step and times of a row.
  mutating func end(step: Int64, _ time: Moment) -> ItemList {
    let size = step.decimalSize
    if endIsOf == time, size == digits, step >= 0 {
      end.replaceDecimal(step.magnitude, digits: size)
      return end
    }
    end.removeAll()
    swap(&list, &end)
    addStep(step)
    swap(&list, &end)
    end.marksEnd()
    swap(&list, &end)
    addTimes(time)
    swap(&list, &end)
    endIsOf = time
    digits = size
    return end
  }

  /// The run's length so far in whole seconds, which only the summary has.
  mutating func addRunLength(_ nanoseconds: Int64) {
    add(.length) {
      $0.append(contentsOf: "{\"runtime\":".utf8)
      $0.appendDecimal(nanoseconds / 1_000_000_000)
      $0.append(UInt8(ascii: "}"))
    }
  }

  /// Which only the summary has, as well.
  mutating func addCounts(_ counts: LineCounts) { add(.counts) { counts.appendJSON(to: &$0) } }

  private mutating func add(_ key: OwnKey, _ number: Int64) {
    list.append(key.rawValue, of: own, jsonSize: number.decimalSize) { $0.appendDecimal(number) }
  }

  private mutating func add(_ key: OwnKey, _ encode: (inout [UInt8]) -> Void) {
    text.removeAll(keepingCapacity: true)
    encode(&text)
    text.withUnsafeBytes { list.append(key.rawValue, of: own, json: $0) }
  }
}
