import CTrackShim

@testable import TrackShim

/// Memory that a broken host wrote over, and what producers may put into it.
enum RingFuzz {
  /// Sixteen bytes of positions; the rest stands where the reader begins.
  static func run(_ bytes: [UInt8]) throws {
    guard let ring = FuzzRing.shared else { return }
    var input = FuzzInput(bytes)
    let shift = UInt64(input.byte() & 63)
    let tail = input.number(bytes: 8) >> shift
    let head = tail &+ input.number(bytes: 3)
    let start = input.byte() & 7 == 0 ? input.number(bytes: 8) : 0
    ring.put(input.all(), head: head, tail: tail)
    defer { ring.reset() }
    var reader = RingReader(ring.ring, from: start)
    var rounds = 0
    while rounds <= FuzzRing.bytes / FuzzRing.header, let record = reader.next() {
      rounds += 1
      try hold(ring.holds(record), "a record outside of the ring")
      _ = Call(UnsafeRawBufferPointer(start: record.bytes, count: Int(record.size)))
    }
    try hold(rounds <= FuzzRing.bytes / FuzzRing.header, "more records than a ring has room for")
    for _ in 0..<102 where reader.abandonIfStuck() > 0 { break }
    reader.release()
    try hold(reader.next() == nil || head &- tail <= UInt64(FuzzRing.bytes), "a record beyond the head")
  }

  /// Flushes at whatever positions.
  static func runUnflushed(_ bytes: [UInt8]) throws {
    var input = FuzzInput(bytes)
    var output = UnflushedOutput()
    while !input.isEmpty {
      let position = input.byte() & 1 == 0 ? output.recordedPosition : input.number(bytes: 8)
      let flush = input.take(Int(input.byte()))
      let outcome = flush.withUnsafeBytes { output.flushed($0, at: position) }
      if case .continues(let known) = outcome { try hold(known <= flush.count, "\(known) of \(flush.count) bytes") }
      _ = output.look()
      _ = output.takeNew(isLast: position & 1 == 0)
    }
  }

  /// A call as it stands in the ring.
  static func runCall(_ bytes: [UInt8]) throws {
    let call = bytes.withUnsafeBytes { Call($0) }
    if case .config(let item)? = call { try hold(!item.key.isEmpty, "an item without a key") }
    guard case .log(let found, let metrics, let isWholeRow)? = call, let metric = metrics.first else { return }
    try hold(packedAgain(found, metrics, isWholeRow) == metrics, "a call changed on its way")
    let step = found ?? -1, key = metric.key, json = metric.json
    try hold(json.withUnsafeBytes { JSONNumber.isNumber($0) }, "\(json.asText) is no number")
    var queue = CallQueue()
    queue.append(CallQueue.Entry(call: .start(variables: [:]), position: UInt64(bitPattern: step), time: step))
    _ = queue.next(upTo: 7)
    _ = queue.nextOverdue(now: .max, isLast: step & 1 == 0)
    try record(key, json, step)
  }

  /// nil: it had no room, or came back as another call.
  private static func packedAgain(_ step: Int64?, _ metrics: [Call.Metric], _ isWholeRow: Bool) -> [Call.Metric]? {
    var again: Call?
    let bytes = metrics.reduce(0) { $0 &+ $1.key.count }
    func take(_ record: Call.Text) -> Bool {
      again = Call(record)
      return true
    }
    func value(_ json: [UInt8]) -> Double { Double(json.asText) ?? .nan }
    if isWholeRow {
      // One block for all keys, which stays where it is.
      let keys = metrics.flatMap(\.key)
      keys.withUnsafeBytes { keys in
        var starts: [Int] = [], start = 0
        for metric in metrics {
          starts.append(start)
          start &+= metric.key.count
        }
        _ = Call.row(
          step: step ?? -1, count: metrics.count, bytes: bytes,
          { (keys.part(starts[$0], starts[$0] &+ metrics[$0].key.count), value(metrics[$0].json)) }, take)
      }
    } else if metrics.count == 1 {
      metrics[0].key.withUnsafeBytes { _ = Call.log(step: step ?? -1, $0, value(metrics[0].json), take) }
    } else {
      // None that we pack.
      return metrics
    }
    guard case .log(step, let found, isWholeRow)? = again else { return nil }
    return found
  }

  private static func record(_ key: [UInt8], _ json: [UInt8], _ step: Int64) throws {
    var rows = StepRows()
    for printed in [step, step, step &- 1, .max, step] {
      if rows.closesRow(name: 0, printedStep: printed) { rows.close() }
      let last = rows.lastStep
      let wasOpen = rows.isOpen
      _ = json.withUnsafeBytes {
        rows.add(name: 0, value: $0, printedStep: printed, time: Moment(wall: step, runtime: step))
      }
      try hold(wasOpen || last == .max || rows.row.step > last, "a row at a step that is taken")
    }
  }
}

/// One ring for all executions.
final class FuzzRing {
  static let bytes = 4 << 20
  /// In front of each record's bytes.
  static let header = 32
  private static let page = 4096
  /// Targets run one at a time, here and in the unit tests.
  nonisolated(unsafe) static let shared = FuzzRing()

  let ring: OpaquePointer
  private let memory: UnsafeMutableRawPointer
  private let fresh: [UInt8]
  private var head = -1
  private var tail = -1
  private var dirty: [Range<Int>] = []

  private init?() {
    let path = FuzzFolder.path.path(adding: "ring")
    guard let ring = tsi_ring_create_file(path) else { return nil }
    _ = tsi_unlink(path)
    self.ring = ring
    memory = UnsafeMutableRawPointer(ring)
    fresh = Array(UnsafeRawBufferPointer(start: memory, count: Self.page))
    findPositions()
    guard head > 0, tail > 0 else { return nil }
    dirty = [0..<Self.page]
    reset()
  }

  /// The words that change when a record of eight bytes comes, and when it goes.
  private func findPositions() {
    let words = memory.assumingMemoryBound(to: UInt64.self)
    put([UInt8](repeating: 1, count: 8), stream: 1, kind: 0, time: 0, position: 0)
    for index in 0..<Self.page / 8 where words[index] == 40 { head = index * 8 }
    var reader = RingReader(ring)
    _ = reader.next()
    reader.release()
    for index in 0..<Self.page / 8 where words[index] == 40 && index * 8 != head { tail = index * 8 }
  }

  func put(_ bytes: [UInt8], stream: UInt8, kind: UInt8, time: Int64, position: UInt64) {
    bytes.withUnsafeBufferPointer {
      var record = tsi_record(
        bytes: $0.baseAddress, size: UInt32($0.count), stream: stream, kind: kind, has_gap: kind & 4 != 0, time: time,
        position: position)
      _ = tsi_ring_put(ring, &record)
    }
    let end = head > 0 ? Int(memory.load(fromByteOffset: head, as: UInt64.self)) : 0
    dirty = [0..<min(end, Self.bytes)]
  }

  func put(_ bytes: [UInt8], head: UInt64, tail: UInt64) {
    memory.storeBytes(of: head, toByteOffset: self.head, as: UInt64.self)
    memory.storeBytes(of: tail, toByteOffset: self.tail, as: UInt64.self)
    let start = Int(tail % UInt64(Self.bytes)) & ~7
    let size = min(bytes.count, Self.bytes - start)
    dirty = [start..<start + size, 0..<bytes.count - size]
    for (index, byte) in bytes.enumerated() {
      memory.storeBytes(of: byte, toByteOffset: Self.page + (start + index) % Self.bytes, as: UInt8.self)
    }
  }

  func holds(_ record: tsi_record) -> Bool {
    guard let start = UnsafeRawPointer(record.bytes) else { return false }
    let data = UnsafeRawPointer(memory) + Self.page
    return start >= data && start + Int(record.size) <= data + Self.bytes
  }

  func reset() {
    memory.copyMemory(from: fresh, byteCount: Self.page)
    for range in dirty where !range.isEmpty {
      (memory + Self.page + range.lowerBound).initializeMemory(as: UInt8.self, repeating: 0, count: range.count)
    }
    dirty = []
  }
}
