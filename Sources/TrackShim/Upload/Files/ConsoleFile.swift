import CTrackShim

/// `files/output.log`: the console lines without times, as they are sent.
///
/// A line that was open comes again with another text, perhaps thousands of lines later. The newest text of such
/// lines (two, one for each stream, are kept) waits until `flush` before what follows is moved, so that a
/// progress bar does not rewrite the file at each of its steps. A disk error ends the file, never anything else.
final class ConsoleFile {
  /// Lines this far back can be rewritten or cut off, and an open one wherever it is.
  static let keptLines = 1_024
  private static let block = 65_536
  private static let mostRevisions = 2

  private struct Place {
    var number: Int
    var start: Int
    /// With the line end.
    var length: Int
    var end: Int { start &+ length }
  }

  let path: String
  private(set) var isBroken = false
  private let file: Int32
  /// Of the text's end, what is on disk and what is not yet; behind it the disk may have more, to be cut off.
  private var written = 0
  private var buffer: [UInt8] = []
  private var sizeOnDisk = 0
  private var places: [Place] = []
  private var next: Int?
  /// By stream, the line that may come again.
  private var open: [Int?] = [nil, nil]
  private var revisions: [ConsoleLine] = []

  /// In the place of what is there. Nil when the file cannot be made.
  convenience init?(_ path: String) {
    self.init(path, file: tsi_make_in_run(path, 2, 0o666))
  }

  /// The file is open, and closed in the end.
  init?(_ path: String, file: Int32) {
    guard file >= 0 else { return nil }
    self.file = file
    self.path = path
  }

  deinit { _ = tsi_close(file) }

  /// Of what was delivered, but for lines that wait to be rewritten; after `flush`, of the file.
  var size: Int { written &+ buffer.count }

  // MARK: Lines

  /// Lines come by number, without gaps; one that came as open may come again.
  func write(_ line: ConsoleLine) {
    guard !isBroken else { return }
    guard let next, line.number < next else { return append(line) }
    revise(line)
  }

  // bounded: a line for each of two streams
  private func append(_ line: ConsoleLine) {
    guard next == nil || line.number == next else { return fail() }
    places.append(Place(number: line.number, start: size, length: line.text.count &+ 1))
    next = line.number &+ 1
    open[line.stream.index] = line.isOpen ? line.number : nil
    add(line)
    if buffer.count >= Self.block { writeBuffer() }
    forgetOldPlaces()
  }

  // bounded: a line for each of two streams
  private func revise(_ line: ConsoleLine) {
    guard let index = places.lastIndex(where: { $0.number == line.number }) else { return fail() }
    revisions.removeAll { $0.number == line.number }
    open[line.stream.index] = line.isOpen ? line.number : nil
    guard index == places.count &- 1 else {
      if revisions.count >= Self.mostRevisions { applyRevisions() }
      return revisions.append(line)
    }
    cut(toOffset: places[index].start)
    places[index].length = line.text.count &+ 1
    add(line)
  }

  private func add(_ line: ConsoleLine) {
    buffer.append(contentsOf: line.text)
    buffer.append(Control.lineFeed)
  }

  private func forgetOldPlaces() {
    guard places.count > Self.keptLines &* 2 else { return }
    let isNeeded = { [open, revisions] (number: Int) in
      open.contains(number) || revisions.contains { $0.number == number }
    }
    let kept = places.dropLast(Self.keptLines).filter { isNeeded($0.number) }
    places = kept + places.suffix(Self.keptLines)
  }

  /// Forgets line `number` and all behind it: they will come again.
  func cut(toLine number: Int) {
    guard !isBroken, let next, number < next else { return }
    guard let index = places.firstIndex(where: { $0.number >= number }), places[index].number == number else {
      return fail()
    }
    revisions.removeAll { $0.number >= number }
    cut(toOffset: places[index].start)
    places.removeSubrange(index...)
    self.next = number
    for stream in open.indices where open[stream] ?? 0 >= number { open[stream] = nil }
  }

  private func cut(toOffset offset: Int) {
    if offset >= written {
      buffer.removeLast(min(buffer.count, size &- offset))
    } else {
      buffer.removeAll(keepingCapacity: true)
      written = offset
    }
  }

  // MARK: The disk

  /// Brings everything to the file. False when that failed, now or before.
  @discardableResult
  func flush() -> Bool {
    applyRevisions()
    writeBuffer()
    if !isBroken, sizeOnDisk > written {
      if tsi_truncate(file, Int64(clamping: written)) == 0 { sizeOnDisk = written } else { fail() }
    }
    return !isBroken
  }

  private func fail() {
    isBroken = true
    buffer = []
    revisions = []
    places = []
  }

  private func writeBuffer() {
    guard !isBroken, write(buffer, at: written) else { return }
    written &+= buffer.count
    buffer.removeAll(keepingCapacity: true)
  }

  private func applyRevisions() {
    guard !isBroken, !revisions.isEmpty else { return }
    writeBuffer()
    for line in revisions where !isBroken { rewrite(line) }
    revisions = []
  }

  private func rewrite(_ line: ConsoleLine) {
    guard let index = places.firstIndex(where: { $0.number == line.number }) else { return fail() }
    let growth = line.text.count &+ 1 &- places[index].length
    if growth != 0 { moveTail(from: places[index].end, by: growth) }
    _ = write(line.text + [Control.lineFeed], at: places[index].start)
    guard !isBroken else { return }
    places[index].length &+= growth
    // bounded: `index` is one of them
    for later in places.indices[index...].dropFirst() { places[later].start &+= growth }
  }

  /// Block by block, beginning at the end that is moved away from the other.
  private func moveTail(from start: Int, by distance: Int) {
    var done = 0
    let total = written &- start
    while done < total, !isBroken {
      let size = min(Self.block, total &- done)
      let offset = distance > 0 ? written &- done &- size : start &+ done
      guard let bytes = read(size, at: offset), write(bytes, at: offset &+ distance) else { return fail() }
      done &+= size
    }
    written &+= distance
  }

  private func write(_ bytes: [UInt8], at offset: Int) -> Bool {
    var done = 0
    while done < bytes.count {
      let result = bytes.withUnsafeBytes {
        tsi_pwrite(file, $0.baseAddress.map { $0 + done }, bytes.count &- done, Int64(clamping: offset &+ done))
      }
      if result == -4 { continue }  // EINTR
      guard result > 0 else {
        fail()
        return false
      }
      done &+= Int(clamping: result)
    }
    sizeOnDisk = max(sizeOnDisk, offset &+ done)
    return true
  }

  private func read(_ size: Int, at offset: Int) -> [UInt8]? {
    var done = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while done < size {
        let result = tsi_pread(
          file, buffer.baseAddress.map { $0 + done }, size &- done, Int64(clamping: offset &+ done))
        if result == -4 { continue }  // EINTR
        guard result > 0 else { break }
        done &+= Int(clamping: result)
      }
      count = done
    }
    return done == size ? bytes : nil
  }
}

extension OutputStream {
  /// 0 or 1, for arrays by stream.
  var index: Int { self == .standardError ? 0 : 1 }
}
