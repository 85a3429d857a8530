/// The last value of each metric, and which of them changed since the journal last heard of it.
struct Summary {
  private var values: [[UInt8]] = []
  private var isChanged: [Bool] = []
  private(set) var changed: [Int] = []

  // bounded: both arrays are made to reach beyond `name`
  mutating func set(_ name: Int, _ value: UnsafeRawBufferPointer) {
    guard name >= 0 else { return }
    while values.count <= name {
      values.append([])
      isChanged.append(false)
    }
    values[name].removeAll(keepingCapacity: true)
    values[name].append(contentsOf: value)
    if !isChanged[name] {
      isChanged[name] = true
      changed.append(name)
    }
  }

  /// The JSON text; empty when the metric has none.
  subscript(name: Int) -> [UInt8] { name >= 0 && name < values.count ? values[name] : [] }

  // bounded: a name was added where it was set
  mutating func markWritten() {
    for name in changed { isChanged[name] = false }
    changed.removeAll(keepingCapacity: true)
  }
}
