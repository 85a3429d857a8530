/// Moves the point of a number's JSON text: 99.76 thousand is 99760, to the digit.
enum DecimalShift {
  /// By three places for each of `thousands`; of the text from `start` on. A number that has an exponent, or is
  /// none, stays.
  static func apply(_ thousands: UInt8, to text: inout [UInt8], from start: Int) {
    let places = Int(truncatingIfNeeded: thousands) &* 3
    guard places > 0, start >= 0, start < text.count else { return }
    let printed = text[start...]
    guard printed.allSatisfy({ $0.isDigit || $0 == .point || $0 == 0x2D }) else { return }
    let isNegative = printed.first == 0x2D
    let unsigned = isNegative ? printed.dropFirst() : printed
    let point = unsigned.firstIndex(of: .point) ?? unsigned.endIndex
    let whole = unsigned[..<point], fraction = Array(unsigned[point...].dropFirst())
    var moved = Array(whole) + fraction.prefix(places)
    moved += [UInt8](repeating: 0x30, count: max(0, places &- fraction.count))
    let leading = moved.prefix { $0 == 0x30 }.count
    moved.removeFirst(min(leading, max(0, moved.count &- 1)))
    let rest = fraction.dropFirst(places)
    if !rest.isEmpty { moved += [.point] + rest }
    if isNegative { moved.insert(0x2D, at: 0) }
    text.removeSubrange(start...)
    text += moved
  }
}
