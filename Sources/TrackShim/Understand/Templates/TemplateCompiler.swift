/// Pieces of a template's text become what the matcher goes through.
///
/// Blanks: one in the template is one or more in the line; beside punctuation it may be missing there. Between
/// punctuation and a hole the line may have blanks in any case, for numbers are padded.
struct TemplateCompiler {
  private let source: TemplateText
  private let options: TemplateOptions
  private var template = Template()
  /// Where the segment begins that is being made.
  private var start = 0
  private var isFloating: Bool
  private var startsWord: Bool

  static func compile(
    _ source: TemplateText, _ options: TemplateOptions
  ) throws(TemplateProblem) -> Template {
    var compiler = TemplateCompiler(source, options)
    for index in source.pieces.indices { try compiler.take(index) }
    try compiler.finish()
    return compiler.template
  }

  private init(_ source: TemplateText, _ options: TemplateOptions) {
    self.source = source
    self.options = options
    isFloating = options.isAnywhere
    startsWord = options.isAnywhere
    template.holes = source.holes.map { Template.Hole(kind: $0.kind) }
  }

  private func piece(_ index: Int) -> TemplateText.Piece? {
    source.pieces.indices.contains(index) ? source.pieces[index] : nil
  }

  private func offset(_ index: Int) -> Int { source.offsets.indices.contains(index) ? source.offsets[index] : 0 }

  // MARK: One piece

  private mutating func take(_ index: Int) throws(TemplateProblem) {
    let before = piece(index &- 1), after = piece(index &+ 1)
    switch piece(index) {
    case .byte(let byte)?: takeByte(byte)
    case .blank?: takeBlank(before, after)
    case .hole(let hole)?: try takeHole(hole, before, after, at: index)
    case .star?: try takeStar(before, after, at: index)
    case nil: break
    }
  }

  private mutating func takeByte(_ byte: UInt8) {
    template.text.append(byte)
    if case .text(let range)? = template.parts.last, template.parts.count > start {
      template.parts.removeLast()
      template.parts.append(.text(range.lowerBound..<template.text.count))
    } else {
      template.parts.append(.text((template.text.count &- 1)..<template.text.count))
    }
  }

  private mutating func takeBlank(_ before: TemplateText.Piece?, _ after: TemplateText.Piece?) {
    if after == .star { return template.parts.append(.wordEnd) }
    if before == .star {
      startsWord = true
      return
    }
    template.parts.append(isPunctuation(before) || isPunctuation(after) ? .anyBlanks : .blanks)
  }

  private mutating func takeHole(
    _ hole: Int, _ before: TemplateText.Piece?, _ after: TemplateText.Piece?, at index: Int
  ) throws(TemplateProblem) {
    if case .hole? = after {
      throw TemplateProblem(at: offset(index &+ 1), "two holes with nothing between them; write what stands there")
    }
    if isPunctuation(before) { template.parts.append(.anyBlanks) }
    template.parts.append(.hole(hole))
    if isPunctuation(after) { template.parts.append(.anyBlanks) }
    if after == .star { template.parts.append(.wordEnd) }
  }

  private mutating func takeStar(
    _ before: TemplateText.Piece?, _ after: TemplateText.Piece?, at index: Int
  ) throws(TemplateProblem) {
    let next = after == .blank ? piece(index &+ 2) : after
    if next == .star { throw TemplateProblem(at: offset(index), "{*} twice; one skips everything") }
    try close()
    isFloating = true
    startsWord = false
  }

  private func isPunctuation(_ piece: TemplateText.Piece?) -> Bool {
    if case .byte(let byte)? = piece { byte.isPunctuation } else { false }
  }

  // MARK: Segments

  private mutating func close() throws(TemplateProblem) {
    let parts = start..<template.parts.count
    defer { start = template.parts.count }
    guard !parts.isEmpty else { return }
    if isFloating, case .hole(let hole)? = template.parts.dropFirst(start).first, !isNumber(hole) {
      let offset = source.holes.indices.contains(hole) ? source.holes[hole].offset : 0
      throw TemplateProblem(at: offset, "what is looked for begins with text or a number; write what stands before it")
    }
    template.segments.append(Template.Segment(parts: parts, isFloating: isFloating, startsWord: startsWord))
  }

  private func isNumber(_ hole: Int) -> Bool {
    guard template.holes.indices.contains(hole) else { return false }
    switch template.holes[hole].kind {
    case .step, .metric, .config: return true
    case .text, .skip, .list: return false
    }
  }

  private mutating func finish() throws(TemplateProblem) {
    let endsInStar = source.pieces.last == .star
    if options.isAnywhere, !endsInStar { template.parts.append(.wordEnd) }
    try close()
    template.isOpenEnded = options.isAnywhere || endsInStar
    for index in template.parts.indices { connect(index) }
  }

  /// Tells a hole what stands behind it.
  private mutating func connect(_ index: Int) {
    guard template.parts.indices.contains(index), case .hole(let hole) = template.parts[index],
      template.holes.indices.contains(hole)
    else { return }
    let segment = template.segments.first { $0.parts.contains(index) }
    let rest = template.parts.prefix(segment?.parts.upperBound ?? 0).dropFirst(index &+ 1)
    let next = rest.first == .anyBlanks ? rest.dropFirst().first : rest.first
    if case .text(let range)? = next { template.holes[hole].stop = range }
  }
}
