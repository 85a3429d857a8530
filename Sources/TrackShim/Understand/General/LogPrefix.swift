/// What loggers and launchers write in front of what a program says: dates, times, levels, ranks, places in the source.
///
///     2024-01-01 12:00:00,123 INFO trainer.py:88 - step 3 | loss 0.5
///     I0101 12:00:00.123456  1234 solver.cpp:239] Iteration 100, loss = 0.5
///     [rank0]: [2024-01-01 12:00:00.123] [info] epoch 3: loss 0.5
enum LogPrefix {
  /// Where the message begins.
  static func end(in line: UnsafeRawBufferPointer) -> Int {
    var index = 0
    var hasPrefix = false
    for _ in 0..<12 {
      let start = skipped(line, index, marks: hasPrefix)
      guard let next = endOfPart(line, start, isBehindOthers: hasPrefix) else { return start }
      index = next
      hasPrefix = true
    }
    return index
  }

  /// Past blanks, and what stands between the parts.
  private static func skipped(_ line: UnsafeRawBufferPointer, _ start: Int, marks: Bool) -> Int {
    var index = start
    while index < line.count {
      let byte = line[index]
      let isBetween = byte == 0x3A || byte == 0x2D || byte == 0x7C || byte == 0x5D || byte == 0x3E || byte == 0x2C
      // A sign before a number stays.
      if byte == 0x2D, index &+ 1 < line.count, line[index &+ 1].isDigit { return index }
      guard byte.isBlank || (marks && isBetween) else { return index }
      index &+= 1
    }
    return index
  }

  private static func endOfPart(_ line: UnsafeRawBufferPointer, _ start: Int, isBehindOthers: Bool) -> Int? {
    guard start < line.count else { return nil }
    let byte = line[start]
    if byte == 0x5B { return endOfBrackets(line, start) }
    if byte == 0x28 {
      return endOfProcess(line, start)
        ?? (isBehindOthers ? endOfRankOf(line, start) ?? endOfTimeIn(line, start) ?? endOfPlaceIn(line, start) : nil)
    }
    if byte == 0x7B, isBehindOthers { return endOfBraces(line, start) }
    if byte.isDigit { return endOfTime(line, start) ?? endOfDay(line, start) }
    guard byte.isLetter || byte == 0x5F else { return nil }
    return endOfWordPart(line, start, isBehindOthers)
  }

  /// `[2024-01-01 12:00:00.123]`, `[info]`, `[rank0]`, `[12:00:00]`, `[trainer.py:88]`, `[1,0]<stdout>:`
  private static func endOfBrackets(_ line: UnsafeRawBufferPointer, _ start: Int) -> Int? {
    guard let close = endOfRun(line, start &+ 1, upTo: 0x5D), close &- start <= 100 else { return nil }
    let inside = line.part(start &+ 1, close).withoutBlanks
    if Words.isLevel(inside) { return close &+ 1 }
    if !inside.isEmpty, inside.allSatisfy({ $0.isDigit }) { return nil }
    if let time = endOfTime(inside, 0), time == inside.count || inside[time].isBlank || inside[time] == 0x5B {
      return close &+ 1
    }
    if isRank(inside) || isPlace(inside) || isThread(inside) || isNameAndTime(inside) { return close &+ 1 }
    // `[train.py:529 - train - INFO ]`
    if let blank = inside.firstIndex(of: 0x20), isPlace(inside.part(0, blank)), endsInLevel(inside) {
      return close &+ 1
    }
    // `[node3] 2024-05-01 12:00:00`
    if !inside.isEmpty, inside.allSatisfy({ isPartOfName($0) || $0 == 0x2D }), close &+ 1 < line.count,
      line[close &+ 1] == 0x20, endOfTime(line, close &+ 2) != nil
    {
      return close &+ 1
    }
    let tag = "<std"
    let after = line.part(close &+ 1, min(line.count, close &+ 5))
    if after.elementsEqual(tag.utf8) { return endOfRun(line, close &+ 1, upTo: 0x3E).map { $0 &+ 1 } }
    // `[LightGBM] [Info]`: a name and a level.
    if inside.allSatisfy({ $0.isLetter }), let next = endOfBracketLevel(line, close &+ 1) { return next }
    return nil
  }

  private static func endsInLevel(_ text: UnsafeRawBufferPointer) -> Bool {
    let start = text.lastIndex { $0.isBlank }.map { $0 &+ 1 } ?? 0
    return Words.isLevel(text.part(start, text.count))
  }

  /// `flaml.automl.logger: 11-27 03:16:01`
  private static func isNameAndTime(_ text: UnsafeRawBufferPointer) -> Bool {
    guard let colon = text.firstIndex(of: 0x3A), colon > 0, colon &+ 2 < text.count, text[colon &+ 1] == 0x20,
      text.part(0, colon).allSatisfy({ isPartOfName($0) })
    else { return false }
    let rest = text.part(colon &+ 2, text.count)
    if endOfTime(rest, 0) == rest.count { return true }
    // Without a year.
    let day = rest.part(0, 6)
    return day.count == 6 && day[0].isDigit && day[1].isDigit && day[2] == 0x2D && day[5] == 0x20
      && endOfTime(rest, 6) == rest.count
  }

  /// `{2470}`, `{taskinstance.py:1150}`: where in the source.
  private static func endOfBraces(_ line: UnsafeRawBufferPointer, _ start: Int) -> Int? {
    guard let close = endOfRun(line, start, upTo: 0x7D), close &- start < 60 else { return nil }
    let inside = line.part(start &+ 1, close)
    return !inside.isEmpty && (inside.allSatisfy { $0.isDigit } || isPlace(inside)) ? close &+ 1 : nil
  }

  /// `(2025-04-02 10:58:41,211)`
  private static func endOfTimeIn(_ line: UnsafeRawBufferPointer, _ start: Int) -> Int? {
    guard start &+ 1 < line.count, let end = endOfTime(line, start &+ 1), end < line.count, line[end] == 0x29 else {
      return nil
    }
    return end &+ 1
  }

  /// `(trainer:756)`
  private static func endOfPlaceIn(_ line: UnsafeRawBufferPointer, _ start: Int) -> Int? {
    guard let close = endOfRun(line, start, upTo: 0x29), close &- start < 60 else { return nil }
    let inside = line.part(start &+ 1, close)
    guard let colon = inside.firstIndex(of: 0x3A), colon > 0, colon &+ 1 < inside.count else { return nil }
    let isPlace =
      inside.part(0, colon).allSatisfy { isPartOfName($0) }
      && inside.part(colon &+ 1, inside.count).allSatisfy { $0.isDigit }
    return isPlace && !Words.isCounter(inside.part(0, colon)) ? close &+ 1 : nil
  }

  /// `8812:MainThread`, `MainThread:8812`
  private static func isThread(_ text: UnsafeRawBufferPointer) -> Bool {
    guard let colon = text.firstIndex(of: 0x3A), colon > 0 else { return false }
    let name = "Thread"
    if text.part(0, colon).suffix(name.utf8.count).elementsEqual(name.utf8) { return true }
    return text.part(0, colon).allSatisfy { $0.isDigit } && text.part(colon &+ 1, text.count).contains { $0.isLetter }
  }

  /// `(0/2)`: the first of two.
  private static func endOfRankOf(_ line: UnsafeRawBufferPointer, _ start: Int) -> Int? {
    var index = start &+ 1, slashes = 0
    while index < line.count, line[index].isDigit || line[index] == 0x2F {
      slashes &+= line[index] == 0x2F ? 1 : 0
      index &+= 1
    }
    return slashes == 1 && index < line.count && line[index] == 0x29 ? index &+ 1 : nil
  }

  /// `(TaskRunner pid=625502)`, `(RayTrainWorker pid=12, ip=10.0.0.2)`
  private static func endOfProcess(_ line: UnsafeRawBufferPointer, _ start: Int) -> Int? {
    var index = start &+ 1
    while index < line.count, isPartOfName(line[index]) || line[index] == 0x3A { index &+= 1 }
    let name = " pid="
    guard index > start &+ 1, line.part(index, index &+ name.utf8.count).elementsEqual(name.utf8) else { return nil }
    return endOfRun(line, index, upTo: 0x29).flatMap { $0 &- index < 60 ? $0 &+ 1 : nil }
  }

  private static func endOfBracketLevel(_ line: UnsafeRawBufferPointer, _ start: Int) -> Int? {
    guard start &+ 1 < line.count, line[start] == 0x20, line[start &+ 1] == 0x5B else { return nil }
    guard let close = endOfRun(line, start &+ 2, upTo: 0x5D) else { return nil }
    return Words.isLevel(line.part(start &+ 2, close)) ? close &+ 1 : nil
  }

  private static func endOfRun(_ line: UnsafeRawBufferPointer, _ start: Int, upTo byte: UInt8) -> Int? {
    var index = start
    while index < line.count, line[index] != byte { index &+= 1 }
    return index < line.count ? index : nil
  }

  /// A date, a time of the day, or both: digits with at least two of `-`, `/` or `:` between them.
  private static func endOfTime(_ line: UnsafeRawBufferPointer, _ start: Int) -> Int? {
    var index = start, dashes = 0, colons = 0
    while index < line.count {
      let byte = line[index]
      let isFollowed = index &+ 1 < line.count && line[index &+ 1].isDigit
      if byte.isDigit {
        index &+= 1
      } else if (byte == 0x2D || byte == 0x2F), isFollowed {
        dashes &+= 1
        index &+= 1
      } else if byte == 0x3A, isFollowed {
        colons &+= 1
        index &+= 1
      } else if (byte == 0x2E || byte == 0x2C), colons > 1, isFollowed {
        index &+= 1
      } else if (byte == 0x54 || byte == 0x20), dashes > 1, colons == 0, isFollowed {
        index &+= 1
      } else {
        break
      }
    }
    if index < line.count, line[index] == 0x5A { index &+= 1 }
    // `03:16:50 AM`
    if colons > 0, index &+ 2 < line.count, line[index] == 0x20, line[index &+ 2] == 0x4D,
      line[index &+ 1] == 0x41 || line[index &+ 1] == 0x50
    {
      index &+= 3
    }
    return dashes > 1 || colons > 1 ? index : nil
  }

  /// `20-Nov 06:58:26`, `20-Nov-2015 06:58:26`: where the time begins.
  private static func endOfDay(_ line: UnsafeRawBufferPointer, _ start: Int) -> Int? {
    var index = start
    while index < line.count, line[index].isDigit { index &+= 1 }
    guard index &- start <= 2, index < line.count, line[index] == 0x2D || line[index] == 0x20,
      Words.isMonth(line.part(index &+ 1, index &+ 4))
    else { return nil }
    index &+= 4
    if index < line.count, line[index] == 0x2D || line[index] == 0x20, endOfTime(line, index &+ 1) == nil {
      index &+= 1
      while index < line.count, line[index].isDigit { index &+= 1 }
    }
    guard index &+ 1 < line.count, line[index] == 0x20, endOfTime(line, index &+ 1) != nil else { return nil }
    return index
  }

  // MARK: Words

  private static func endOfWordPart(_ line: UnsafeRawBufferPointer, _ start: Int, _ isBehindOthers: Bool) -> Int? {
    var end = start
    while end < line.count, isPartOfName(line[end]) { end &+= 1 }
    let word = line.part(start, end)
    let next = end < line.count ? line[end] : 0x20
    if isGoogleDate(word), next == 0x20 { return endOfGoogle(line, end) }
    // `INFO:root:12`
    if isBehindOthers, next == 0x3A, isLogger(line, start), word.elementsEqual(root.utf8) { return end }
    if Words.isLevel(word), word.count > 1 || isBehindOthers {
      // `error: 0.5` would be a metric; the level of a logger stands in capitals or behind a date.
      let isShouted = word.allSatisfy { !($0 &- 0x61 < 26) }
      guard isShouted || isBehindOthers else { return nil }
      // `12:00:00 INFO: 3epoch loss=0.5`: only an error may be measured.
      let isMeasured = word[0] | 0x20 == 0x65  // bounded: it has a letter
      return isShouted && isBehindOthers && !isMeasured && word.count > 1 || !isNumberNext(line, end) ? end : nil
    }
    if next == 0x3A, isRank(word) { return end }
    if isPlace(word) { return endOfLineNumber(line, end) }
    if isBehindOthers, let end = endOfCaller(line, start) { return end }
    if !isBehindOthers, let level = levelOf(program: word, line, end) { return level }
    // `LOG(INFO) …`
    if isBehindOthers, next == 0x28, let close = endOfRun(line, end, upTo: 0x29), close &- end < 10,
      Words.isLevel(line.part(end &+ 1, close)), close &+ 1 < line.count, line[close &+ 1].isBlank
    {
      return close &+ 1
    }
    // `info(train): …`
    if next == 0x28, Words.isLevel(word), let close = endOfRun(line, end, upTo: 0x29), close &+ 1 < line.count,
      line[close &+ 1] == 0x3A, !isNumberNext(line, close &+ 2)
    {
      return close &+ 2
    }
    // `qlib.LSTM - …`
    if isBehindOthers, word.contains(.point), line.part(end, end &+ 3).elementsEqual(" - ".utf8) { return end }
    if isBehindOthers, let level = levelBehind(line, end) { return level }
    guard isBehindOthers, next == 0x3A, !isNumberNext(line, end) else { return nil }
    return isLogger(line, start) || word.filter { $0 == .point }.count > 1 ? end : nil
  }

  private static func isPartOfName(_ byte: UInt8) -> Bool {
    byte.isLetter || byte.isDigit || byte == 0x5F || byte == 0x2E || byte == 0x2F
  }

  /// `:239`, `(239)`
  private static func endOfLineNumber(_ line: UnsafeRawBufferPointer, _ start: Int) -> Int {
    if start < line.count, line[start] == 0x28, let close = endOfRun(line, start, upTo: 0x29), close > start &+ 1,
      line.part(start &+ 1, close).allSatisfy({ $0.isDigit })
    {
      return close &+ 1
    }
    guard start &+ 1 < line.count, line[start] == 0x3A, line[start &+ 1].isDigit else { return start }
    var end = start &+ 1
    while end < line.count, line[end].isDigit { end &+= 1 }
    return end
  }

  /// `__main__:train:42`: module, function and line.
  private static func endOfCaller(_ line: UnsafeRawBufferPointer, _ start: Int) -> Int? {
    var end = start, colon: Int?, colons = 0
    while end < line.count, isPartOfName(line[end]) || line[end] == 0x3A || line[end] == 0x3C || line[end] == 0x3E {
      if line[end] == 0x3A {
        colons &+= 1
        colon = end
      }
      end &+= 1
    }
    guard colons > 0, let colon, colon &+ 1 < end, end < line.count, !Words.isCounter(line.part(start, colon)) else {
      return nil
    }
    return line.part(colon &+ 1, end).allSatisfy { $0.isDigit } && line[end].isBlank ? end : nil
  }

  /// `host name[1234] INFO`: at most two words more, and a level in capitals. Returns where that begins.
  private static func levelBehind(_ line: UnsafeRawBufferPointer, _ start: Int) -> Int? {
    var start = start
    for _ in 0..<3 {
      while start < line.count, !line[start].isBlank { start &+= 1 }
      while start < line.count, line[start].isBlank { start &+= 1 }
      guard start < line.count else { return nil }
      var end = start
      while end < line.count, line[end] &- 0x41 < 26 { end &+= 1 }
      let word = line.part(start, end)
      if word.count > 3, end < line.count, line[end].isBlank, Words.isLevel(word), !isNumberNext(line, end) {
        return start
      }
    }
    return nil
  }

  /// `DEEPMD INFO    …`: the program and the level, both in capitals. Returns where the level begins.
  private static func levelOf(program: UnsafeRawBufferPointer, _ line: UnsafeRawBufferPointer, _ end: Int) -> Int? {
    guard program.count > 1, program.allSatisfy({ $0 &- 0x41 < 26 }), end < line.count, line[end] == 0x20 else {
      return nil
    }
    let start = end &+ 1
    var last = start
    while last < line.count, line[last] &- 0x41 < 26 { last &+= 1 }
    let level = line.part(start, last)
    guard level.count > 3, Words.isLevel(level), last < line.count, line[last].isBlank || line[last] == 0x3A,
      !isNumberNext(line, last)
    else { return nil }
    return start
  }

  private static func isNumberNext(_ line: UnsafeRawBufferPointer, _ start: Int) -> Bool {
    var index = start
    while index < line.count, line[index].isBlank || line[index] == 0x3A || line[index] == 0x3D { index &+= 1 }
    return index < line.count && PrintedNumber(in: line, at: index) != nil
  }

  /// `INFO:root:step 3`: no blank before or behind.
  private static func isLogger(_ line: UnsafeRawBufferPointer, _ start: Int) -> Bool {
    start > 0 && start <= line.count && line[start &- 1] == 0x3A
  }

  /// `rank0`, `Rank 0`, `pid=1234`
  private static func isRank(_ text: UnsafeRawBufferPointer) -> Bool {
    let name = text.prefix { $0.isLetter }.map(\.lowercasedASCII)
    guard name == rank || name == pid else { return false }
    return text.dropFirst(name.count).allSatisfy { $0.isDigit || $0.isBlank || $0 == 0x3D || $0 == 0x3A }
  }

  private static let root = "root"
  private static let rank = Array("rank".utf8)
  private static let pid = Array("pid".utf8)

  /// `solver.cpp:239`, `trainer.py`: a file of source, with or without its line.
  static func isPlace(_ text: UnsafeRawBufferPointer) -> Bool {
    guard let point = text.lastIndex(of: 0x2E), point > 0, point &+ 1 < text.count else { return false }
    var index = point &+ 1
    while index < text.count, text[index].isLetter { index &+= 1 }
    let suffix = text.part(point &+ 1, index).map(\.lowercasedASCII)
    guard suffixes.contains(suffix) else { return false }
    let rest = text.part(index, text.count)
    guard let colon = rest.first else { return true }
    // `trainer.py:88:train`
    return colon == 0x3A && rest.count > 1 && rest[1].isDigit && rest.allSatisfy { isPartOfName($0) || $0 == 0x3A }
  }

  private static let suffixes = Set(
    ["py", "c", "cc", "cpp", "cxx", "cu", "cuh", "h", "hpp", "rs", "go", "swift", "jl"].map { Array($0.utf8) })

  /// `I0131`, as glog writes.
  private static func isGoogleDate(_ word: UnsafeRawBufferPointer) -> Bool {
    guard word.count == 5 || word.count == 9, let first = word.first else { return false }
    return (first == 0x49 || first == 0x57 || first == 0x45 || first == 0x46)
      && word.dropFirst().allSatisfy { $0.isDigit }
  }

  /// `I0131 12:00:00.123456  1234 solver.cpp:239]`
  private static func endOfGoogle(_ line: UnsafeRawBufferPointer, _ start: Int) -> Int? {
    guard let close = endOfRun(line, start, upTo: 0x5D), close &- start < 200 else { return nil }
    return close &+ 1
  }
}
