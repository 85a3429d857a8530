/// Finds erase sequences, `ESC [ … K`, in a line of text, across its pieces. Colours and all other
/// sequences do not change the shape of a line and are text.
struct EscapeWatch {
  private enum State { case none, escape, control }
  private var state = State.none
  private(set) var foundErase = false

  var isEmpty: Bool { state == .none }

  mutating func begin() { state = .escape }

  /// Follows the sequence from `start` on. Returns the first byte that is no part of it, or the `K`.
  mutating func skip(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
    var position = start
    while position < bytes.count {
      let byte = bytes[position]
      if state == .escape, byte == 0x5B {
        state = .control
      } else if state == .control, byte >= 0x20, byte < 0x7F {
        foundErase = byte == 0x4B
        if byte >= 0x40 {
          state = .none
          return foundErase ? position : position &+ 1
        }
      } else {
        state = .none
        return position
      }
      position &+= 1
    }
    return position
  }
}
