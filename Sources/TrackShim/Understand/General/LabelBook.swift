/// What is known of each label that was printed, so that its words are looked up once.
struct LabelBook {
  struct Facts {
    /// The run's number for it; nil until it was wanted.
    var number: Int?
    var words = 0
    var counter: Words.Counter?
    var isResult = false
    var isSplit = false
    var isSetting = false
    /// ETA, progress: not measured.
    var isForecast = false
    /// `loss 0.7 at step 12`: a sentence.
    var beginsWithAt = false
    /// `loss is 0.7 after step 12`: one that tells of it.
    var beginsWithAfter = false
    var beginsWithOf = false
    var isElapsed = false
    /// So many of something in a second.
    var isRate = false
    var isLearningRate = false
    /// Of memory: `512M` stays 512, as `2.6G` stays 2.6.
    var isSize = false
    var isGlobal = false
    /// Other programs say it as well: `error`, `score`, `cost`.
    var isEverydayWord = false
    /// `Table 3: accuracy 95`
    var isReference = false
    var hasProse = false
    var hasOf = false
    var hasDeed = false
    var hasDuration = false
    /// `Accuracy of the network`: what follows says of what.
    var beginsWithResult = false
    /// It tells of an earlier line.
    var hasBest = false
    /// A counter if something beside it speaks for it.
    var weakCounter: Words.Counter?

    var mayCount: Bool { counter != nil || weakCounter != nil }
  }

  /// A program that prints ever new labels must not eat its own memory through us.
  private static let limit = 20_000

  /// By a hash of the label as it was printed; the text decides.
  private var places: [UInt64: Int] = [:]
  private var texts: [[UInt8]] = []
  /// Under which heading each name was printed first.
  private var headings: [[UInt8]: [UInt8]] = [:]
  /// Headings with a name that was printed under another one before: all new names below them have them in front.
  private var shared: Set<[UInt8]> = []
  private var facts: [Facts] = []
  /// The metrics' names.
  private var keys: [[UInt8]] = []

  /// To be called before the labels of a line are looked up: places are good until the next call of this.
  mutating func makeRoom(for count: Int) {
    if facts.count &+ count > Self.limit { forget() }
  }

  /// Of a label with its heading.
  mutating func place(of field: LineField, in line: UnsafeRawBufferPointer, _ names: MetricNames) -> Int {
    let heading = line.part(field.heading.lowerBound, field.heading.upperBound)
    let name = field.label.isEmpty ? field.unit : field.label
    let label = line.part(name.lowerBound, name.upperBound)
    var hash = Self.hash(label, from: Self.hash(heading, from: field.label.isEmpty ? 1 : 2))
    while let known = places[hash] {
      if isSame(known, heading, label) { return known }
      hash &+= 1
    }
    let place = facts.count
    places[hash] = place
    texts.append(Array(heading) + [0] + Array(label))
    var key: [UInt8] = []
    facts.append(read(field, in: line, names, &key))
    keys.append(key)
    return place
  }

  private static func hash(_ bytes: UnsafeRawBufferPointer, from start: UInt64) -> UInt64 {
    bytes.reduce(start &* 0x9E37_79B9_7F4A_7C15) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
  }

  private func isSame(_ place: Int, _ heading: UnsafeRawBufferPointer, _ label: UnsafeRawBufferPointer) -> Bool {
    guard place >= 0, place < texts.count, texts[place].count == heading.count &+ 1 &+ label.count else { return false }
    return texts[place].withUnsafeBytes {
      $0.part(0, heading.count).elementsEqual(heading) && $0.part(heading.count &+ 1, $0.count).elementsEqual(label)
    }
  }

  private mutating func forget() {
    places.removeAll(keepingCapacity: true)
    facts.removeAll(keepingCapacity: true)
    keys.removeAll(keepingCapacity: true)
    generation &+= 1
    texts.removeAll(keepingCapacity: true)
    headings.removeAll(keepingCapacity: true)
    shared.removeAll(keepingCapacity: true)
  }

  /// Grows when all places are given up.
  private(set) var generation = 0

  func key(at place: Int) -> [UInt8] { place >= 0 && place < keys.count ? keys[place] : [] }

  func facts(at place: Int) -> Facts { place >= 0 && place < facts.count ? facts[place] : Facts() }

  mutating func setNumber(_ number: Int, at place: Int) {
    if place >= 0, place < facts.count { facts[place].number = number }
  }

  private mutating func read(
    _ field: LineField, in line: UnsafeRawBufferPointer, _ names: MetricNames, _ key: inout [UInt8]
  ) -> Facts {
    var found = Facts()
    if field.label.isEmpty {
      let unit = line.part(field.unit.lowerBound, field.unit.upperBound).map(\.lowercasedASCII)
      key = Self.key(Words.metric(ofUnit: unit) ?? [])
      found.isRate = Self.isRate(unit)
      return found
    }
    let (heading, label) = Self.name(of: field, in: line)
    Self.note(label, &found)
    found.counter = Self.counter(
      label.last == 0x2D || label.last == 0x5F || label.last == 0x23 ? Array(label.dropLast()) : label)
    found.isGlobal = label.starts(with: Self.global)
    found.isElapsed = Self.isElapsed(field, label, in: line)
    if found.counter != nil {
      key = Self.key(Self.words(label, isWhole: true).last ?? [])
      return found
    }
    key = Self.key(label)
    let isSplit = Self.words(heading, isWhole: false).contains { Words.isSplit($0) }
    // A name that says itself of what it is needs no heading.
    let isLoose = field.isHeadedLoosely && (!found.isResult || found.isSetting || found.hasBest)
    let isHeaded = isSplit && !found.isSplit && !isLoose || field.isListed
    // `Train: loss 0.5` and `Val: loss 0.6` are not the same loss: the second one gets its heading.
    // Another format may have read training's lines.
    let first = headings[key] ?? (isHeaded && !names.contains(key) ? heading : [])
    headings[key] = first
    guard isHeaded else { return found }
    found.isSplit = found.isSplit || isSplit
    if first != heading { shared.insert(heading) }
    if shared.contains(heading) { key = Self.key(heading + [0x20] + label) }
    return found
  }

  /// In lower case. A heading without which the label says nothing is a part of it.
  private static func name(of field: LineField, in line: UnsafeRawBufferPointer) -> (heading: [UInt8], label: [UInt8]) {
    let heading = line.part(field.heading.lowerBound, field.heading.upperBound).map(\.lowercasedASCII)
    let label = line.part(field.label.lowerBound, field.label.upperBound).map(\.lowercasedASCII)
    let isJoined =
      field.isJoined || saysOnlyOfWhat(label) && words(heading, isWhole: false).contains(where: Words.isResult)
    return isJoined && !heading.isEmpty ? ([], heading + [0x20] + label) : (heading, label)
  }

  /// `Loss: train 0.5, val 0.6`
  private static func saysOnlyOfWhat(_ label: [UInt8]) -> Bool {
    let kinds = words(label, isWhole: false).map { Words.kinds(of: $0) }
    return kinds.contains { $0.contains(.split) } && !kinds.contains { $0.contains(.result) }
  }

  /// `total: 12ms`: how long it has taken so far is told by the run itself.
  private static func isElapsed(_ field: LineField, _ label: [UInt8], in line: UnsafeRawBufferPointer) -> Bool {
    guard label == total, !field.unit.isEmpty else { return false }
    return Words.isTime(line.part(field.unit.lowerBound, field.unit.upperBound).map(\.lowercasedASCII))
  }
  private static let global = Array("global".utf8)
  private static let total = Array("total".utf8)

  private static func words(_ text: [UInt8], isWhole: Bool) -> [[UInt8]] {
    text.withUnsafeBytes { text in
      var words = LabelWords(text, isWhole: isWhole)
      var found: [[UInt8]] = []
      while let word = words.next() { found.append(Array(word)) }
      return found
    }
  }

  /// The printed label in lower case, all else as one `_` between.
  static func key(_ label: [UInt8]) -> [UInt8] {
    var key: [UInt8] = []
    for byte in label {
      if byte &- 0x61 < 26 || byte.isDigit {
        key.append(byte)
      } else if let last = key.last, last != 0x5F {
        key.append(0x5F)
      }
    }
    if key.last == 0x5F { key.removeLast() }
    return key
  }
}
