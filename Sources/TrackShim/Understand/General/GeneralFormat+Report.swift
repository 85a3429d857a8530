/// Is a line a report? A wrong metric is worse than a missing one.
extension GeneralFormat {
  mutating func takeReport(
    _ line: UnsafeRawBufferPointer, _ names: MetricNames, _ found: inout Observations
  ) -> Bool {
    let counter = LineCounter.strongest(reading, in: line, steps: steps, isInBlock: isInBlock) {
      facts($0)
    }
    // How far a bar is decides whether it counts.
    draft.begin(counter, isSure: reading.progress == nil || counter.map { !$0.isBar } == true)
    let evidence = weigh(except: counter?.field)
    if reading.isCall { return refuse(.isCode) }
    if isBareBar { return takeBareBar(counter, &found) }
    guard !reading.tellsOfFiles || isDictionary(evidence), reading.fields.isEmpty || !facts(0).isReference else {
      return refuse(.isText)
    }
    // `45 files`, beside nothing that is measured.
    guard evidence.reversed == 0 || (evidence.results > 0 && (counter != nil || steps.hasCounter)) else {
      return refuse(.isText)
    }
    guard !evidence.isStory, evidence.deeds == 0 || evidence.results > 0 else { return refuse(.tellsWhatWasDone) }
    if let counter {
      guard evidence.metrics > 0 else { return announce(counter, line, &found) || refuse(reading.why) }
      guard isReport(evidence, at: counter) else { return refuse(reading.why) }
      steps.set(counter)
      isInBlock = isInBlock || hasOnlyCounters
    } else {
      guard isReportWithoutCounter(evidence, line) else {
        return refuse(evidence.settings > 0 ? .isSetting : reading.why)
      }
    }
    return publish(line, counter, names, &found)
  }

  /// A bar that shows nothing but its speed, perhaps behind a counter.
  var isBareBar: Bool {
    reading.progress != nil
      && reading.fields.enumerated().allSatisfy { $1.label.isEmpty || facts($0).counter != nil }
      && reading.fields.contains { $0.label.isEmpty }
  }

  mutating func takeBareBar(_ counter: LineCounter?, _ found: inout Observations) -> Bool {
    draft.holdsForAll = false
    guard let counter, counter.field != nil, reading.strayWords == 0, reading.strayNumbers == 0 else {
      return refuse(.namesNoResult)
    }
    steps.set(counter)
    found.step = steps.known
    return true
  }

  mutating func lookUp(_ line: UnsafeRawBufferPointer, _ names: MetricNames) {
    places.removeAll(keepingCapacity: true)
    let generation = labels.generation
    labels.makeRoom(for: reading.fields.count)
    if labels.generation != generation { outlines.clear() }
    for field in reading.fields { places.append(labels.place(of: field, in: line, names)) }
  }

  func facts(_ index: Int) -> LabelBook.Facts {
    index >= 0 && index < places.count ? labels.facts(at: places[index]) : LabelBook.Facts()
  }

  mutating func weigh(except counter: Int?) -> Evidence {
    var evidence = Evidence()
    isLoose.removeAll(keepingCapacity: true)
    for (index, field) in reading.fields.enumerated() {
      let facts = facts(index)
      // `loss 0.7 at step 12` tells of it; `Best loss 0.7 at step 12`, `at 12 ms` tell of something else.
      if index > 0, facts.beginsWithAfter { evidence.isStory = true }
      if index > 0, facts.beginsWithAt, index != counter || hasBest { evidence.isStory = true }
      isLoose.append(index != counter && evidence.take(field, facts))
    }
    return evidence
  }

  var hasBest: Bool { reading.fields.indices.contains { facts($0).hasBest } }

  /// Beside a counter that has a name, labels may be any; what is left over may be a few words beside true results.
  func isReport(_ evidence: Evidence, at counter: LineCounter) -> Bool {
    guard evidence.results > 0 || !counter.needsResult else { return false }
    guard evidence.loose == 0 || (evidence.loose == 1 && evidence.results > 0) else { return false }
    if counter.field == nil, counter.kind != .batch {
      let measured = evidence.results &+ evidence.splits &+ (counter.isBar ? 0 : evidence.rates)
      return (measured > 0 || isList(counter)) && reading.strayWords == 0 && reading.strayNumbers == 0
    }
    // `Subtest: epoch 3 keeps lr 0.1`: what is not measured may be anything.
    if evidence.results == 0, let field = counter.field, field < reading.fields.count,
      !reading.fields[field].heading.isEmpty, !reading.fields.allSatisfy({ $0.link != .blank })
    {
      return false
    }
    if evidence.results == 0, let field = counter.firstField, field > 0 {
      let isLinked = reading.fields.enumerated().allSatisfy { $1.link == .equals || $1.link == .colon || $0 == field }
      return counter.kind == .step && reading.strayWords == 0 && isLinked
        && (reading.fields.count > 3 || reading.fields.allSatisfy { $0.link == .equals })
    }
    // `train==[60.6=41.2 + 19.0 + 0.4], recall=0.1, hit=0.3`
    if reading.strayWords == 0 { return reading.strayNumbers <= 2 &+ min(evidence.results &+ evidence.splits, 6) }
    return evidence.results > 0 && reading.strayWords <= max(2, min(evidence.results &+ 1, 4))
  }

  func isReportWithoutCounter(_ evidence: Evidence, _ line: UnsafeRawBufferPointer) -> Bool {
    guard !settings.isInside || isInBlock || hasReported || reading.fields.count > 1,
      evidence.settings == 0 || hasReported && isInBlock
        || (hasReported || isInBlock && steps.hasCounter) && evidence.results > evidence.settings,
      evidence.loose == 0, reading.strayNumbers == 0, evidence.metrics > 0
    else {
      return false
    }
    if isInBlock, reading.strayWords == 0, reading.fields.allSatisfy({ $0.link == .colon || $0.link == .equals }) {
      return true
    }
    // Blanks join anything: where they do, most must be what training measures.
    let isLinked = reading.fields.allSatisfy { $0.link != .blank || $0.label.isEmpty }
    // `train -0.99, valid -0.98`
    if steps.hasCounter, evidence.splits > 1, evidence.splits == evidence.metrics, reading.strayWords == 0,
      hasFractions(line)
    {
      return true
    }
    if hasReported, isLinked, reading.strayWords == 0,
      evidence.rates == evidence.metrics || reading.fields.indices.allSatisfy({ facts($0).isLearningRate })
    {
      return true
    }
    // `error 404`, `Score: 12`: the first that is heard of a run is no whole number.
    guard hasReported || steps.hasCounter || hasMeasured(line) && reading.unnamedValues == 0 else { return false }
    guard evidence.results > 0, isLinked || evidence.results &* 2 >= evidence.metrics else { return false }
    // `End of training | test loss 4.88 | test ppl 131.6`
    return reading.strayWords <= (isInBlock ? 1 : 0) || (hasReported && evidence.results > 1 && reading.strayWords <= 3)
  }

  func hasFractions(_ line: UnsafeRawBufferPointer) -> Bool {
    reading.fields.allSatisfy { line.part($0.number.start, $0.number.end).contains(.point) }
  }

  /// A result is there that is not counted.
  func hasMeasured(_ line: UnsafeRawBufferPointer) -> Bool {
    reading.fields.enumerated().contains { index, field in
      facts(index).isResult
        && (!facts(index).isEverydayWord || field.unit.count == 1
          || !line.part(field.number.start, field.number.end).allSatisfy { $0.isDigit })
    }
  }

  /// `Saving dict for global step 500: accuracy = 0.95, loss = 0.2`
  func isDictionary(_ evidence: Evidence) -> Bool {
    evidence.results > 1 && reading.fields.filter { $0.link == .equals }.count >= evidence.metrics
  }

  /// Four linked values and more are no chance.
  func isList(_ counter: LineCounter) -> Bool {
    !counter.isBar && reading.fields.count > 3
      && reading.fields.allSatisfy { $0.link == .colon || $0.link == .equals }
  }

  var hasOnlyCounters: Bool { reading.fields.indices.allSatisfy { facts($0).counter != nil } }

  /// `iteration 1, current learner lgbm`, `Iteration No: 2 started.`: it leads, and counts on. `Step 1: compile` does not.
  func isBeginning(_ counter: LineCounter, _ line: UnsafeRawBufferPointer) -> Bool {
    guard reading.fields.count == 1, let field = reading.fields.first, reading.strayWords <= 8,
      !line.part(field.label.lowerBound, field.label.upperBound).map(\.lowercasedASCII).elementsEqual(Self.step),
      counter.kind != .batch, !reading.tellsOfFiles, !facts(0).hasDeed, reading.leadsWithLabel,
      line.part(field.number.end, field.number.end &+ 1).first != 0x3A
    else { return false }
    return steps.known.map { counter.step == $0 || counter.step == $0 &+ 1 } ?? (counter.step <= 1)
  }

  /// `Epoch 3/10` alone on its line: what follows belongs to it.
  mutating func announce(
    _ counter: LineCounter, _ line: UnsafeRawBufferPointer, _ found: inout Observations
  ) -> Bool {
    // It may have to count on.
    draft.holdsForAll = false
    guard let index = counter.field, index < reading.fields.count, reading.strayNumbers == 0, hasOnlyCounters else {
      return false
    }
    // Among settings it is one.
    let isSetting = reading.fields[index].link != .blank && settings.isInside && !hasReported
    guard !isSetting else { return false }
    // `batch = 64` may be a setting.
    guard counter.kind != .batch || reading.fields[index].hasWhole else { return false }
    // `optimization finished, #iter = 302`
    let isLinked = counter.kind == .step && reading.fields[index].link != .blank
    guard reading.strayWords == 0 || isLinked && reading.strayWords <= 2 || isBeginning(counter, line) else {
      return false
    }
    steps.set(counter)
    // `Epochs: 600` may lead settings.
    let isSize = !hasReported && counter.step > 1 && reading.fields[index].link != .blank
    isInBlock = !isSize || reading.fields[index].hasWhole
    found.step = steps.known
    return true
  }
}
