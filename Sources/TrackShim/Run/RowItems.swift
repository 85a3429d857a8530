/// The items that W&B wants in every row and summary besides the metrics.
struct RowItems {
  private(set) var list = ItemList()
  private var number: [UInt8] = []

  private static let step = Array("_step".utf8)
  private static let timestamp = Array("_timestamp".utf8)
  private static let runtime = Array("_runtime".utf8)
  private static let printedStep = Array("step".utf8)
  private static let trackshim = Array("_trackshim".utf8)
  private static let wandb = Array("_wandb".utf8)

  mutating func begin() { list.removeAll() }

  mutating func add(_ name: [UInt8], _ json: UnsafeRawBufferPointer) {
    name.withUnsafeBytes { list.append(key: $0, json: json) }
  }

  mutating func addStep(_ step: Int64) { add(Self.step) { $0.appendDecimal(step) } }
  mutating func addPrintedStep(_ step: Int64) { add(Self.printedStep) { $0.appendDecimal(step) } }

  mutating func addTimestamp(_ time: Moment) { add(Self.timestamp) { $0.appendSeconds(nanoseconds: time.wall) } }

  mutating func addTimes(_ time: Moment) {
    add(Self.timestamp) { $0.appendSeconds(nanoseconds: time.wall) }
    add(Self.runtime) { $0.appendSeconds(nanoseconds: time.runtime) }
  }

  /// The run's length so far in whole seconds, which only the summary has.
  mutating func addRunLength(_ nanoseconds: Int64) {
    add(Self.wandb) {
      $0.append(contentsOf: "{\"runtime\":".utf8)
      $0.appendDecimal(nanoseconds / 1_000_000_000)
      $0.append(UInt8(ascii: "}"))
    }
  }

  /// Which only the summary has, as well.
  mutating func addCounts(_ counts: LineCounts) { add(Self.trackshim) { counts.appendJSON(to: &$0) } }

  private mutating func add(_ name: [UInt8], _ encode: (inout [UInt8]) -> Void) {
    number.removeAll(keepingCapacity: true)
    encode(&number)
    list.append(key: name, json: number)
  }
}
