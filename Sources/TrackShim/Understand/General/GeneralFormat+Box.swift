/// What stands in a box of names and values.
extension GeneralFormat {
  /// nil: the line is of no box.
  mutating func takeBox(
    _ message: UnsafeRawBufferPointer, _ names: MetricNames, _ found: inout Observations
  ) -> Bool? {
    switch box.take(message) {
    case .notOurs: return nil
    case .row: return true
    case .closed:
      defer { box.clear() }
      if box.isReport(hasReported: hasReported) {
        publishBox(names, &found)
      } else {
        for entry in box.entries { settings.add(entry.name, entry.value) }
      }
      return true
    }
  }

  private mutating func publishBox(_ names: MetricNames, _ found: inout Observations) {
    var best: (counter: LineCounter, entry: Int)?
    for (index, entry) in box.entries.enumerated() {
      guard let kind = entry.counter, let step = Self.count(entry.value) else { continue }
      if let known = best, known.counter.kind >= kind { continue }
      best = (LineCounter(step: step, kind: kind), index)
    }
    if let best { steps.set(best.counter) }
    guard setStepOf(&found) else { return }
    for (index, entry) in box.entries.enumerated()
    where !(index == best?.entry && best.map { steps.isStep($0.counter) } == true) {
      add(entry, names, &found)
    }
  }

  private static func count(_ value: [UInt8]) -> Int64? {
    value.withUnsafeBytes { text in
      guard let number = GroupedNumber(in: text, at: 0, before: nil), number.range.upperBound == text.count else {
        return nil
      }
      return number.step(in: text)
    }
  }

  private mutating func add(_ entry: KeyValueBox.Entry, _ names: MetricNames, _ found: inout Observations) {
    entry.value.withUnsafeBytes { text in
      guard ColumnTable.number(text, 0..<text.count) != nil,
        let printed = GroupedNumber(in: text, at: 0, before: nil),
        let name = number(of: entry, names, found)
      else { return }
      var json: [UInt8] = []
      printed.appendJSON(from: text, times: nil, &scratch, to: &json)
      found.add(name, json)
    }
  }

  /// `rollout/` above `ep_rew_mean` is a part of the name.
  private mutating func number(of entry: KeyValueBox.Entry, _ names: MetricNames, _ found: Observations) -> Int? {
    let key = LabelBook.key(entry.group + [0x20] + entry.name)
    guard !key.isEmpty, key != Self.step else { return nil }
    guard let number = names.number(of: key) else {
      metricsRefused &+= 1
      return nil
    }
    return found.has(number) ? nil : number
  }
}
