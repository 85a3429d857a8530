/// What a report says.
extension GeneralFormat {
  mutating func publish(
    _ line: UnsafeRawBufferPointer, _ counter: LineCounter?, _ names: MetricNames, _ found: inout Observations
  ) -> Bool {
    guard setStepOf(&found) else {
      refusal = .stepIsLost
      draft.holdsForAll = false
      return true
    }
    for (index, field) in reading.fields.enumerated() {
      let isTheStep = counter.map { $0.field == index && steps.isStep($0) } == true
      guard !isTheStep, !(index < isLoose.count && isLoose[index]), !facts(index).isForecast, !facts(index).isElapsed,
        index < places.count
      else { continue }
      add(field, places[index], line, names, &found)
    }
    return true
  }

  /// The name under which the run keeps printed steps where it must number rows itself.
  static let step = Array("step".utf8)

  mutating func add(
    _ field: LineField, _ place: Int, _ line: UnsafeRawBufferPointer, _ names: MetricNames,
    _ found: inout Observations
  ) {
    let facts = labels.facts(at: place)
    guard let number = facts.number ?? number(ofLabel: place, names) else {
      return
    }
    guard !found.has(number),
      add(field.number, isVerbatim: field.isVerbatim, isSize: facts.isSize, as: number, line, &found),
      draft.holdsForAll
    else { return }
    draft.metrics.append(
      .init(
        place: .init(field.number, outline.runs), token: field.number, number: number, isVerbatim: field.isVerbatim,
        isSize: facts.isSize))
  }

  /// False where there is no number.
  mutating func add(
    _ token: LineToken, isVerbatim: Bool, isSize: Bool, as number: Int, _ line: UnsafeRawBufferPointer,
    _ found: inout Observations
  ) -> Bool {
    let digits = line.part(token.start, token.end)
    if isVerbatim, !LineField.hasZerosInFront(digits) {
      found.add(number, digits)
      return true
    }
    let bytes = line.part(0, token.end)
    guard let printed = GroupedNumber(in: bytes, at: token.start, before: nil) else { return false }
    json.removeAll(keepingCapacity: true)
    printed.appendJSON(from: bytes, times: nil, &scratch, to: &json)
    if token.thousands > 0, !isSize { DecimalShift.apply(token.thousands, to: &json, from: 0) }
    found.add(number, json)
    return true
  }

  mutating func number(ofLabel place: Int, _ names: MetricNames) -> Int? {
    let key = labels.key(at: place)
    guard !key.isEmpty, key != Self.step else { return nil }
    guard let number = names.number(of: key) else {
      metricsRefused &+= 1
      draft.holdsForAll = false
      return nil
    }
    labels.setNumber(number, at: place)
    return number
  }
}
