import Foundation
import Testing

@testable import TrackShim

/// Understands the lines of one stream and writes down what they said, in the form of `.expected`.
struct Understood: LineSink {
  var format = SeedFormat()
  let names = MetricNames()
  var found = Observations()
  var number = 0
  var said: [String] = []

  mutating func console(_ chunk: UnsafeRawBufferPointer, at timestamp: Int64) {}

  mutating func line(_ bytes: UnsafeRawBufferPointer, at timestamp: Int64, cut: Bool) {
    number += 1
    found.removeAll()
    let isOwn = format.understand(bytes, names: names, into: &found)
    if !found.isEmpty { #expect(isOwn) }
    for entry in found.config { said.append("\(number): config \(text(entry.key)) \(text(entry.value))") }
    guard let step = found.step else { return }
    let metrics = found.metrics.map { " \(text(names.name($0.name)))=\(text(found.json($0)))" }
    said.append("\(number): step \(step)" + metrics.joined())
  }

  private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  static func of(_ bytes: [UInt8], pieceLength: Int = .max) -> Understood {
    var understood = Understood()
    var assembler = LineAssembler()
    var start = 0
    while start < bytes.count {
      let end = start + min(pieceLength, bytes.count - start)
      bytes[start..<end].withUnsafeBytes { assembler.feed($0, at: 0, into: &understood) }
      start = end
    }
    assembler.finish(into: &understood)
    return understood
  }

  static func of(_ text: String) -> [String] { of(Array(text.utf8)).said }
}

private let logs = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().appendingPathComponent("../../Tests/logs").standardizedFileURL

private func logNames() throws -> [String] {
  try FileManager.default.contentsOfDirectory(atPath: logs.path)
    .filter { $0.hasSuffix(".log") }.map { String($0.dropLast(4)) }.sorted()
}

@Suite struct SeedFormatTests {
  @Test func thereAreLogs() throws {
    let names = try logNames()
    #expect(names.contains("seed") && names.contains("seed_table") && names.count >= 10)
  }

  @Test(arguments: try logNames()) func logSaysWhatIsExpected(_ name: String) throws {
    let log = [UInt8](try Data(contentsOf: logs.appendingPathComponent(name + ".log")))
    let expected = try String(contentsOf: logs.appendingPathComponent(name + ".expected"), encoding: .utf8)
      .split(separator: "\n").map(String.init).filter { !$0.hasPrefix("#") }
    #expect(!expected.isEmpty)
    #expect(Understood.of(log).said == expected)
    for length in [1, 2, 7, 64, 4096] { #expect(Understood.of(log, pieceLength: length).said == expected) }
  }

  @Test func aDeadProgramsTableIsComplete() {
    let row = "| max_steps             | 6                                                  |"
    #expect(Understood.of(row) == ["1: config max_steps 6"])
  }

  @Test func rowsOfAnyWidthAfterTheHeading() {
    #expect(Understood.of("| lr | 5 |\n| Parameter | Value |\nnoise\n| lr | 5 |\n") == ["4: config lr 5"])
  }

  @Test func theSeedsTableHas34Keys() throws {
    let log = [UInt8](try Data(contentsOf: logs.appendingPathComponent("seed_table.log")))
    let said = Understood.of(log).said
    #expect(said.count == 34)
    #expect(Set(said.map { $0.split(separator: " ")[2] }).count == 34)
  }

  @Test func onlyPrintedMetricsGetNames() {
    let names = Understood.of(Array("val loss 5 or so\nstep 1/2: train loss 1 (2 ms, 3 tok/s)\n".utf8)).names
    #expect(names.count == 3)
    #expect(names.name(0) == Array("train_loss".utf8))
  }

  @Test func refusedNamesAreCounted() {
    var understood = Understood()
    for index in 0..<MetricNames.limit { _ = understood.names.number(of: "m\(index)") }
    Array("val loss 1".utf8).withUnsafeBytes { understood.line($0, at: 0, cut: false) }
    #expect(understood.said == ["1: step 0"])
    #expect(understood.format.metricsRefused == 1)
  }

  @Test func everyMetricHasItsNumber() {
    let names = MetricNames()
    var numbers = SeedMetricNumbers()
    for _ in 0..<2 {
      let found = SeedMetric.allCases.map { numbers.number(of: $0, in: names) }
      #expect(found == Array(0..<SeedMetric.allCases.count))
    }
    #expect(numbers.number(of: .mfu, in: MetricNames()) == 0)
  }

  @Test func resumingStartsOver() {
    let text = "step 0: train loss 1 (took 2 ms)\nResuming from step 90\nval loss 3\n"
    #expect(Understood.of(text).last == "3: step 90 val_loss=3")
  }

  /// Metric lines with a few bytes changed: nothing may trap, and every value that still comes out
  /// must be JSON as W&B writes it.
  @Test func anyBytesAreTaken() throws {
    let lines = try logNames().flatMap { name in
      [UInt8](try Data(contentsOf: logs.appendingPathComponent(name + ".log"))).split(separator: 0x0A).map(Array.init)
    }
    let pieces = ["", " ", "nan", "-inf", "1e5", "007", ".", "|", " | ", "(", ")", "-", "\0", "\u{FF}"].map {
      Array($0.utf8)
    }
    var random = SeededRandom(1)
    var understood = Understood()
    var failures = 0
    for _ in 0..<20_000 where failures == 0 {
      var line = lines.randomElement(using: &random) ?? []
      for _ in 0..<Int.random(in: 0...2, using: &random) {
        let start = Int.random(in: 0...line.count, using: &random)
        let end = min(start + Int.random(in: 0...4, using: &random), line.count)
        line.replaceSubrange(start..<end, with: pieces.randomElement(using: &random) ?? [])
      }
      line.withUnsafeBytes { understood.line($0, at: 0, cut: false) }
      for metric in understood.found.metrics where !isJSONNumber(understood.found.json(metric)) {
        failures += 1
        Issue.record("\(String(decoding: line, as: UTF8.self)) gave \(understood.said.suffix(1))")
      }
    }
    #expect(understood.said.count > 5_000)
  }
}
