/// A word of at most 16 bytes, in lower case: it is compared without memory of its own.
struct ShortWord: Equatable, Sendable {
  private var low: UInt64 = 0
  private var high: UInt64 = 0

  fileprivate init() {}

  /// nil for a longer one.
  @inline(__always) init?(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count <= 16 else { return nil }
    low = EightBytes.lowercased(EightBytes.load(bytes, 0, min(8, bytes.count)))
    if bytes.count > 8 { high = EightBytes.lowercased(EightBytes.load(bytes, 8, bytes.count)) }
  }

  /// Good enough for the few words that are looked for; nobody else chooses them.
  @inline(__always) fileprivate var mixed: Int {
    let product = (low ^ high &* 0xC2B2_AE3D_27D4_EB4F) &* 0x9E37_79B9_7F4A_7C15
    return Int(truncatingIfNeeded: product &>> 32)
  }
}

/// What is known of the words of the trade: all words of all lines are looked up here.
struct ShortWords<Value: Sendable>: Sendable {
  private struct Place: Sendable {
    var word = ShortWord()
    /// nil: the place is free.
    var value: Value?
  }

  /// At least twice as many as words, and a power of two.
  private var places: [Place]
  private let mask: Int

  // bounded: half of the places are free
  init(_ values: [[UInt8]: Value]) {
    var count = 16
    while count < values.count &* 2 { count &*= 2 }
    places = [Place](repeating: Place(), count: count)
    mask = count &- 1
    for (text, value) in values {
      guard let word = text.withUnsafeBytes({ ShortWord($0) }) else { continue }
      var place = word.mixed & mask
      while places[place].value != nil, places[place].word != word { place = (place &+ 1) & mask }
      places[place] = Place(word: word, value: value)
    }
  }

  // bounded: the place is below the count, and half of the places are free
  @inline(__always) func value(of text: UnsafeRawBufferPointer) -> Value? {
    guard let word = ShortWord(text) else { return nil }
    var place = word.mixed & mask
    while let value = places[place].value {
      if places[place].word == word { return value }
      place = (place &+ 1) & mask
    }
    return nil
  }

  func value(of text: [UInt8]) -> Value? { text.withUnsafeBytes { value(of: $0) } }

  func contains(_ text: UnsafeRawBufferPointer) -> Bool { value(of: text) != nil }
}
