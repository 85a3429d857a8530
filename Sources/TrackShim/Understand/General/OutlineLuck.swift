/// Whether it is worth while to look for a line's outline among those that are known, before anything else: a program that
/// tells the same again and again is known by it, of a text every line has another one.
struct OutlineLuck {
  private static let most: UInt8 = 16
  private var left: UInt8 = 0
  private var turn: UInt8 = 0

  mutating func take(_ wasKnown: Bool) { left = wasKnown ? Self.most : left > 0 ? left &- 1 : 0 }

  /// Where nothing came of it for long, it is tried with one line of eight.
  mutating func isWorthTrying() -> Bool {
    turn &+= 1
    return left > 0 || turn & 7 == 0
  }
}
