import CTrackShim

// Everything that leaves the library under a C name: convert, call, convert. The contract of trackshim_* is
// in trackshim.h; tests hold this file, the header and exports.map against each other.

/// The values of trackshim_status.
private enum Status {
  static let ok: Int32 = 0
  static let inactive: Int32 = 1
  static let invalid: Int32 = 2
  static let dropped: Int32 = 3
  static let timeout: Int32 = 4
}

/// The worker's main function; bootstrap.c hands it to the engine.
@_cdecl("tsi_core_main")
public func coreMain() {
  Tracker.current.loop()
}

@_cdecl("trackshim_start")
public func trackshimStart(_ options: OpaquePointer?) -> Int32 {
  guard tsi_tap_can_record() else { return Status.inactive }
  return Call.putStart() ? Status.ok : Status.dropped
}

@_cdecl("trackshim_log")
public func trackshimLog(_ step: Int64, _ key: UnsafePointer<CChar>?, _ value: Double) -> Int32 {
  guard let key else { return Status.invalid }
  let size = tsi_text_size(key, Call.longestKey &+ 1)
  guard size > 0, size <= Call.longestKey, step >= 0, step <= StepCount.largest else { return Status.invalid }
  guard tsi_tap_can_record() else { return Status.inactive }
  return Call.putLog(step: step, key: key, size: size, value: value) ? Status.ok : Status.dropped
}

@_cdecl("trackshim_finish")
public func trackshimFinish(_ exitCode: Int32) -> Int32 {
  guard tsi_tap_can_record() else { return Status.inactive }
  return tsi_settle(Int32(TSI_SETTLE_FINISH), exitCode) ? Status.ok : Status.timeout
}

@_cdecl("trackshim_version")
public func trackshimVersion() -> UnsafePointer<CChar>? { tsi_version() }
