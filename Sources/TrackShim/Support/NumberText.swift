// Numbers as JSON text.

extension ByteSink {
  mutating func appendDecimal(_ value: Int64) {
    if value < 0 { append(UInt8(ascii: "-")) }
    appendDecimal(value.magnitude)
  }

  mutating func appendDecimal(_ value: UInt64) {
    appendDecimal(value, digits: value.decimalDigits)
  }

  mutating func appendDecimal(_ value: UInt64, digits: Int) {
    // 2^64 has 20 digits.
    var text = InlineArray<20, UInt8>(repeating: UInt8(ascii: "0"))
    var rest = value
    var position = text.count
    while position > 0, rest > 0 {
      position &-= 1
      text[position] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
    withUnsafeBytes(of: text) { append(contentsOf: $0.part(20 &- digits, 20)) }
  }
}

extension Int64 {
  /// How many bytes `appendDecimal` appends.
  var decimalSize: Int { magnitude.decimalDigits &+ (self < 0 ? 1 : 0) }
}

extension [UInt8] {
  /// The shortest text that reads back as the same number; whole numbers without `.0`, as W&B's own
  /// client writes them. For the rare values we compute ourselves: it may allocate.
  mutating func appendDouble(_ value: Double) {
    guard value.isFinite else {
      append(contentsOf: value.isNaN ? "NaN".utf8 : value < 0 ? "-Infinity".utf8 : "Infinity".utf8)
      return
    }
    append(contentsOf: value.description.utf8)
    if suffix(2).elementsEqual(".0".utf8) { removeLast(2) }
  }

  /// Nanoseconds as seconds with three decimals (`1795331147.062`), cut towards zero.
  mutating func appendSeconds(nanoseconds: Int64) {
    let milliseconds = nanoseconds.magnitude / 1_000_000
    if nanoseconds < 0, milliseconds > 0 { append(UInt8(ascii: "-")) }
    appendDecimal(milliseconds / 1000)
    append(UInt8(ascii: "."))
    appendDecimal(milliseconds % 1000, digits: 3)
  }
}

extension UInt64 {
  fileprivate var decimalDigits: Int {
    var digits = 1
    var rest = self
    while rest >= 1000 {
      rest /= 1000
      digits &+= 3
    }
    return rest < 10 ? digits : rest < 100 ? digits &+ 1 : digits &+ 2
  }
}
