import Foundation
import Testing

@testable import TrackShim

/// A line whose outline is known, or which cannot be a report, gives what it gives where every line is taken apart.
@Suite struct OutlineTests {
  private struct Reader {
    /// With the presets, as in a run.
    var format = StreamReader()
    let names = MetricNames()

    mutating func read(_ line: [UInt8]) -> String {
      var found = Observations()
      let isOurs = line.withUnsafeBytes { format.understand($0, names: names, into: &found) }
      let metrics = found.metrics.map { metric in
        "\(names.name(metric.name).asText)=\(found.json(metric).asText)"
      }
      let config = found.config.map { "\($0.key.asText):\($0.value.asText)" }
      return "\(isOurs) \(found.step.map { "\($0)" } ?? "-") \(metrics + config)"
    }
  }

  private func expectTheSame(_ lines: [[UInt8]], _ comment: String, comparesRefusals: Bool = false) {
    var remembering = Reader(), forgetting = Reader(), thorough = Reader()
    forgetting.format.forgetsOutlines()
    thorough.format.takesAllApart()
    for line in lines {
      let expected = thorough.read(line)
      let found = remembering.read(line)
      guard found == expected else {
        Issue.record("\(comment): \(line.asText)\n\(found)\n\(expected)")
        return
      }
      guard comparesRefusals else { continue }
      #expect(forgetting.read(line) == expected, "\(comment): \(line.asText)")
      #expect(remembering.format.refusal == forgetting.format.refusal, "\(comment): \(line.asText)")
    }
  }

  /// The same line with other digits, now and then with more or fewer of them.
  private func vary(_ line: [UInt8], _ random: inout SplitMix) -> [UInt8] {
    var varied: [UInt8] = []
    for byte in line {
      guard byte.isDigit, random.next() % 2 == 0 else {
        varied.append(byte)
        continue
      }
      let digit = UInt8(ascii: "0") + UInt8(random.next() % 10)
      switch random.next() % 12 {
      case 0: varied += [digit, digit]
      case 1: break
      default: varied.append(digit)
      }
    }
    return varied
  }

  private static func logs(_ folder: String) throws -> [(name: String, lines: [[UInt8]])] {
    let place = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
      "../../Tests/logs/\(folder)"
    ).standardizedFileURL
    let names = try FileManager.default.contentsOfDirectory(atPath: place.path).filter { $0.hasSuffix(".log") }
    return try names.sorted().map { name in
      let text = [UInt8](try Data(contentsOf: place.appendingPathComponent(name)))
      return (name, RecordedLines.of([text]).lines.map(\.bytes))
    }
  }

  @Test(arguments: [
    "trainers", "free", "held_back/trainers", "held_back/second/trainers", "held_back/third/trainers",
    "held_back/fourth/trainers",
  ])
  func logs(_ folder: String) throws {
    var random = SplitMix(seed: 7)
    for (name, lines) in try Self.logs(folder) {
      expectTheSame(lines, name, comparesRefusals: true)
      let varied = lines.flatMap { line in [line] + [vary(line, &random)] }
      expectTheSame(varied, "\(name), varied")
    }
  }
}
