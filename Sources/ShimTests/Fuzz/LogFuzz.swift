import CTrackShim

@testable import SavedLogs
@testable import TrackShim

/// Logs that somebody has saved: what is learned of them, and when their lines were printed.
enum LogFuzz {
  /// What is proposed can be used, can be shown, and works.
  static func runLearn(_ bytes: [UInt8]) throws {
    var options = FormatLearning.Options()
    options.takesAll = true
    let result = FormatLearning(options).learn { body in bytes.withUnsafeBytes { body($0) } }
    let text = result.proposals.map(\.template).joined(separator: "\n")
    let set = TemplateSet(Array(text.utf8), origin: "learned")
    try hold(set.complaints.isEmpty, "\(set.complaints) of \(text)")
    try hold(result.proposals.isEmpty || set.templates.count == result.proposals.count, "another number of templates")
    for proposal in result.proposals {
      try hold(proposal.template.unicodeScalars.allSatisfy { $0.isHarmless || $0 == "\t" }, "no text to be shown")
      try hold(proposal.lines >= 2 || proposal.isUnderstood, "\(proposal.template) takes \(proposal.lines) lines")
    }
  }

  /// No line is earlier than the one before, in any zone.
  static func runTimes(_ bytes: [UInt8]) throws {
    var survey = StampSurvey()
    var found: [[UInt8]] = []
    var lines = RawLines()
    let take = { (line: UnsafeRawBufferPointer, isBeginning: Bool) in
      survey.take(line)
      found.append(Array(line))
    }
    bytes.withUnsafeBytes { lines.feed($0, take) }
    lines.finish(take)
    try hold(found.reduce(0) { $0 + $1.count } == bytes.count, "lines were lost")
    var clock = LogClock(survey, modified: 1_709_272_800_000_000_000) { $0 % 7 * 3600 - 7200 }
    var last = clock.start
    for line in found {
      let time = line.withUnsafeBytes { clock.time(of: $0) }
      try hold(time >= last, "time goes back")
      last = time
    }
  }
}
