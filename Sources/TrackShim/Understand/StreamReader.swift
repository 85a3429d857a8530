/// What understands the lines of one stream: the formats in the order in which they are asked. A line that is one's
/// own is not shown to those behind it.
package struct StreamReader: LineFormat {
  package enum Rule: Equatable { case template, seed, preset, general }

  private var templates: TemplateFormat
  private let readsGeneral: Bool
  private let readsPresets: Bool
  private var seed = SeedFormat()
  /// Made when the first line needs them: most programs that print are no trainers.
  private var presets: TemplateFormat?
  private let stream: OutputStream
  /// Also knows at which step the stream is, whoever read it.
  private var general = GeneralFormat()
  /// Whose the last line was.
  package private(set) var rule: Rule?

  package init(_ templates: TemplateSet = TemplateSet(), stream: OutputStream = .standardOutput) {
    self.templates = TemplateFormat(templates, stream: stream)
    self.stream = stream
    readsGeneral = templates.usesGeneralReader
    readsPresets = templates.usesPresets
  }

  /// Lines that were left to the config, and have numbers.
  var settingLines: Int { general.settingLines }

  /// Rows of boxes that were never closed: their values are in no metric.
  var lostRows: Int { general.box.lostRows }

  /// Why the last line gave nothing, if it has numbers.
  package private(set) var refusal: Refusal?

  var metricsRefused: Int {
    templates.metricsRefused &+ seed.metricsRefused &+ (presets?.metricsRefused ?? 0) &+ general.metricsRefused
  }

  package mutating func understand(
    _ line: UnsafeRawBufferPointer, names: MetricNames, into found: inout Observations
  ) -> Bool {
    rule = nil
    refusal = nil
    if !templates.isEmpty, templates.understand(line, names: names, into: &found) {
      rule = .template
      takeStep(of: &found)
      return true
    }
    seed.takesEvaluations = !general.hasReported
    if seed.mayTake(line), seed.understand(line, names: names, into: &found) {
      rule = .seed
      if let step = found.step, !found.metrics.isEmpty { general.follow(step) }
      return true
    }
    let isGeneral = readsGeneral && !seed.isKnown
    let section = presets?.sectionNumber ?? 0
    if isGeneral, general.meetExpected(line), !readsPresets || general.isWithoutPreset(in: section) {
      return take(general.understandExpected(line, names: names, into: &found))
    }
    let marks = LineMarks(line)
    if marks.isText, pass(line) { return false }
    let quiet = isGeneral ? general.meetOrPass(line, marks) : nil
    if !isGeneral { general.forgetMeeting() }
    if understandPreset(line, hasDigit: marks.hasDigit, names, &found) {
      rule = .preset
      takeStep(of: &found)
      return true
    }
    // Of the seed's kind, all lines are known that say something.
    guard isGeneral else {
      refusal = readsGeneral ? .isOfTheSeedsLog : .generalIsOff
      return false
    }
    if let quiet {
      general.passQuiet(line, from: quiet)
      return take(false)
    }
    return take(general.understand(line, marks, names: names, into: &found))
  }

  /// Most lines that are nothing but text are passed by, and only remembered. False: there is more to it, and nothing
  /// was done.
  package mutating func pass(_ line: UnsafeRawBufferPointer) -> Bool {
    guard readsGeneral, templates.isEmpty, !seed.isKnown, !seed.mayTakeText(line) else { return false }
    let text = line.withoutLeadingBlanks
    guard !(readsPresets && Presets.mayBeHeading(text)), general.takePlainText(line, text.first) else { return false }
    rule = nil
    refusal = nil
    return true
  }

  private mutating func take(_ isGenerals: Bool) -> Bool {
    refusal = general.refusal
    rule = isGenerals ? .general : nil
    return isGenerals
  }

  /// A line that may have lost its beginning: only a format that knows a line's first words can tell whether it is whole.
  mutating func understandTorn(
    _ line: UnsafeRawBufferPointer, names: MetricNames, into found: inout Observations
  ) -> Bool {
    refusal = nil
    seed.takesEvaluations = !general.hasReported
    let isOurs = seed.understand(line, names: names, into: &found)
    rule = isOurs ? .seed : nil
    if let step = found.step, !found.metrics.isEmpty { general.follow(step) }
    return isOurs
  }

  private mutating func understandPreset(
    _ line: UnsafeRawBufferPointer, hasDigit: Bool, _ names: MetricNames, _ found: inout Observations
  ) -> Bool {
    guard readsPresets, hasDigit || Presets.mayBeHeading(line.withoutLeadingBlanks) else { return false }
    let section = presets?.sectionNumber ?? 0
    if general.isWithoutPreset(in: section) { return false }
    if presets == nil { presets = TemplateFormat(Presets.set, stream: stream) }
    if presets?.understand(line, names: names, into: &found) == true { return true }
    if presets?.dependsOnDigits != true { general.setWithoutPreset(in: section) }
    return false
  }

  private mutating func takeStep(of found: inout Observations) {
    if let step = found.step { return general.follow(step) }
    if found.metrics.isEmpty { return }
    // Where nobody knows the step, the line says nothing.
    if !general.setStepOf(&found) { found.removeMetrics() }
  }

  /// Every line is taken apart anew: what comes of it must be the same.
  mutating func forgetsOutlines() { general.remembersOutlines = false }
  mutating func takesAllApart() {
    forgetsOutlines()
    general.asksWhetherItTells = false
  }

  mutating func loseTrack() {
    templates.loseTrack()
    seed.loseTrack()
    presets?.loseTrack()
    general.loseTrack()
  }
}
