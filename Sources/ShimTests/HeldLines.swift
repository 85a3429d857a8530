import Testing

@testable import TrackShim

/// Lines held against templates, in the form of `.expected`.
struct HeldLines {
  var format: TemplateFormat
  let names = MetricNames()
  var found = Observations()

  init(_ set: TemplateSet, stream: OutputStream = .standardOutput) { format = TemplateFormat(set, stream: stream) }

  init(_ text: String, stream: OutputStream = .standardOutput) {
    let set = TemplateSet(Array(text.utf8), origin: "T")
    #expect(set.complaints == [])
    self.init(set, stream: stream)
  }

  /// nil: no template has the line.
  mutating func said(_ line: [UInt8]) -> String? {
    found.removeAll()
    let isOwn = line.withUnsafeBytes { format.understand($0, names: names, into: &found) }
    guard isOwn else {
      #expect(found.isEmpty)
      return nil
    }
    var words = found.config.map { "config \($0.key.asText)=\($0.value.asText)" }
    if let step = found.step { words.append("step \(step)") }
    words += found.metrics.map { names.name($0.name).asText + "=" + found.json($0).asText }
    return words.joined(separator: " ")
  }

  mutating func said(_ line: String) -> String? { said(Array(line.utf8)) }

  mutating func said(_ lines: [String]) -> [String?] {
    var all: [String?] = []
    for line in lines { all.append(said(line)) }
    return all
  }
}
