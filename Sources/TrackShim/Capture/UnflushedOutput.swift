import CTrackShim

/// Makes what stdio still holds count as printed, once.
///
/// The worker looks at the buffer of `stdout` (peek.c) and hands on its whole lines. The program will flush
/// the same bytes later; they come with their position in the stream, and are left out then if they are
/// what was seen. If they are not, the program threw its buffer away, and all of the flush is new.
struct UnflushedOutput {
  /// Past this much a buffer is not looked into further; its flush brings the rest.
  static let limit = 1 << 20
  /// Looks that show just what the last flush passed, before it is taken for new output.
  private static let doubtfulLooks = 3

  /// What was handed on and not yet flushed. Its first byte has `position` in the stream.
  private var seen: [UInt8] = []
  private var position: UInt64 = 0
  private var earlier: tsi_unflushed?
  private var doubtful: tsi_unflushed?
  private var doubts = 0
  /// Bytes behind what was handed on were never seen, and never came: a disk took only a part of a flush.
  private var isTorn = false

  /// Up to here the stream's bytes have been handed on.
  var recordedPosition: UInt64 { position &+ UInt64(seen.count) }

  enum Flush: Equatable {
    /// The first bytes of the flush were handed on before.
    case continues(known: Int)
    /// What was handed on never came: purged. The flush is new from its first byte.
    case replaces
  }

  /// A flush has brought `bytes` at `position`.
  mutating func flushed(_ bytes: UnsafeRawBufferPointer, at start: UInt64) -> Flush {
    defer {
      if seen.isEmpty { position = start &+ UInt64(bytes.count) }
      isTorn = false  // the ring's record says so itself
    }
    guard !seen.isEmpty else { return .continues(known: 0) }
    skipWhatWasDropped(before: start)
    let common = min(bytes.count, seen.count)
    guard start == position, seen[..<common].elementsEqual(bytes[..<common]) else {
      let wasPurged = !seen.isEmpty
      seen.removeAll(keepingCapacity: true)
      return wasPurged ? .replaces : .continues(known: 0)
    }
    seen.removeFirst(common)
    position &+= UInt64(clamping: common)
    return .continues(known: common)
  }

  /// Flushes that the ring had no room for, or that failed.
  private mutating func skipWhatWasDropped(before start: UInt64) {
    guard start > position else { return }
    if start > recordedPosition { isTorn = true }
    let missed = min(start &- position, UInt64(seen.count))
    seen.removeFirst(Int(clamping: missed))
    position = start
  }

  /// Whether a second look, a moment later, could bring something new. Only bytes that stand in both are
  /// taken: the first look may have met a line half copied.
  mutating func look() -> Bool {
    var now = tsi_unflushed()
    earlier = nil
    guard tsi_peek_look(&now) else { return false }
    let size = now.end &- now.base
    if size == 0 {
      if now.position == position { seen.removeAll(keepingCapacity: true) }
      return false
    }
    guard !isDoubtful(now) else { return false }
    earlier = now
    return size != UInt64(seen.count) || now.position != position
  }

  private mutating func isDoubtful(_ look: tsi_unflushed) -> Bool {
    guard look.looks_flushed else { return false }
    let isSame = doubtful.map { $0.position == look.position && $0.base == look.base } ?? false
    doubts = isSame ? doubts &+ 1 : 1
    doubtful = look
    return doubts <= Self.doubtfulLooks
  }

  /// The bytes that are new since the last time, whole lines only unless the stream is over. To be called
  /// when the ring was found empty after `look`: then every flush before that look is known.
  /// `isPurged` says that what was handed on before is not in the stream, or not in front of this.
  mutating func takeNew(isLast: Bool) -> (bytes: [UInt8], isPurged: Bool)? {
    guard let first = isLast ? lastLook() : earlier else { return nil }
    earlier = nil
    skipWhatWasDropped(before: first.position)
    // A flush that came since the look has taken those bytes with it, though stdio may still hold them.
    guard first.position == position else { return nil }
    let size = min(Int(clamping: first.end &- first.base), Self.limit)
    guard let buffer = copy(first, size) else { return nil }
    let isPurged = isTorn || !buffer.starts(with: seen)
    isTorn = false
    if isPurged { seen.removeAll(keepingCapacity: true) }
    let new = buffer[seen.count...]
    let end = isLast ? new.endIndex : (new.lastIndex(of: UInt8(ascii: "\n")).map { $0 &+ 1 } ?? new.startIndex)
    let taken = Array(new[..<end])
    seen.append(contentsOf: taken)
    return taken.isEmpty && !isPurged ? nil : (taken, isPurged)
  }

  /// At the very end the host waits for us, in no flush, and nothing moves.
  private func lastLook() -> tsi_unflushed? {
    var now = tsi_unflushed()
    guard tsi_peek_look(&now), now.end > now.base else { return nil }
    return now
  }

  private func copy(_ look: tsi_unflushed, _ size: Int) -> [UInt8]? {
    var look = look
    var isWhole = false
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      isWhole = tsi_peek_copy(&look, buffer.baseAddress, size)
      count = isWhole ? size : 0
    }
    return isWhole ? bytes : nil
  }
}
