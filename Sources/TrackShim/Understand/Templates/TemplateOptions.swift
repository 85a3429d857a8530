/// What stands before `::` in a template's line.
package struct TemplateOptions {
  enum Use: String { case read, ignore, from, to }

  struct Scale {
    let name: [UInt8]
    let offset: Int
    let factor: ScaleFactor
  }

  struct Summary {
    let name: [UInt8]
    let offset: Int
    let rule: Template.SummaryRule
  }

  private(set) var use = Use.read
  private(set) var isAnywhere = false
  private(set) var streams: Settings.Streams = []
  private(set) var stepOffset: Int64 = 0
  private(set) var prefix: [UInt8] = []
  private(set) var isHeading = false
  private(set) var isBelow = false
  private(set) var scales: [Scale] = []
  private(set) var summaries: [Summary] = []
  /// The last option that only what reads numbers can have.
  private var ofReading: Word?

  package struct Word: Equatable {
    let text: [UInt8]
    let offset: Int
    var shown: String { text.asText.printable }
  }

  /// Where the text of the template begins, and the words before `::`. The two colons stand by themselves, and no hole
  /// is before them.
  package static func split(_ line: ArraySlice<UInt8>) -> (words: [Word], start: Int) {
    var words: [Word] = []
    var word: [UInt8] = []
    for (offset, byte) in line.enumerated() {
      guard byte.isBlank || byte == 0x0D else {
        if byte == .openBrace { return ([], 0) }
        word.append(byte)
        continue
      }
      if word == Array("::".utf8) { return (words, offset) }
      if !word.isEmpty { words.append(Word(text: word, offset: offset &- word.count)) }
      word = []
    }
    return word == Array("::".utf8) ? (words, line.count) : ([], 0)
  }

  init(_ words: [Word]) throws(TemplateProblem) {
    var rest = words[...]
    while let word = rest.popFirst() { try take(word, &rest) }
    if use != .read, let ofReading {
      throw TemplateProblem(
        at: ofReading.offset, "\(ofReading.shown) means nothing beside \(use.rawValue), which reads no numbers")
    }
    if streams.isEmpty { streams = .both }
  }

  private mutating func take(_ word: Word, _ rest: inout ArraySlice<Word>) throws(TemplateProblem) {
    switch word.text.asText {
    case "anywhere": isAnywhere = true
    case "stdout": streams.insert(.standardOutput)
    case "stderr": streams.insert(.standardError)
    case "ignore": try become(.ignore, word)
    case "from": try become(.from, word)
    case "to": try become(.to, word)
    default: try takeOfReading(word, &rest)
    }
  }

  private mutating func become(_ use: Use, _ word: Word) throws(TemplateProblem) {
    guard self.use == .read else {
      throw TemplateProblem(at: word.offset, "\(word.shown) beside \(self.use.rawValue); one of them per line")
    }
    self.use = use
  }

  private mutating func takeOfReading(_ word: Word, _ rest: inout ArraySlice<Word>) throws(TemplateProblem) {
    ofReading = word
    switch word.text.asText {
    case "heading": isHeading = true
    case "below": isBelow = true
    case "prefix": prefix = try name(after: word, &rest, "prefix TEXT").text
    case "scale": try takeScale(word, &rest)
    case "summary": try takeSummary(word, &rest)
    default:
      guard let offset = try Self.stepOffset(word) else {
        throw TemplateProblem(
          at: word.offset,
          "\"\(word.shown)\" is no option; there are anywhere, stdout, stderr, step+N, step-N, scale, prefix, summary, "
            + "heading, below, ignore, from, to; a line that has :: in it begins with ::")
      }
      stepOffset = offset
    }
  }

  private func name(
    after word: Word, _ rest: inout ArraySlice<Word>, _ form: String
  ) throws(TemplateProblem) -> Word {
    guard let name = rest.popFirst() else { throw TemplateProblem(at: word.offset, "incomplete; it is \(form)") }
    try TemplateName.check(name.text, at: name.offset)
    return name
  }

  private mutating func takeScale(_ word: Word, _ rest: inout ArraySlice<Word>) throws(TemplateProblem) {
    let form = "scale NAME FACTOR"
    let name = try name(after: word, &rest, form)
    guard let text = rest.popFirst() else { throw TemplateProblem(at: word.offset, "incomplete; it is \(form)") }
    guard let factor = ScaleFactor(text.text) else {
      throw TemplateProblem(at: text.offset, "\"\(text.shown)\" is no factor; write a number other than 0, as 0.001")
    }
    scales.append(Scale(name: name.text, offset: name.offset, factor: factor))
  }

  private mutating func takeSummary(_ word: Word, _ rest: inout ArraySlice<Word>) throws(TemplateProblem) {
    let form = "summary NAME last, min, max, first or mean"
    let name = try name(after: word, &rest, form)
    guard let text = rest.popFirst() else { throw TemplateProblem(at: word.offset, "incomplete; it is \(form)") }
    guard let rule = Template.SummaryRule(rawValue: text.text.asText) else {
      throw TemplateProblem(at: text.offset, "\"\(text.shown)\" is no rule; there are last, min, max, first and mean")
    }
    summaries.append(Summary(name: name.text, offset: name.offset, rule: rule))
  }

  /// `step+N` and `step-N`; nil where it is another word.
  private static func stepOffset(_ word: Word) throws(TemplateProblem) -> Int64? {
    guard word.text.starts(with: "step+".utf8) || word.text.starts(with: "step-".utf8) else { return nil }
    let digits = Array(word.text.dropFirst(5))
    let value = digits.withUnsafeBytes { bytes in
      var scanner = ByteScanner(bytes)
      return scanner.unsignedInteger().flatMap { scanner.isAtEnd && $0 <= StepCount.largest ? $0 : nil }
    }
    guard let value else {
      throw TemplateProblem(at: word.offset &+ 5, "\"\(digits.asText.printable)\" is no whole number; write step+1")
    }
    return word.text.dropFirst(4).first == 0x2D ? 0 &- value : value
  }
}
