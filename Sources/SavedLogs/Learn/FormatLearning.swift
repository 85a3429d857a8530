import TrackShim

/// Proposes templates for the lines of a saved log that differ only in their numbers.
///
/// The log is gone through several times: once to see which shapes its lines have (twice, where shapes are put together),
/// and then with the templates, until each that is left takes all lines of its shape and gives their values.
public struct FormatLearning {
  public struct Options: Sendable {
    /// Lines that a shape must have.
    public var fewestLines = 2
    /// Also what is read without a template, and what only counts.
    public var takesAll = false

    public init() {}
  }

  /// One that works.
  public struct Proposal: Sendable {
    /// A line of a file of templates.
    public let template: String
    /// How many lines of the log it takes.
    public let lines: Int
    public let example: String
    public let exampleLine: Int
    public let step: Int64?
    public let metrics: [(key: String, json: String)]
    /// These lines are read already.
    public let isUnderstood: Bool
  }

  public struct Result: Sendable {
    public var proposals: [Proposal] = []
    public var complaints: [String] = []
    /// Shapes whose templates did not work.
    public var failed = 0
    /// Of shapes that there are too many of for one file.
    public var leftOut = 0
    /// Shapes of which only numbers differ, and that are read already.
    public var understood = 0
    /// Lines of shapes that were forgotten, since there are too many.
    public var forgotten = 0
    /// Lines with numbers, and colours or other control characters.
    public var unshowable = 0
  }

  /// Feeds the whole log, from its beginning, in pieces.
  public typealias Reading<Failure: Error> = ((UnsafeRawBufferPointer) -> Void) throws(Failure) -> Void

  private static let mostRounds = 8

  private let options: Options
  private let templates: TemplateSet

  /// With the templates that the environment has: what they read is understood.
  public init(_ options: Options, environment: @escaping (String) -> String?, folder: String) {
    self.init(
      options,
      TemplateSources.read(from: SettingsSource(variable: environment, startDirectory: folder)))
  }

  init(_ options: Options, _ templates: TemplateSet = TemplateSet()) {
    self.options = options
    self.templates = templates
  }

  public func learn<Failure: Error>(_ read: Reading<Failure>) throws(Failure) -> Result {
    var survey = LogSurvey(templates, masks: nil)
    try LogLines.each(read) { survey.take($0) }
    let masks = WordMasks(survey.table)
    if !masks.isEmpty {
      survey = LogSurvey(templates, masks: masks)
      try LogLines.each(read) { survey.take($0) }
    }
    var result = Result()
    result.complaints = templates.complaints
    result.forgotten = survey.table.forgotten
    result.unshowable = survey.unshowable
    let order = choose(survey.table, &result)
    try prove(order, survey, masks, &result, read)
    return result
  }

  // MARK: Which

  /// Most lines first; those that are understood already last.
  private func choose(_ table: ShapeTable, _ result: inout Result) -> [LearnedTemplate] {
    var found: [LearnedTemplate] = []
    for (key, record) in zip(table.keys, table.records)
    where record.varies && record.count >= options.fewestLines {
      if record.isUnderstood {
        result.understood &+= 1
        if !options.takesAll { continue }
      }
      guard let template = Self.template(record, key) else {
        result.failed &+= 1
        continue
      }
      if template.hasLetters || options.takesAll { found.append(template) }
    }
    found = withoutIdleCounters(found)
    found.sort { Self.rank($0) < Self.rank($1) }
    result.leftOut = max(0, found.count &- TemplateSet.limit)
    return Array(found.prefix(TemplateSet.limit))
  }

  private static func rank(_ template: LearnedTemplate) -> (Int, Int, Int) {
    (template.record.isUnderstood ? 1 : 0, 0 &- template.record.count, template.record.firstLine)
  }

  /// A line that only counts is of use to lines that have no step of their own.
  private func withoutIdleCounters(_ templates: [LearnedTemplate]) -> [LearnedTemplate] {
    guard !options.takesAll else { return templates }
    let areNeeded = templates.contains { $0.hasMetrics && $0.stepSlot == nil }
    return templates.filter { $0.hasMetrics || ($0.namesCounter && areNeeded) }
  }

  /// The one that takes the shape's first line, nil where none does.
  private static func template(_ record: ShapeRecord, _ key: [UInt8]) -> LearnedTemplate? {
    for skip in [LearnedTemplate.Skip.word, .anything] {
      let template = LearnedTemplate(record, key: key, skip: skip)
      guard !template.valueSlots.isEmpty, var trial = TemplateTrial([template], known: [], masks: nil) else { continue }
      record.example.withUnsafeBytes { trial.take($0) }
      if trial.taken == [1], record.mask != nil || trial.faults.isEmpty { return template }
    }
    return nil
  }

  // MARK: Proof

  /// What fails is left out or asked earlier, and the others are tried again.
  private func prove<Failure: Error>(
    _ first: [LearnedTemplate], _ survey: LogSurvey, _ masks: WordMasks, _ result: inout Result,
    _ read: Reading<Failure>
  ) throws(Failure) {
    var templates = first
    for round in 0..<Self.mostRounds where !templates.isEmpty {
      let own = Set(templates.map(\.key))
      let known = Set(
        zip(survey.table.keys, survey.table.records).filter { $1.isUnderstood && !own.contains($0) }.map(\.0))
      guard var trial = TemplateTrial(templates, known: known, masks: masks) else { break }
      try LogLines.each(read) { trial.take($0) }
      if trial.faults.isEmpty {
        result.proposals = templates.indices.compactMap { Self.proposal($0, trial) }
        return
      }
      templates = Self.mended(templates, trial.faults, mayMove: round < 4, &result)
    }
  }

  private static func mended(
    _ templates: [LearnedTemplate], _ faults: [Int: TemplateTrial.Fault], mayMove: Bool, _ result: inout Result
  ) -> [LearnedTemplate] {
    var order = Array(templates.indices)
    for (index, fault) in faults.sorted(by: { $0.key < $1.key }) {
      order.removeAll { $0 == index }
      if mayMove, case .isBehind(let other) = fault, let place = order.firstIndex(of: other) {
        order.insert(index, at: place)
      } else {
        result.failed &+= 1
      }
    }
    return order.compactMap { templates.indices.contains($0) ? templates[$0] : nil }
  }

  private static func proposal(_ index: Int, _ trial: TemplateTrial) -> Proposal? {
    guard trial.templates.indices.contains(index), index < trial.taken.count, index < trial.examples.count,
      let example = trial.examples[index]
    else { return nil }
    let template = trial.templates[index]
    return Proposal(
      template: template.text.asText, lines: trial.taken[index], example: template.record.example.asText,
      exampleLine: template.record.firstLine, step: example.step, metrics: example.metrics,
      isUnderstood: template.record.isUnderstood)
  }
}
