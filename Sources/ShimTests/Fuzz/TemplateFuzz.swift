import CTrackShim

@testable import TrackShim

/// Templates, and lines that are held against them.
enum TemplateFuzz {
  /// Pieces: the templates, then a line each.
  static func run(_ bytes: [UInt8]) throws {
    var input = FuzzInput(bytes)
    let pieces = input.pieces()
    let set = TemplateSet(pieces[0], origin: "TRACKSHIM_FORMAT")
    for complaint in set.complaints {
      try hold(complaint.unicodeScalars.allSatisfy { $0.isHarmless }, "a complaint that shows as another: \(complaint)")
    }
    for stream in [OutputStream.standardOutput, .standardError] {
      var format = TemplateFormat(set, stream: stream)
      let names = MetricNames()
      var found = Observations()
      for line in pieces.dropFirst() {
        let before = format.steps
        found.removeAll()
        let isOwn = line.withUnsafeBytes { format.understand($0, names: names, into: &found) }
        try hold(isOwn || found.isEmpty, "a line that is none says something")
        try check(found)
        let limit =
          (line.count + 2)
          * set.templates.reduce(set.blocks.reduce(8) { $0 + cost($1.from) + cost($1.to) }) { $0 + cost($1) }
        try hold(format.steps - before <= limit, "\(format.steps - before) steps for \(line.count) bytes")
      }
    }
  }

  /// The most that a template may take for a byte.
  private static func cost(_ template: Template) -> Int { template.text.count + 8 * template.parts.count + 8 }

  private static func check(_ found: Observations) throws {
    try hold((0...StepCount.largest).contains(found.step ?? 0), "the step \(found.step ?? 0)")
    for metric in found.metrics {
      let json = found.json(metric)
      try hold(json.withUnsafeBytes { JSONNumber.isNumber($0) }, "\(json.asText) is no number")
    }
    for entry in found.config {
      let isNumber = entry.value.withUnsafeBytes { JSONNumber.isNumber($0) }
      try hold(isNumber || JSONValue(entry.value) != nil, "\(entry.value.asText) is no JSON")
      try hold(Array(entry.key.asText.utf8) == entry.key, "a key that is no UTF-8")
    }
  }
}
