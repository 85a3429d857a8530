import CTrackShim
import Synchronization
@_cdecl("tsi_core_main") public func coreMain() {
  var d: [String: Int] = [:]
  d["a"] = Int(tsi_dummy())
  print("core", d)
}
