/// What speaks for a line being a report, and what against it.
struct Evidence {
  var metrics = 0
  /// Named as what training measures.
  var results = 0
  var splits = 0
  var rates = 0
  var settings = 0
  /// Labels that a blank joins to their number, and that are more than a name.
  var loose = 0
  /// Labels that tell what was done.
  var deeds = 0
  /// Names that stand behind their numbers.
  var reversed = 0
  var isStory = false

  /// Takes one number and its name in. True where the name is more than one: the number is none of a metric's.
  mutating func take(_ field: LineField, _ facts: LabelBook.Facts) -> Bool {
    let isLinked = field.link != .blank
    let isOfTraining = facts.isResult || facts.isSplit
    if facts.hasDeed, !isLinked, isOfTraining { isStory = true }
    if facts.hasDeed, !isOfTraining, field.link != .equals || facts.words > 1 { deeds &+= 1 }
    let isOfSplit = facts.isResult && facts.isSplit && !facts.hasDeed && facts.words <= 6
    let isText =
      !isLinked && !field.label.isEmpty && (facts.hasDeed || facts.hasProse || facts.hasOf || facts.words > 3)
      && !isOfSplit
    if isText || facts.hasDuration || facts.beginsWithOf
      || isLinked && !facts.beginsWithResult && (facts.words > 6 || (facts.hasProse && !isOfTraining))
    {
      // `Val took 12 s` tells nothing against what stands beside it.
      loose &+= facts.hasDuration && !isLinked && facts.words <= 3 ? 0 : 1
      return true
    }
    if field.isReversed { reversed &+= 1 }
    guard !facts.isForecast, !facts.isElapsed else { return false }
    metrics &+= 1
    if facts.isResult, !facts.isSetting { results &+= 1 }
    if facts.isRate { rates &+= 1 }
    if facts.isSplit { splits &+= 1 }
    if facts.isSetting { settings &+= 1 }
    return false
  }
}
