@testable import TrackShim

/// What is known before a line is taken apart changes nothing of what it says: that it cannot be a report, that lines of its
/// outline have been seen, that it is plain text.
enum TellingFuzz {
  /// What decides beside the line: nothing was printed yet, a counter that begins a block, a report.
  private static let beginnings = [[], ["Epoch 3/10"], ["step 7: loss 0.5"]]
  private static let mostLines = 12

  static func check(_ lines: [[UInt8]]) throws {
    for line in lines.prefix(mostLines) where line.count <= 2_000 {
      for beginning in beginnings {
        let said = read(line, behind: beginning) { $0.asksWhetherItTells = false }
        let saidQuickly = read(line, behind: beginning) { _ in }
        try hold(said == saidQuickly, "\(line.asText) behind \(beginning): \(said), and quickly \(saidQuickly)")
      }
    }
  }

  /// Four times, for outlines are known from the third time on.
  private static func read(
    _ line: [UInt8], behind beginning: [String], _ set: (inout GeneralFormat) -> Void
  ) -> [String] {
    var format = GeneralFormat()
    set(&format)
    format.remembersOutlines = format.asksWhetherItTells
    let names = MetricNames()
    return (beginning.map { Array($0.utf8) } + [line, line, line, line]).map { line in
      var found = Observations()
      let isOurs = line.withUnsafeBytes { format.understand($0, names: names, into: &found) }
      let metrics = found.metrics.map { names.name($0.name).asText + "=" + found.json($0).asText }
      return "\(isOurs) \(found.step ?? -1) \(metrics.joined(separator: " "))"
    }
  }
}
