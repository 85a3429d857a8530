import CTrackShim

/// The stages at which a test build can be made to fail (`TRACKSHIM_FAULT`, fault.c). Nothing in all others.
enum Fault {
  @inline(__always)
  static func point(_ stage: StaticString) {
    #if TSI_FAULTS
      tsi_fault(UnsafeRawPointer(stage.utf8Start).assumingMemoryBound(to: CChar.self))
    #endif
  }
}
