import CTrackShim

/// The stages at which the tests' own library can be made to fail (`TRACKSHIM_FAULT`, faults/fault.c); an empty function
/// in the one that is shipped.
enum Fault {
  @inline(__always)
  static func point(_ stage: StaticString) {
    tsi_fault(UnsafeRawPointer(stage.utf8Start).assumingMemoryBound(to: CChar.self))
  }
}
