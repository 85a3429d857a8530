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
    if path.count == 1 {
      set(plain: name, json)
    } else {
      nests[name, default: SummaryNest()].set(path.dropFirst().map { Array($0) }, json)
      set(plain: name, nests[name]?.json ?? [])
    }
  }

  private mutating func set(plain name: [UInt8], _ json: [UInt8]) {
    version &+= 1
    if let place = places[name], place < values.count {
      values[place] = json
    } else {
      places[name] = names.count
      names.append(name)
      values.append(json)
    }
  }

  private mutating func remove(_ item: RecordItem) {
    guard let first = item.path.first, let place = places[Array(first.utf8)], place < values.count else { return }
    version &+= 1
    values[place] = []
  }

  var isEmpty: Bool { values.allSatisfy(\.isEmpty) }

  /// `step`: W&B's step of the last row, where it is not the one in the journal.
  func json(_ shift: StepShift) -> [UInt8] {
    var out: [UInt8] = [UInt8(ascii: "{")]
    for (name, value) in zip(names, values) where !value.isEmpty {
      if out.count > 1 { out.append(UInt8(ascii: ",")) }
      out.appendJSONString(name)
      out.append(UInt8(ascii: ":"))
      out.append(contentsOf: adjusted(name, value, shift))
    }
    out.append(UInt8(ascii: "}"))
    return out
  }

  private static let step = Array("_step".utf8)
  private static let wandb = Array("_wandb".utf8)

  private func adjusted(_ name: [UInt8], _ value: [UInt8], _ shift: StepShift) -> [UInt8] {
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
  private var order: [[[UInt8]]] = []
  private var values: [[[UInt8]]: [UInt8]] = [:]

  mutating func set(_ path: [[UInt8]], _ json: [UInt8]) {
    guard path.count < 32 else { return }
    if values[path] == nil { order.append(path) }
    values[path] = json
  }

  var json: [UInt8] { json(below: []) }

  private func json(below prefix: [[UInt8]]) -> [UInt8] {
    if let value = values[prefix] { return value }
    var out: [UInt8] = [UInt8(ascii: "{")]
    var done: Set<[UInt8]> = []
    for path in order where path.count > prefix.count && path.starts(with: prefix) {
      guard done.insert(path[prefix.count]).inserted else { continue }
      if out.count > 1 { out.append(UInt8(ascii: ",")) }
      out.appendJSONString(path[prefix.count])
      out.append(UInt8(ascii: ":"))
      out.append(contentsOf: json(below: prefix + [path[prefix.count]]))
    }
    out.append(UInt8(ascii: "}"))
    return out
  }
}
