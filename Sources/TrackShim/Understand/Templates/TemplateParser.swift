/// One line of templates: what it is, or what is wrong with it.
enum TemplateParser {
  enum Line: Equatable {
    /// Empty or a comment.
    case nothing
    case template(Template)
    case from(Template)
    case to(Template)
    /// Whether what no template matches is read in other ways.
    case general(Bool)
    case presets(Bool)
  }

  static func parse(_ line: ArraySlice<UInt8>, number: Int) throws(TemplateProblem) -> Line {
    let words = line.split { $0.isBlank || $0 == 0x0D }.map { Array($0).asText }
    guard let first = words.first, !first.hasPrefix("#") else { return .nothing }
    if words == ["general", "off"] { return .general(false) }
    if words == ["general", "on"] { return .general(true) }
    if words == ["presets", "off"] { return .presets(false) }
    if words == ["presets", "on"] { return .presets(true) }
    guard line.count <= Template.lengthLimit else {
      throw TemplateProblem(
        at: Template.lengthLimit, "longer than \(Template.lengthLimit) bytes; {*} stands for what need not be named")
    }
    let (options, start) = TemplateOptions.split(line)
    let read = try TemplateOptions(options)
    let text = try TemplateText(line, from: start == 0 ? 0 : start)
    guard !text.pieces.isEmpty else { throw TemplateProblem(at: start, "nothing stands here; write a line of the log") }
    var template = try TemplateCompiler.compile(text, read)
    try complete(&template, text, read)
    template.line = number
    return try finished(template, text, read)
  }

  private static func finished(
    _ template: Template, _ text: TemplateText, _ options: TemplateOptions
  ) throws(TemplateProblem) -> Line {
    let named = text.holes.first { $0.kind != .skip }
    if options.use == .read {
      guard named != nil || options.isHeading else {
        throw TemplateProblem(
          at: text.offsets.first ?? 0,
          "no number is named; write {NAME} where one stands, or `ignore ::` before a line that says nothing")
      }
      return .template(template)
    }
    if let named {
      throw TemplateProblem(
        at: named.offset, "\(options.use.rawValue) reads no numbers; skip with {_} or {*}")
    }
    switch options.use {
    case .from: return .from(template)
    case .to: return .to(template)
    case .read, .ignore: return .template(template)
    }
  }

  // MARK: Options meet names

  private static func complete(
    _ template: inout Template, _ text: TemplateText, _ options: TemplateOptions
  ) throws(TemplateProblem) {
    template.names = text.holes.map { $0.kind == .metric ? options.prefix + $0.name : $0.name }
    template.prefix = options.prefix
    template.streams = options.streams
    template.stepOffset = options.stepOffset
    // The set numbers them.
    template.opens = options.isHeading ? 0 : nil
    template.section = options.isBelow ? 0 : nil
    for scale in options.scales {
      let hole = try metric(scale.name, at: scale.offset, text)
      if template.holes.indices.contains(hole) { template.holes[hole].factor = scale.factor }
    }
    for summary in options.summaries {
      _ = try metric(summary.name, at: summary.offset, text)
      template.summaries.append(Template.Summary(metric: options.prefix + summary.name, rule: summary.rule))
    }
    if options.stepOffset != 0, !text.holes.contains(where: { $0.kind == .step }) {
      throw TemplateProblem(
        at: text.offsets.first ?? 0, "step+N or step-N without {step}; write {step} where it stands")
    }
  }

  private static func metric(
    _ name: [UInt8], at offset: Int, _ text: TemplateText
  ) throws(TemplateProblem) -> Int {
    guard let hole = text.holes.firstIndex(where: { $0.kind == .metric && $0.name == name }) else {
      throw TemplateProblem(
        at: offset, "the template has no metric {\(name.asText.printable)}; write its name as there")
    }
    return hole
  }
}
