/// Whether a line with numbers can be a report at all: most lines that programs print beside their metrics are told by this
/// from those that must be taken apart.
///
/// A report has a counter or something that training measures. Named, that takes one of the words below; without a name a
/// counter leads the line (`12: …`, `[3/25]`), or is a fraction (`450/1000 batches`), and a measure is a rate (`tok/s`).
/// So where this says no, nothing would be found; where it says yes, nothing is known.
enum TellingLine {
  /// `start`: where its message begins.
  static func mayBeOne(_ line: UnsafeRawBufferPointer, from start: Int) -> Bool {
    leadsWithCounter(line, start) || hasFractionOrRate(line) || hasWord(line, from: start)
  }

  // bounded: `index` is below the count
  private static func leadsWithCounter(_ line: UnsafeRawBufferPointer, _ start: Int) -> Bool {
    var index = start
    while index < line.count, line[index].isBlank { index &+= 1 }
    guard index < line.count else { return false }
    let first = line[index]
    // `1. Definitions`, `2) something else`
    let end = EightBytes.endOfDigits(in: line, from: index)
    if end > index, end < line.count,
      line[end] == 0x29 || line[end] == .point && line.part(end &+ 1, end &+ 2).first == 0x20
    {
      return false
    }
    return first.isDigit || first == 0x2B || first == 0x2D || first == .point || first == 0x3C || first == 0x5B
  }

  // bounded: `mark` is below the count
  private static func hasFractionOrRate(_ line: UnsafeRawBufferPointer) -> Bool {
    var index = 0
    while let found = line.part(index, line.count).first(0x2F) {
      let mark = index &+ found
      let next = mark &+ 1
      guard next < line.count else { return false }
      if line[next] | 0x20 == 0x73, Words.isSecond(line.part(next, endOfWord(line, next))) { return true }
      if isDigitNext(line, next), isDigitBefore(line, mark) { return true }
      index = next
    }
    return false
  }

  private static func isDigitNext(_ line: UnsafeRawBufferPointer, _ start: Int) -> Bool {
    var index = start
    while index < line.count, line[index].isBlank { index &+= 1 }
    return index < line.count && (line[index].isDigit || line[index] == .point)
  }

  /// `it: 3`, `"it": 3`, `it [3/10]`: the next letter or digit is one.
  private static func isDigitNear(_ line: UnsafeRawBufferPointer, _ start: Int) -> Bool {
    line.part(start, line.count).first { $0.isDigit || $0.isLetter }?.isDigit == true
  }

  // bounded: `index` is above the line's beginning
  private static func isDigitBefore(_ line: UnsafeRawBufferPointer, _ end: Int) -> Bool {
    var index = end
    while index > 0, line[index &- 1].isBlank { index &-= 1 }
    return index > 0 && index <= line.count && (line[index &- 1].isDigit || line[index &- 1] == .point)
  }

  /// Words are letters that stand together: those of names, `train_loss`, are looked at one by one. Other alphabets, and
  /// bars that are drawn, are left to those who know more of them.
  private static func hasWord(_ line: UnsafeRawBufferPointer, from start: Int) -> Bool {
    Words.telling.withTable { telling in
      Words.tellingSieve.withTable { hasWord(line, from: start, telling, $0) }
    }
  }

  // bounded: `index` is below the count
  private static func hasWord(
    _ line: UnsafeRawBufferPointer, from start: Int, _ telling: ShortWords<Words.Telling>.Table,
    _ sieve: WordSieve.Table
  ) -> Bool {
    var index = start
    while index < line.count {
      let byte = line[index]
      guard byte.isLetter else {
        index &+= 1
        continue
      }
      if byte >= 0x80 { return true }
      let begin = index
      index = endOfWord(line, begin)
      // Behind letters that are none of ASCII a word goes on.
      if index < line.count, line[index] >= 0x80 { return true }
      if sieve.mayHave(line, begin, index), let word = ShortWord(in: line, begin, index),
        let kind = telling.value(of: word)
      {
        switch kind {
        case .always: return true
        case .besideNumber: if isDigitBefore(line, begin) || isDigitNear(line, index) { return true }
        case .betweenNumbers: if isDigitBefore(line, begin) && isDigitNext(line, index) { return true }
        }
      } else if index &- begin > 3, Words.mayEndInResult(line, index), Words.endsInResult(line.part(begin, index)) {
        return true
      }
    }
    return false
  }

  /// Of letters of ASCII.
  // bounded: each load ends within the line
  @inline(__always) private static func endOfWord(_ line: UnsafeRawBufferPointer, _ start: Int) -> Int {
    var index = start
    while index &+ 8 <= line.count {
      let bytes = UInt64(littleEndian: line.loadUnaligned(fromByteOffset: index, as: UInt64.self))
      let others = EightBytes.others(thanLetters: bytes)
      if others != 0 { return index &+ others.trailingZeroBitCount &>> 3 }
      index &+= 8
    }
    while index < line.count, line[index].isLetter, line[index] < 0x80 { index &+= 1 }
    return index
  }
}
