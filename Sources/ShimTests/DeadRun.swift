import CTrackShim
import Testing

@testable import TrackShim

/// The dead run. Its ring is made aside and copied to where rings are found, since the lock of a ring's
/// maker ends with its process only.
struct DeadRun {
  var run: RecordedRun
  let aside = TemporaryFolder(in: Claim.folder)
  let ring: OpaquePointer
  let left = Claim.path(runID: "unit-" + RunID.random(), in: "")

  init(_ settings: Settings = .defaults) throws {
    run = RecordedRun(settings)
    ring = try #require(tsi_ring_create_file(aside("ring")))
  }

  var journal: String { run.starter.path }

  /// Prints, and the worker takes it into the journal.
  mutating func record(_ text: String, on stream: OutputStream = .standardOutput) {
    run.print(text, on: stream, at: 1_000_000_000)
    run.wakeUp()
  }

  /// Prints what only the ring has.
  func put(
    _ text: String, stream: UInt8 = 1, kind: Int = TSI_BYTES, position: UInt64 = 0,
    time: Int64 = tsi_clock_monotonic()
  ) {
    Array(text.utf8).withUnsafeBufferPointer {
      var record = tsi_record(
        bytes: $0.baseAddress, size: UInt32($0.count), stream: stream, kind: UInt8(kind), has_gap: false, time: time,
        position: position)
      #expect(tsi_ring_put(ring, &record))
    }
  }

  /// As the tracker tells the ring before each write.
  func tell(stdoutPosition: UInt64 = 0) {
    var reader = RingReader(ring)
    while reader.next() != nil {}
    tsi_ring_intend(
      ring,
      tsi_progress(
        ring_position: reader.cursor, journal_size: UInt64(Files.size(journal)), stdout_position: stdoutPosition),
      .max)
  }

  func headerEnd() throws -> Int {
    var reader = LogReader(try Files.read(journal))
    guard case .record = reader.next() else { return 0 }
    return reader.goodEnd
  }

  /// Of the journal only so much reached the disk.
  func cut(to size: Int) {
    let file = tsi_open(journal, OpenFlags.readWrite, 0)
    _ = tsi_truncate(file, Int64(size))
    _ = tsi_close(file)
  }

  func die(naming path: String? = nil) throws {
    tsi_ring_set_journal_path(ring, path ?? journal)
    let bytes = try Files.read(aside("ring"), limit: 8 << 20)
    let file = try checked(tsi_open(left, OpenFlags.create, 0o600))
    bytes.withUnsafeBytes { _ = tsi_pwrite(file, $0.baseAddress, $0.count, 0) }
    _ = tsi_close(file)
  }

  func recover() throws -> Recovery.Result? { try Recovery.recover(journal: journal) }

  func remove() {
    _ = tsi_unlink(left)
    tsi_ring_close_left(ring)
    aside.remove()
    run.folder.remove()
  }
}

extension Files {
  static func size(_ path: String) -> Int {
    let file = tsi_open(path, OpenFlags.readOnly, 0)
    defer { if file >= 0 { _ = tsi_close(file) } }
    return file < 0 ? 0 : Int(tsi_file_size(file))
  }
}
