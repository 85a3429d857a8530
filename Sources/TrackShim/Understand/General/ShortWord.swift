/// A word of at most 16 bytes, in lower case: it is compared without memory of its own.
struct ShortWord: Equatable, Sendable {
  private var low: UInt64 = 0
  private var high: UInt64 = 0

  fileprivate init() {}

  /// nil for a longer one.
  @inline(__always) init?(_ bytes: UnsafeRawBufferPointer) { self.init(in: bytes, 0, bytes.count) }

  /// That which stands in the line from `start` on and before `end`.
  @inline(__always) init?(in line: UnsafeRawBufferPointer, _ start: Int, _ end: Int) {
    let count = end &- start
    guard count <= 16 else { return nil }
    low = EightBytes.lowercased(EightBytes.load(line, start, min(start &+ 8, end)))
    if count > 8 { high = EightBytes.lowercased(EightBytes.load(line, start &+ 8, end)) }
  }

  /// Good enough for the few words that are looked for; nobody else chooses them.
  @inline(__always) fileprivate var mixed: Int {
    let product = (low ^ high &* 0xC2B2_AE3D_27D4_EB4F) &* 0x9E37_79B9_7F4A_7C15
    return Int(truncatingIfNeeded: product &>> 32)
  }
}

/// What is known of the words of the trade: all words of all lines are looked up here.
struct ShortWords<Value: Sendable>: Sendable {
  fileprivate struct Place: Sendable {
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

  @inline(__always) func value(of text: UnsafeRawBufferPointer) -> Value? {
    ShortWord(text).flatMap { value(of: $0) }
  }

  @inline(__always) func value(of word: ShortWord) -> Value? { withTable { $0.value(of: word) } }

  /// For many words one after the other.
  struct Table {
    fileprivate let places: UnsafeBufferPointer<Place>
    fileprivate let mask: Int

    // bounded: the place is below the count, and half of the places are free
    @inline(__always) func value(of word: ShortWord) -> Value? {
      guard let first = places.baseAddress else { return nil }
      var place = word.mixed & mask
      while let value = first[place].value {
        if first[place].word == word { return value }
        place = (place &+ 1) & mask
      }
      return nil
    }
  }

  @inline(__always) func withTable<Result>(_ body: (Table) -> Result) -> Result {
    places.withUnsafeBufferPointer { body(Table(places: $0, mask: mask)) }
  }

  func value(of text: [UInt8]) -> Value? { text.withUnsafeBytes { value(of: $0) } }

  func contains(_ text: UnsafeRawBufferPointer) -> Bool { value(of: text) != nil }
}
