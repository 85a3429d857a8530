/// How many of a run's lines were understood, as its summary has it under `_trackshim`.
struct LineFigures {
  private let json: String

  /// nil: another program wrote the run, or it has no summary yet.
  init?(summary: [String: String]) {
    guard let json = summary["_trackshim"] else { return nil }
    self.json = json
  }

  /// `60 lines, 51 recognised, 3 with numbers not understood, 1 cut`
  var text: String? {
    guard let lines = count("lines"), let recognised = count("recognised") else { return nil }
    let rest = [("unknown_numbers", "with numbers not understood"), ("cut", "cut")]
    let odd = rest.compactMap { name, words in count(name).flatMap { $0 > 0 ? "\($0) \(words)" : nil } }
    return (["\(lines) whole lines", "\(recognised) recognised"] + odd).joined(separator: ", ")
  }

  private func count(_ name: String) -> Int? {
    let key = "\"\(name)\":"
    guard let part = json.split(separator: key, maxSplits: 1, omittingEmptySubsequences: false).dropFirst().first else {
      return nil
    }
    return Int(part.prefix { $0.isNumber })
  }
}
