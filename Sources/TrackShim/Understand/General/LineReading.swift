/// What a line is made of: its labelled numbers, and how much of it was something else.
struct LineReading {
  var fields: [LineField] = []
  /// Words that name no number.
  var strayWords = 0
  /// Numbers that nothing names.
  var strayNumbers = 0
  /// Values with a unit that nothing names.
  var unnamedValues = 0
  var leading = LeadingCounter()
  /// `Train 3, loss: …`
  var epoch: LineToken?
  /// The line begins with the name of its first number.
  var leadsWithLabel = false
  /// The number of progress stands in brackets behind a counter in brackets, or its unit counts: a batch.
  var isProgressOfBatches = false
  /// `450/1000` that nothing names: how far a bar is.
  var progress: LineToken?
  /// `Dropout(p=0.1`: a piece of code, or of how something is made.
  var isCall = false
  /// What stands before the numbers is of a file that was read or written.
  var tellsOfFiles = false

  mutating func clear() {
    fields.removeAll(keepingCapacity: true)
    strayWords = 0
    strayNumbers = 0
    unnamedValues = 0
    leading = LeadingCounter()
    isProgressOfBatches = false
    progress = nil
    isCall = false
    tellsOfFiles = false
    leadsWithLabel = false
    epoch = nil
  }

  /// Why the line is no report, if it is none.
  var why: Refusal {
    if strayWords > 0 { return .isText }
    if fields.isEmpty { return .hasNoNames }
    return strayNumbers > 0 ? .hasUnnamedNumbers : .namesNoResult
  }
}
