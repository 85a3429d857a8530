/// What the words of a label say of it.
extension LabelBook {
  static func note(_ label: [UInt8], _ found: inout Facts) {
    found.isRate = isRate(label)
    label.withUnsafeBytes {
      noteWords($0, &found)
      var parts = LabelWords($0, isWhole: false)
      while let word = parts.next() {
        let kinds = Words.kinds(of: word)
        if kinds.contains(.result) { found.isResult = true }
        if kinds.contains(.split) { found.isSplit = true }
        if kinds.contains(.setting), !(found.isResult && isBeforeTraining(word, in: $0)) { found.isSetting = true }
      }
    }
  }

  /// `Initial accuracy`; `initial_lr` and `initial_accuracy` are settings.
  private static func isBeforeTraining(_ word: UnsafeRawBufferPointer, in label: UnsafeRawBufferPointer) -> Bool {
    word.baseAddress == label.baseAddress && word.count < label.count && label[word.count].isBlank
      && word.elementsEqual(initial)
  }

  private static func noteWords(_ label: UnsafeRawBufferPointer, _ found: inout Facts) {
    found.isEverydayWord = true
    var all: WordKinds = []
    var isRunning = false, hasCounter = false
    var last: UnsafeRawBufferPointer?, lastButOne: UnsafeRawBufferPointer?
    var words = LabelWords(label, isWhole: true)
    while let word = words.next() {
      let kinds = Words.kinds(of: word)
      if found.words == 0 { noteFirst(word, kinds, &found) }
      found.words &+= 1
      if kinds.contains(.result), !kinds.contains(.everyday) { found.isEverydayWord = false }
      if kinds.contains(.size) || word.prefix(Words.gpuMemory.count).elementsEqual(Words.gpuMemory) {
        found.isSize = true
      }
      if word.elementsEqual(Words.of) { found.hasOf = true }
      if word.elementsEqual(per) || Words.counter(word) != nil { hasCounter = true }
      // `running loss`
      if isRunning, !kinds.contains(.result) { all.formUnion(Words.kinds(of: running)) }
      isRunning = word.elementsEqual(running)
      if !isRunning { all.formUnion(kinds) }
      lastButOne = last
      last = word
    }
    if isRunning { all.formUnion(Words.kinds(of: running)) }
    found.hasBest = all.contains(.best)
    found.hasProse = all.contains(.prose)
    found.hasDeed = all.contains(.deed)
    found.hasDuration = all.contains(.duration)
    found.isForecast = all.contains(.forecast) && found.words <= 2
    found.isResult = all.contains(.result)
    if found.words == 1, let word = last { noteOnly(word, &found) }
    if let last { found.isLearningRate = Words.isLearningRate(last, behind: lastButOne) }
    // `steps per second`, `epoch time`
    guard let last, let lastButOne else { return }
    let isRate = lastButOne.elementsEqual(per) ? Words.isSecond(Array(last)) : hasCounter && last.elementsEqual(time)
    if isRate { found.isRate = true }
  }

  private static func noteFirst(_ word: UnsafeRawBufferPointer, _ kinds: WordKinds, _ found: inout Facts) {
    found.beginsWithAt = word.elementsEqual(Words.at)
    found.beginsWithAfter = word.elementsEqual(Words.after)
    found.beginsWithOf = word.elementsEqual(Words.of)
    found.beginsWithResult = kinds.contains(.result)
  }

  private static func noteOnly(_ word: UnsafeRawBufferPointer, _ found: inout Facts) {
    found.isReference = Words.kinds(of: word).contains(.reference)
    found.weakCounter = Words.weakCounter(word)
    // CatBoost's: `learn: 0.69`
    if word.elementsEqual(learn) { found.isResult = true }
  }

  /// `global_step/sec`
  static func isRate(_ label: [UInt8]) -> Bool {
    guard let slash = label.lastIndex(of: 0x2F), slash > 0 else { return false }
    return Words.isSecond(Array(label[slash...].dropFirst()))
  }

  private static let per = Array("per".utf8)
  private static let time = Array("time".utf8)
  private static let learn = Array("learn".utf8)
  private static let initial = Array("initial".utf8)
  private static let running = Array("running".utf8)

  /// The last word counts, and nothing before it makes it something else (`number of steps`).
  static func counter(_ label: [UInt8]) -> Words.Counter? {
    label.withUnsafeBytes { label in
      var words = LabelWords(label, isWhole: true)
      var last: UnsafeRawBufferPointer?, lastButOne: UnsafeRawBufferPointer?
      while let word = words.next() {
        lastButOne = last
        last = word
      }
      guard var counted = last else { return nil }
      // `Epoch no.`, `Iteration number`
      if let before = lastButOne, Words.isBehindCounter(counted) { counted = before }
      guard let counter = Words.counter(counted) ?? numbered(counted) else { return nil }
      return isPlain(label, before: counted) ? counter : nil
    }
  }

  /// Nothing before the counter's name makes it something else.
  private static func isPlain(_ label: UnsafeRawBufferPointer, before counted: UnsafeRawBufferPointer) -> Bool {
    var words = LabelWords(label, isWhole: true)
    var areBeside = true, isBehindAt = false
    while let word = words.next(), word.baseAddress != counted.baseAddress {
      areBeside =
        areBeside && (Words.isBesideCounter(word) || Words.counter(word) != nil || word.contains(0x5F))
      isBehindAt = word.elementsEqual(Words.at)
    }
    return areBeside || isBehindAt
  }

  /// `batch_id`, `epoch_no`
  private static func numbered(_ word: UnsafeRawBufferPointer) -> Words.Counter? {
    guard let mark = word.lastIndex(of: 0x5F), Words.isBehindCounter(word.part(mark &+ 1, word.count)) else {
      return nil
    }
    return Words.counter(word.part(0, mark))
  }
}
