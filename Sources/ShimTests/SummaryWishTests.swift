import CTrackShim
import Testing

@testable import TrackShim

/// `TRACKSHIM_SUMMARY`: what the summary keeps of metrics, by one rule or several.
@Suite struct SummaryWishTests {
  @Test(arguments: [
    ("val_loss min", ["val_loss"], ["my_val_loss", "val_loss2", "val_los", ""]),
    ("*loss min last", ["loss", "val_loss", "lossloss"], ["losses", "los", ""]),
    ("val_* max", ["val_", "val_acc"], ["val", "my_val_acc"]),
    ("a*b*c min", ["abc", "a1b2c", "abbcc", "abcbc"], ["ab", "acb", "abcd", "xabc"]),
    ("* last", ["", "a"], []), ("** last", ["", "a"], []), ("aa*aa min", ["aaaa", "aa1aa"], ["aa", "aaa"]),
  ]) func names(_ text: String, _ taken: [String], _ left: [String]) throws {
    let wish = try #require(SummaryWish(text))
    for name in taken { #expect(wish.takes(Array(name.utf8)), "\(name)") }
    for name in left { #expect(!wish.takes(Array(name.utf8)), "\(name)") }
  }

  @Test(arguments: ["", "loss", "loss least", "loss min most", "min"])
  func whatIsNone(_ text: String) { #expect(SummaryWish(text) == nil) }

  @Test func rules() throws {
    #expect(try #require(SummaryWish("loss  min\tlast min")).rules == [.min, .last])
  }

  // MARK: What the summary is

  private func summary(_ wishes: String, _ lines: String) throws -> [String: String] {
    var settings = Settings.defaults
    settings.summaries = wishes.split(separator: ",").compactMap { SummaryWish(String($0)) }
    var run = RecordedRun(settings)
    defer { run.folder.remove() }
    run.print(lines, at: 1_000_000_000)
    run.finish(code: 0)
    run.write()
    return try run.contents().summary
  }

  private let lines =
    "step 0: loss nan acc 0.5\nstep 1: loss 3 acc 0.7\nstep 2: loss 1 acc 0.6\nstep 3: loss 2 acc 0.6\n"

  @Test func severalRules() throws {
    let found = try summary("*loss min last, acc max", lines)
    #expect(found["loss"] == "{\"last\":2,\"min\":1}" && found["acc"] == "{\"max\":0.7}")
    let all = try summary("loss mean max min first last", lines)
    #expect(all["loss"] == "{\"first\":NaN,\"last\":2,\"max\":3,\"mean\":2,\"min\":1}" && all["acc"] == "0.6")
  }

  @Test func theFirstThatTakesANameCounts() throws {
    let found = try summary("loss max, *loss min last, * first", lines)
    #expect(found["loss"] == "{\"max\":3}" && found["acc"] == "{\"first\":0.5}")
  }

  @Test func theJournalSaysHowTheyAreDefined() throws {
    var settings = Settings.defaults
    settings.summaries = ["loss min last", "other max"].compactMap { SummaryWish($0) }
    var run = RecordedRun(settings)
    defer { run.folder.remove() }
    run.print(lines, at: 1_000_000_000)
    run.finish(code: 0)
    run.write()
    let records = try run.contents().records.compactMap { record -> MetricRecord? in
      if case .metric(let metric) = record { metric } else { nil }
    }
    #expect(records.map(\.name) == ["loss"] && records.map(\.summaryFields) == [[1, 5]])
  }

  /// The program is killed: what it wanted is in the journal, and the last line is only in the ring.
  @Test(
    .enabled(if: tsi_is_in_memory(Claim.folder) != 0, "needs /dev/shm"),
    arguments: [
      ("loss min last", "{\"last\":2,\"min\":1}"), ("loss mean max", "{\"max\":3,\"mean\":2}"),
      ("loss first last", "{\"first\":3,\"last\":2}"),
    ]) func theyOutliveTheDeath(_ wish: String, _ expected: String) throws
  {
    for kept in 1...3 {
      var settings = Settings.defaults
      settings.summaries = [wish].compactMap { SummaryWish($0) }
      var dead = try DeadRun(settings)
      defer { dead.remove() }
      let lines = ["step 1: loss 3\n", "step 2: loss 1\n", "step 3: loss 2\n"]
      for line in lines.prefix(kept) { dead.record(line) }
      dead.flush(runtime: 0)
      dead.tell()
      for line in lines.dropFirst(kept) { dead.put(line) }
      try dead.die()
      _ = try dead.recover()
      let contents = try dead.run.contents()
      #expect(contents.isWhole && contents.summary["loss"] == expected, "\(kept) before the death")
    }
  }
}
