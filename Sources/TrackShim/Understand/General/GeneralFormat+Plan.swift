/// Lines whose outline is known.
extension GeneralFormat {
  var ground: ReportPlan.Ground {
    .init(isInBlock: isInBlock, hasReported: hasReported, isInsideSettings: settings.isInside, steps: steps.ground)
  }

  /// The line, whose digits stand in `outline`, has the outline that is known at `place`.
  mutating func takeKnown(
    _ place: Int, _ known: KnownOutline, _ line: UnsafeRawBufferPointer, _ names: MetricNames,
    _ found: inout Observations
  ) -> Bool {
    let ground = ground
    if let plan = outlines.plan(place), plan.ground == ground, let isOurs = follow(plan, line, &found) { return isOurs }
    places.removeAll(keepingCapacity: true)
    places.append(contentsOf: known.places)
    known.restore(outline.runs, into: &reading)
    let isOurs = takeReport(line, names, &found)
    if draft.holdsForAll, outlines.takesPlan(place), let plan = plan(isOurs, on: ground) {
      outlines.setPlan(plan, at: place)
    }
    return isOurs
  }

  /// nil: this line's digits may decide otherwise.
  private mutating func follow(
    _ plan: ReportPlan, _ line: UnsafeRawBufferPointer, _ found: inout Observations
  ) -> Bool? {
    let runs = outline.runs
    for number in plan.counted where number.end.moved(runs) &- number.start.moved(runs) > ReportPlan.mostDigits {
      return nil
    }
    if let why = plan.refusal { return refuse(why) }
    if var counter = plan.counter {
      guard let token = counter.number, let step = LineCounter.count(plan.counterPlace?.moved(token, runs), in: line)
      else { return nil }
      counter.step = step
      steps.set(counter)
    }
    isInBlock = plan.isInBlock
    guard setStepOf(&found) else {
      refusal = .stepIsLost
      return true
    }
    for metric in plan.metrics {
      let token = metric.place.moved(metric.token, runs)
      _ = add(token, isVerbatim: metric.isVerbatim, isSize: metric.isSize, as: metric.number, line, &found)
    }
    return true
  }

  private func plan(_ isOurs: Bool, on ground: ReportPlan.Ground) -> ReportPlan? {
    guard isOurs || refusal != nil else { return nil }
    var counted = [reading.leading.number, reading.leading.batch, reading.epoch, reading.progress].compactMap { $0 }
    for (index, field) in reading.fields.enumerated() where facts(index).mayCount { counted.append(field.number) }
    guard counted.allSatisfy({ $0.thousands == 0 && $0.end &- $0.start <= ReportPlan.mostDigits }) else { return nil }
    return ReportPlan(
      draft, ground: ground, refusal: isOurs ? nil : refusal, isInBlock: isInBlock, counted: counted, outline.runs)
  }
}
