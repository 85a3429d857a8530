import CTrackShim

@testable import TrackShim

/// A run whose process died: a journal, and what was left in the ring.
enum RecoveryFuzz {
  static func run(_ bytes: [UInt8]) throws {
    guard let ring = FuzzRing.shared else { return }
    var input = FuzzInput(bytes)
    let options = input.byte()
    let (journal, known) = journal(&input, count: Int(input.byte() & 15), cut: Int(input.byte()))
    defer { ring.reset() }
    let progress = tsi_progress(
      ring_position: options & 1 == 0 ? 0 : input.number(bytes: 2), journal_size: UInt64(known),
      stdout_position: UInt64(input.byte()))
    tsi_ring_intend(ring.ring, progress, .max)
    while !input.isEmpty {
      let kind = input.byte()
      let stream = input.byte()
      let time = options & 2 == 0 ? Int64(input.byte()) << 20 : Int64(bitPattern: input.number(bytes: 8))
      ring.put(input.counted(), stream: stream, kind: kind & 7, time: time, position: input.number(bytes: 1))
    }
    let path = FuzzFolder.write("dead.wandb", journal)
    guard var replay = try? Replay(journal: path, ring: ring.ring) else { return }
    if !replay.hasBeginning { replay.missing = RunRecord() }
    guard !replay.hasEnd else { return }
    _ = replay.takeRing(ring.ring)
    guard replay.hasBeginning else { return }
    try replay.finish(code: options & 4 == 0 ? nil : 1)
    try isWhole(FuzzFolder.read("dead.wandb"))
  }

  /// Records in the form of a journal, of which a crash left not quite all, and the size the ring knows of.
  private static func journal(_ input: inout FuzzInput, count: Int, cut: Int) -> (bytes: [UInt8], known: Int) {
    var journal: [UInt8] = []
    for _ in 0..<count {
      let record = input.counted()
      guard !record.isEmpty else { continue }
      _ = LogFramer.append(record, at: journal.count, to: &journal)
    }
    let known = journal.count
    return (journal.dropLast(cut & 64 == 0 ? 0 : cut & 63), known)
  }

  private static func isWhole(_ journal: [UInt8]) throws {
    var reader = LogReader(journal)
    while true {
      switch reader.next() {
      case .record: continue
      case .end: return
      case let event: throw Finding(description: "the recovered journal ends in \(event)")
      }
    }
  }
}
