import CTrackShim

/// A call of trackshim.h on its way from the caller's thread to the worker, packed into one ring record:
/// a byte that says which, then for `log` the step, the value and the key's bytes.
enum Call {
  case start
  case log(step: Int64, key: [UInt8], json: [UInt8])

  static let longestKey = 1024

  private enum Kind {
    static let start: UInt8 = 1
    static let log: UInt8 = 2
  }

  private static let logHeader = 17

  init?(_ bytes: UnsafeRawBufferPointer) {
    guard let kind = bytes.first else { return nil }
    switch kind {
    case Kind.start: self = .start
    case Kind.log:
      guard bytes.count > Self.logHeader else { return nil }
      let step = bytes.loadUnaligned(fromByteOffset: 1, as: Int64.self)
      let value = bytes.loadUnaligned(fromByteOffset: 9, as: Double.self)
      var json: [UInt8] = []
      json.appendDouble(value)
      self = .log(step: step, key: Array(bytes[Self.logHeader...]), json: json)
    default: return nil
    }
  }

  // MARK: On the caller's thread: no allocation, no wait

  static func putStart() -> Bool {
    var kind = Kind.start
    return tsi_tap_call(&kind, 1)
  }

  static func putLog(step: Int64, key: UnsafePointer<CChar>, size: Int, value: Double) -> Bool {
    withLog(step: step, key: UnsafeRawBufferPointer(start: key, count: size), value: value) {
      tsi_tap_call($0.baseAddress, $0.count)
    }
  }

  /// Packs a `log` on the stack, for as long as `body` runs.
  // bounded: the record is allocated with room for the header and the key
  static func withLog<Result>(
    step: Int64, key: UnsafeRawBufferPointer, value: Double, _ body: (UnsafeRawBufferPointer) -> Result
  ) -> Result {
    withUnsafeTemporaryAllocation(byteCount: logHeader &+ key.count, alignment: 8) { record in
      record.storeBytes(of: Kind.log, toByteOffset: 0, as: UInt8.self)
      record.storeBytes(of: step, toByteOffset: 1, as: Int64.self)
      record.storeBytes(of: value, toByteOffset: 9, as: Double.self)
      UnsafeMutableRawBufferPointer(rebasing: record[logHeader...]).copyMemory(from: key)
      return body(UnsafeRawBufferPointer(record))
    }
  }
}
