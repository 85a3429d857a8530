import Testing

@testable import TrackShim

@Suite struct CallTests {
  /// A call as text, after its way through the ring.
  private func said(_ bytes: [UInt8]) -> String? {
    guard let call = bytes.withUnsafeBytes({ Call($0) }) else { return nil }
    switch call {
    case .start(let variables): return "start \(variables.sorted { $0.key < $1.key })"
    case .log(let step, let metrics, let isWholeRow):
      let values = metrics.map { "\($0.key)=\($0.json.asText)" }
      return "log \(step.map { "\($0)" } ?? "auto") \(values) \(isWholeRow)"
    case .config(let item): return "config \(item.key)=\(item.json.asText)"
    case .summary(let item): return "summary \(item.key)=\(item.json.asText)"
    case .define(let key, let stepKey, let flags): return "define \(key) \(stepKey) \(flags.rawValue)"
    case .text(let text): return "text \(text)"
    case .alert(let alert):
      return "alert \(alert.level.name) \(alert.wait) \(alert.title.asText) \(alert.text.asText)"
    case .save(let file): return "save \(file.name) \(file.path.asText)"
    }
  }

  /// What a call packs.
  private func packed(_ call: ((Call.Text) -> Bool) -> Bool?) -> [UInt8] {
    var bytes: [UInt8] = []
    let isSent = call {
      bytes = Array($0)
      return true
    }
    #expect(isSent == true)
    return bytes
  }

  private func log(_ step: Int64, _ key: [UInt8], _ value: Double) -> [UInt8] {
    key.withUnsafeBytes { key in packed { Call.log(step: step, key, value, $0) } }
  }

  @Test(
    arguments: [
      (0, 1.5, "1.5"), (-1, -0.0, "-0"), (.max, .nan, "NaN"), (.min, .infinity, "Infinity"),
      (7, -.infinity, "-Infinity"), (1, 3, "3"), (2, 5e-300, "5e-300"),
    ] as [(Int64, Double, String)])
  func aLogComesBack(step: Int64, value: Double, json: String) {
    for key in ["loss", "a b/ü", "k\n\u{1B}[2J\"\\"].map({ Array($0.utf8) }) {
      let expected = "log \(step < 0 ? "auto" : "\(step)") \(["\(key)=\(json)"]) false"
      #expect(said(log(step, key, value)) == expected)
    }
  }

  @Test func anyBytesMakeAKey() {
    var random = SplitMix(seed: 41)
    for _ in 0..<2_000 {
      let key = random.bytes(1 + random.below(Call.longestKey))
      let step = Int64(bitPattern: random.next()) & .max
      #expect(said(log(step, key, 0)) == "log \(step) \(["\(key)=0"]) false")
    }
  }

  @Test func aRowComesBackWhole() {
    let keys = (0..<300).map { Array("key\($0)".utf8) }
    let bytes = keys.reduce(0) { $0 + $1.count }
    let row = packed { send in
      withoutActuallyEscaping(send) { send in
        Call.row(
          step: 5, count: keys.count, bytes: bytes,
          { index in (keys[index].withUnsafeBytes { $0 }, Double(index)) }, send)
      }
    }
    let expected = keys.enumerated().map { "\($1)=\($0)" }
    #expect(said(row) == "log 5 \(expected) true")
  }

  @Test func aRowThatGrowsMeanwhileIsNotSent() {
    let key = Array("longer than was said".utf8)
    let isSent = key.withUnsafeBytes { key in
      Call.row(step: 1, count: 20, bytes: 0, { _ in (key, 1) }, { _ in true })
    }
    #expect(isSent == nil)
  }

  @Test func itemsComeBack() {
    let key = Array("k".utf8), text = Array("a\"b\u{FF}".utf8), json = Array("[1,{\"a\":2}]".utf8)
    let values: [(Call.Value, String)] = [
      (.integer(.min), "-9223372036854775808"), (.double(.nan), "NaN"), (.double(0.1), "0.1"),
      (.boolean(true), "true"), (.boolean(false), "false"),
    ]
    for (value, expected) in values {
      key.withUnsafeBytes { key in
        #expect(said(packed { Call.config(key, value, $0) }) == "config [107]=\(expected)")
        #expect(said(packed { Call.summary(key, value, $0) }) == "summary [107]=\(expected)")
      }
    }
    key.withUnsafeBytes { key in
      text.withUnsafeBytes { text in
        #expect(said(packed { Call.config(key, .string(text), $0) }) == "config [107]=\"a\\\"b\u{FF}\"")
      }
      json.withUnsafeBytes { json in
        #expect(said(packed { Call.summary(key, .json(json), $0) }) == "summary [107]=[1,{\"a\":2}]")
      }
    }
  }

  @Test func otherCallsComeBack() {
    let text = Array("line".utf8)
    text.withUnsafeBytes { text in
      #expect(said(packed { Call.text(text, $0) }) == "text [108, 105, 110, 101]")
      #expect(said(packed { Call.define(text, stepKey: text, .hidden, $0) })?.hasPrefix("define [108") == true)
      let start = packed { Call.start([("TRACKSHIM_NAME", text)], $0) }
      #expect(said(start) == "start [(key: \"TRACKSHIM_NAME\", value: \"line\")]")
    }
    #expect(said(packed { Call.start([], $0) }) == "start []")
    let folder = Array("/home".utf8)
    text.withUnsafeBytes { text in
      let alert = { (wait: Double) in self.packed { Call.alert(title: text, text: text, .error, wait: wait, $0) } }
      #expect(said(alert(1.5)) == "alert ERROR 1.5 line line")
      #expect(said(alert(0)) == "alert ERROR 60.0 line line")
      #expect(said(alert(.infinity)) == "alert ERROR 300000000.0 line line")
      #expect(said(alert(.nan)) == nil && said(alert(-1)) == nil)
      folder.withUnsafeBytes { folder in
        #expect(said(packed { Call.save(text, from: folder, $0) }) == "save line /home/line")
      }
    }
  }

  @Test func withoutAKeyItIsNoLog() {
    #expect(said(log(1, [], 1)) == nil)
  }

  /// The record may come from a ring that somebody wrote over.
  @Test func whatIsNoCallIsNone() {
    var random = SplitMix(seed: 42)
    for _ in 0..<20_000 {
      let bytes = random.bytes(random.below(60))
      if said(bytes) != nil { #expect((1...8).contains(bytes.first ?? 0)) }
    }
    // Cut anywhere, or with something behind it.
    let whole = log(3, Array("loss".utf8), 0.5)
    for count in 0..<whole.count { #expect(said(Array(whole.prefix(count))) == nil) }
    #expect(said(whole + [0]) == nil)
  }

  @Test(arguments: [
    (0, false, true), (1, false, true), (4, false, true), (5, false, false), (1 | 16, false, true),
    (16 | 32, false, false), (128, false, false), (-1, false, false), (64, true, true), (1, true, false),
    (16, true, false),
  ])
  func flagsOfMetrics(_ flags: Int32, _ isPattern: Bool, _ isUsable: Bool) {
    #expect(MetricFlags(rawValue: flags).isUsable(isPattern: isPattern) == isUsable)
  }

  /// There is no ring in the unit tests.
  @Test func aCallThatNobodyTakesIsRefused() {
    #expect(Call.start([]) == false)
    Array("loss".utf8).withUnsafeBytes { key in #expect(Call.log(step: 1, key, 1) == false) }
  }
}
