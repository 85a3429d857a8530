/// The run's summary as one JSON object, made of all that summary records have said so far.
struct SummaryObject {
  private var places: [[UInt8]: Int] = [:]
  private var names: [[UInt8]] = []
  private var values: [[UInt8]] = []
  private var nests: [[UInt8]: SummaryNest] = [:]
  /// Grows with each change.
  private(set) var version = 0

  mutating func take(_ message: UnsafeRawBufferPointer, _ shift: StepShift) {
    RowScan.items(of: message, field: 1) { item in
      if item.isNamed("_runtime"), shift.runtime != 0 {
        set(item.names, shift.runtime(item.json))
      } else {
        set(item.names, Array(item.json))
      }
    }
    var reader = WireReader(message)
    while let field = try? reader.next() {
      if field.number == 2, let bytes = field.bytes, let item = try? RecordItem(decoding: bytes) { remove(item) }
    }
  }

  mutating func set(_ name: String, json: [UInt8]) { set(plain: Array(name.utf8), json) }

  /// Only where nothing newer is known.
  mutating func setIfNew(_ name: String, json: [UInt8]) {
    if places[Array(name.utf8)] == nil { set(name, json: json) }
  }

  private mutating func set(_ path: [UnsafeRawBufferPointer], _ json: [UInt8]) {
    guard let first = path.first else { return }
    let name = Array(first)
    guard path.count > 1 else { return set(plain: name, json) }
    version &+= 1
    let place = place(of: name)
    nests[name, default: SummaryNest()].set(path.dropFirst().map { Array($0) }[...], json)
    // What was plain before nests now.
    values[place] = []
  }

  private mutating func place(of name: [UInt8]) -> Int {
    if let place = places[name], place < values.count { return place }
    places[name] = values.count
    names.append(name)
    values.append([])
    return values.count &- 1
  }

  private mutating func set(plain name: [UInt8], _ json: [UInt8]) {
    version &+= 1
    nests[name] = nil
    values[place(of: name)] = json
  }

  private mutating func remove(_ item: RecordItem) {
    let path = item.path.map { Array($0.utf8) }
    guard let name = path.first, let place = places[name], place < values.count else { return }
    version &+= 1
    if path.count > 1, nests[name] != nil {
      nests[name]?.remove(path.dropFirst())
      if nests[name]?.isEmpty == true { nests[name] = nil }
    } else if path.count == 1 {
      nests[name] = nil
      values[place] = []
    }
  }

  var isEmpty: Bool { nests.isEmpty && values.allSatisfy(\.isEmpty) }

  /// `step`: W&B's step of the last row, where it is not the one in the journal.
  func json(_ shift: StepShift) -> [UInt8] {
    var out: [UInt8] = [UInt8(ascii: "{")]
    for (name, value) in zip(names, values) {
      let nest = value.isEmpty ? nests[name] : nil
      guard !value.isEmpty || nest != nil else { continue }
      if out.count > 1 { out.append(UInt8(ascii: ",")) }
      out.appendJSONString(name)
      out.append(UInt8(ascii: ":"))
      if let nest { nest.append(to: &out) } else { out.append(contentsOf: adjusted(name, value, shift)) }
    }
    out.append(UInt8(ascii: "}"))
    return out
  }

  private static let step = Array("_step".utf8)
  private static let wandb = Array("_wandb".utf8)

  private func adjusted(_ name: [UInt8], _ value: [UInt8], _ shift: StepShift) -> [UInt8] {
    if name == Self.step, shift.countsRows {
      var text = Array(String(max(0, shift.lastStep)).utf8)
      if places[Array(SharedWriter.step.utf8)] == nil {
        text.append(contentsOf: ",\"\(SharedWriter.step)\":".utf8)
        text.append(contentsOf: value)
      }
      return text
    }
    if name == Self.step, shift.isRenumbering || shift.lastStep > (Int64(value.asText) ?? .max) {
      return Array(String(shift.lastStep).utf8)
    }
    guard name == Self.wandb, shift.runtime != 0 else { return value }
    let seconds = JSONValue(value)?["runtime"]?.integer ?? 0
    return Array("{\"runtime\":\(seconds &+ shift.runtime / 1_000_000_000)}".utf8)
  }
}

/// What lies below one key of a summary that nests.
private struct SummaryNest {
  private enum Value {
    case plain([UInt8])
    indirect case nest(SummaryNest)
  }

  private static let deepest = 32
  private var order: [[UInt8]] = []
  private var values: [[UInt8]: Value] = [:]

  var isEmpty: Bool { values.isEmpty }

  mutating func set(_ path: ArraySlice<[UInt8]>, _ json: [UInt8]) {
    guard let name = path.first, path.count < Self.deepest else { return }
    if values[name] == nil { order.append(name) }
    guard path.count > 1 else {
      values[name] = .plain(json)
      return
    }
    // Taken out meanwhile, so that it is changed where it is and not copied.
    var below = SummaryNest()
    if case .nest(let known)? = values.removeValue(forKey: name) { below = known }
    below.set(path.dropFirst(), json)
    values[name] = .nest(below)
  }

  mutating func remove(_ path: ArraySlice<[UInt8]>) {
    guard let name = path.first, let value = values[name] else { return }
    if path.count > 1 {
      guard case .nest(var below) = value else { return }
      below.remove(path.dropFirst())
      values[name] = .nest(below)
      guard below.isEmpty else { return }
    }
    values[name] = nil
    order.removeAll { $0 == name }
  }

  func append(to out: inout [UInt8]) {
    out.append(UInt8(ascii: "{"))
    for (index, name) in order.enumerated() {
      if index > 0 { out.append(UInt8(ascii: ",")) }
      out.appendJSONString(name)
      out.append(UInt8(ascii: ":"))
      switch values[name] {
      case .plain(let json)?: out.append(contentsOf: json)
      case .nest(let below)?: below.append(to: &out)
      case nil: out.append(contentsOf: "null".utf8)
      }
    }
    out.append(UInt8(ascii: "}"))
  }
}
