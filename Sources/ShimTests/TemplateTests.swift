import Testing

@testable import TrackShim

private func said(_ template: String, _ line: String) -> String? {
  var held = HeldLines(template)
  return held.said(line)
}

private func complaints(_ text: String) -> [String] { TemplateSet(Array(text.utf8), origin: "T").complaints }

@Suite struct TemplateTests {
  @Test(arguments: [
    // The line of the documentation, and what is printed a little differently.
    (
      "step {step}/{_}: train loss {train_loss} ({step_time_ms} ms, {tok_per_sec} tok/s)",
      "step 12/100: train loss 3.2 (12.3 ms, 84,000 tok/s)",
      "step 12 train_loss=3.2 step_time_ms=12.3 tok_per_sec=84000"
    ),
    (
      "step {step}/{_}: train loss {train_loss} ({step_time_ms} ms, {tok_per_sec} tok/s)",
      "  step   12 / 100 : train  loss nan (  12.3 ms,84000 tok/s)  \r",
      "step 12 train_loss=NaN step_time_ms=12.3 tok_per_sec=84000"
    ),
    // Numbers.
    ("loss {loss}", "loss -inf", "loss=-Infinity"), ("loss {loss}", "loss +1.5e-3", "loss=1.5e-3"),
    ("loss {loss}", "loss .5", "loss=0.5"), ("loss {loss}", "loss 007", "loss=7"),
    ("loss {loss}.", "loss 12.", "loss=12"), ("loss {loss}.", "loss 12.5.", "loss=12.5"),
    ("loss {loss} x", "loss 12. x", "loss=12.0"), ("{a}.{b}", "3.25", "a=3 b=25"),
    ("n {n}", "n 1,234,567.5", "n=1234567.5"), ("n {n}", "n -1,234", "n=-1234"), ("{a},{b}", "12,345", "a=12 b=345"),
    ("n {n}", "n 1,234e3", "n=1234e3"), ("n {n} ({_})", "n 1,000. (x)", "n=1000.0"),
    ("{a}, {b}", "1, 234", "a=1 b=234"),
    ("step {step}:", "step 1,000:", "step 1000"), ("step {step}", "step 0012", "step 12"),
    // Percentages.
    ("acc {acc}", "acc 91.2%", "acc=91.2"), ("acc {acc}%", "acc 91.2%", "acc=91.2"),
    ("acc {acc} %", "acc 91.2%", "acc=91.2"), ("acc {acc} loss {loss}", "acc 91% loss 2", "acc=91 loss=2"),
    ("acc {acc}% ({_})", "acc 9 % (9)", "acc=9"),
    // Words.
    ("[{_}] loss {loss}", "[2024-01-01T00:00:00] loss 2", "loss=2"), ("{_} loss {loss}", "worker-1 loss 2", "loss=2"),
    ("[{_}/{_}] {loss}", "[ 12 /100 ] 2", "loss=2"), ("model: {model:text}", "model: GPT-2", "config model=\"GPT-2\""),
    ("model '{model:text}', {n:config} layers", "model 'a', 1,200 layers", "config model=\"a\" config n=1200"),
    ("seed {seed:text}", "seed 42", "config seed=\"42\""),
    // Stars.
    ("{*} loss {loss}", "2024 INFO train.py:10: loss 2", "loss=2"), ("loss {loss} {*}", "loss 2 and more", "loss=2"),
    ("loss {loss} {*}", "loss 2", "loss=2"),
    ("step {step} {*} loss {loss} {*}", "step 1 a b loss 2 c", "step 1 loss=2"),
    ("{*} b {x}", "a b c b 1", "x=1"), ("{*} {x} tok/s", "at 12:30 3 files, 84,000 tok/s", "x=84000"),
    ("{*}loss {loss}", "train_loss 2", "loss=2"), ("step {step}{*}", "step 3: and more", "step 3"),
    ("a {*} {x}", "a 1 2 3", "x=3"),
    // Braces.
    ("{{'loss': {loss}, 'epoch': {epoch}}}", "{'loss': 0.4, 'epoch': 1.2}", "loss=0.4 epoch=1.2"),
    // Blanks.
    ("loss={loss}", "loss=   0.5", "loss=0.5"), ("loss = {loss}", "loss=0.5", "loss=0.5"),
    ("a | b {x}", "a|b 1", "x=1"), ("  loss\t{loss}  ", "loss  0.5", "loss=0.5"),
    // Anywhere.
    ("anywhere :: loss {loss}", "12:30 loss 0.5, lr 3", "loss=0.5"),
    ("anywhere :: loss {loss}", "train_loss 9 loss is good, loss 0.5", "loss=0.5"),
    ("anywhere :: {x} tok/s", "3 files, 84k, 12.5 tok/s", "x=12.5"),
    ("anywhere :: loss {loss} {*} lr {lr}", "x loss 2 y lr z lr 3 w", "loss=2 lr=3"),
    ("anywhere :: ({t} ms", "done (12 ms)", "t=12"),
    // Options.
    ("step+1 :: step {step} loss {loss}", "step 0 loss 2", "step 1 loss=2"),
    ("step-1 :: step {step} loss {loss}", "step 0 loss 2", "step 0 loss=2"),
    ("step-5 :: step {step} loss {loss}", "step 9 loss 2", "step 4 loss=2"),
    ("scale t 0.001 :: t {t}", "t 12.3", "t=0.0123"), ("scale t 1000 :: t {t}", "t 1,500", "t=1500000"),
    ("scale t -0.5 :: t {t}", "t inf", "t=-Infinity"), ("scale t 3 :: t {t}", "t nan", "t=NaN"),
    ("scale a 60 scale b 1e-3 prefix val/ :: {a} {b} {c}", "1 2 3.0", "val/a=60 val/b=0.002 val/c=3.0"),
    ("prefix val/ :: e {e} n {n:config}", "e 1 n 2", "config n=2 val/e=1"),
    (":: step {step}", "step 1", "step 1"), (":: a :: {x}", "a :: 1", "x=1"), ("{x} :: b", "1 :: b", "x=1"),
    (":: # {x}", "# 5", "x=5"), ("ignore :: saved {*}", "saved 12 files", ""),
  ]) func theLineSays(_ template: String, _ line: String, _ expected: String) {
    #expect(said(template, line) == expected)
  }

  @Test(arguments: [
    ("loss {loss}", "loss"), ("loss {loss}", "loss x"), ("loss {loss}", "loss 1 2"), ("loss {loss}", "x loss 1"),
    ("loss {loss}", "loss 1x"), ("loss {loss}", "loss1"), ("loss {loss}", ""), ("loss {loss}", " "),
    ("step {step}", "step 1.5"), ("step {step}", "step -1"), ("step {step}", "step 9007199254740993"),
    ("step {step}", "step 99999999999999999999999"), ("n {n}", "n 12,34"), ("n {n}", "n 1,2345"),
    ("loss {loss} ms", "loss 2ms"), ("train loss {loss}", "trainloss 2"), ("[{_}] {x}", "[] 1"),
    ("model: {m:text}", "model: GPT 2"), ("a {x} {*}", "a 1b"), ("a {x}{*}", "a 1.2.3"),
    ("anywhere :: loss {loss}", "val_loss 2"), ("anywhere :: loss {loss}", "loss 2ms"),
    ("anywhere :: loss {loss}", "loss 1.2.3"), ("anywhere :: epoch {epoch}", "epoch 2024-01-01"),
    ("anywhere :: {x} tok", "5 tokens"), ("anywhere :: {x} ms", "in v1.2 ms"), ("anywhere :: {x} ms", "1e-5x 2-3 ms"),
    ("anywhere :: info {x}", "info info"), ("{*} b {x}", "a b 1 b"), ("ignore :: saved {_}", "loaded 1"),
  ]) func theLineIsNone(_ template: String, _ line: String) {
    #expect(said(template, line) == nil)
  }

  @Test func theFirstTemplateHasTheLine() {
    var held = HeldLines("a {x}\n# comment\n\nanywhere :: a {y}\n")
    #expect(held.said("a 1") == "x=1")
    #expect(held.format.lastMatch == 0)
    #expect(held.said("b a 2") == "y=2")
    #expect(held.format.lastMatch == 1)
    #expect(held.format.templates.map(\.line) == [1, 4])
    #expect(held.said("b") == nil)
    #expect(held.format.lastMatch == nil)
  }

  @Test func aTemplateHasItsStream() {
    let text = "stderr :: a {x}\nstdout :: b {x}\nstdout stderr :: c {x}\nd {x}"
    for (stream, expected) in [(OutputStream.standardOutput, [1, 2, 3]), (.standardError, [0, 2, 3])] {
      var held = HeldLines(text, stream: stream)
      let said = held.said(["a 1", "b 1", "c 1", "d 1"])
      #expect(said.indices.filter { said[$0] == "x=1" } == expected)
    }
  }

  @Test func nothingIsReadInABlock() {
    var held = HeldLines("loss {loss}\nfrom :: generating: {*}\nto :: ---\nstderr from :: x\nto :: y")
    let lines = ["loss 1", "generating: 3", "loss 2", "generating: 4", "", "---", "loss 3", "---", "x", "loss 4"]
    #expect(held.said(lines) == ["loss=1", "", "", "", "", "", "loss=3", nil, nil, "loss=4"])
    _ = held.said("generating: 5")
    #expect(held.format.isInsideBlock)
    held.format.loseTrack()
    #expect(held.said("loss 6") == "loss=6")
  }

  @Test func aBlockMayBeginAndEndAlike() {
    var held = HeldLines("loss {loss}\nfrom :: ---\nto :: ---")
    #expect(held.said(["---", "loss 1", "---", "loss 2"]) == ["", "", "", "loss=2"])
  }

  @Test func summaryRulesAreKept() {
    let set = TemplateSet(Array("prefix v/ summary loss min summary acc max :: {loss} {acc}".utf8), origin: "T")
    #expect(
      set.templates.first?.summaries == [
        .init(metric: Array("v/loss".utf8), rule: .min), .init(metric: Array("v/acc".utf8), rule: .max),
      ])
  }

  @Test func namesOfAnotherRunAreFoundAnew() {
    var format = HeldLines("a {x} {y}").format
    var found = Observations()
    for offset in [0, 5] {
      let names = MetricNames()
      for index in 0..<offset { _ = names.number(of: "m\(index)") }
      found.removeAll()
      _ = Array("a 1 2".utf8).withUnsafeBytes { format.understand($0, names: names, into: &found) }
      #expect(found.metrics.map(\.name) == [offset, offset + 1])
    }
  }

  @Test func refusedNamesAreCounted() {
    var held = HeldLines("a {x}")
    for index in 0..<MetricNames.limit { _ = held.names.number(of: "m\(index)") }
    #expect(held.said("a 1") == "")
    #expect(held.format.metricsRefused == 1)
  }

  // MARK: What is wrong with a template

  @Test(arguments: [
    ("loss {loss", "T: column 6: \"{\" without \"}\"; write {{ for a brace"),
    ("{'loss': {loss}}", "T: column 1: \"{\" without \"}\"; write {{ for a brace"),
    ("loss {loss}}", "T: column 12: \"}\" without \"{\"; write }} for a brace"),
    (
      "émile {a b}", "T: column 8: \"a b\" is no name, which has letters, digits and _ . / - only; write {{ for a brace"
    ),
    ("a {}", "T: column 4: a name is missing; {_} skips a number or a word"),
    ("a {_step}", "T: column 4: names that begin with _ are W&B's own; choose another"),
    ("a {x:int}", "T: column 6: \"int\" is no kind; after the colon stands text or config"),
    ("a {x} {x}", "T: column 7: {x} is there twice; skip one with {_}"),
    ("a {x}{y}", "T: column 6: two holes with nothing between them; write what stands there"),
    ("a {x} {*}{*}", "T: column 7: {*} twice; one skips everything"),
    ("{*} {_} {x}", "T: column 5: what is looked for begins with text or a number; write what stands before it"),
    (
      "loss 3.2",
      "T: column 1: no number is named; write {NAME} where one stands, or `ignore ::` before a line that says nothing"
    ),
    ("anywhere ::", "T: column 12: nothing stands here; write a line of the log"),
    (
      "stdder :: {x}",
      "T: column 1: \"stdder\" is no option; there are anywhere, stdout, stderr, step+N, step-N, scale, prefix, "
        + "summary, heading, below, ignore, from, to; a line that has :: in it begins with ::"
    ),
    ("step+x :: {step}", "T: column 6: \"x\" is no whole number; write step+1"),
    ("step+1 :: {x}", "T: column 11: step+N or step-N without {step}; write {step} where it stands"),
    ("scale x :: {x}", "T: column 1: incomplete; it is scale NAME FACTOR"),
    ("scale x 0 :: {x}", "T: column 9: \"0\" is no factor; write a number other than 0, as 0.001"),
    ("scale x 1e999 :: {x}", "T: column 9: \"1e999\" is no factor; write a number other than 0, as 0.001"),
    ("scale y 2 :: {x}", "T: column 7: the template has no metric {y}; write its name as there"),
    ("scale step 2 :: {step}", "T: column 7: the template has no metric {step}; write its name as there"),
    ("summary x mode :: {x}", "T: column 11: \"mode\" is no rule; there are last, min, max, first and mean"),
    (
      "summary x",
      "T: column 1: no number is named; write {NAME} where one stands, or `ignore ::` before a line that "
        + "says nothing"
    ),
    ("prefix :: {x}", "T: column 1: incomplete; it is prefix TEXT"),
    ("from to :: a", "T: column 6: to beside from; one of them per line"),
    ("ignore prefix a :: b", "T: column 8: prefix means nothing beside ignore, which reads no numbers"),
    ("from :: a {x}\nto :: b", "T: line 1, column 11: from reads no numbers; skip with {_} or {*}"),
    ("from :: a\n\n", "T: line 1: from without to; write the line that ends the block below it"),
    ("below :: {x}", "T: column 1: below without heading; write the line that stands above as `heading ::`"),
    ("ignore heading :: b", "T: column 8: heading means nothing beside ignore, which reads no numbers"),
    ("a {=} {=}", "T: column 7: {=} is there twice; skip one with {_}"),
    ("{*} {=}", "T: column 5: what is looked for begins with text or a number; write what stands before it"),
    ("to :: a", "T: column 1: to without from; write the line that begins the block above it"),
    (
      "from :: a\n{x}\nto :: b",
      "T: line 2, column 1: between from and to stands no other template; write it above or below them"
    ),
  ]) func theProblemIsNamed(_ text: String, _ expected: String) {
    #expect(complaints(text) == [expected])
  }

  @Test func theOthersAreUsed() {
    let set = TemplateSet(Array("a {x\nb {x}\nfrom :: {y}\nto :: c\nfrom :: d\nto :: e".utf8), origin: "T")
    #expect(set.complaints.count == 2)
    #expect(set.templates.count == 1 && set.blocks.count == 1)
  }

  @Test func bounds() {
    let holes = (0..<64).map { "{m\($0)}" }.joined(separator: " ")
    #expect(complaints(holes) == [])
    #expect(complaints(holes + " {x}").first?.contains("more than 64 holes") == true)
    let long = "{x} " + String(repeating: "a", count: 4092)
    #expect(complaints(long) == [])
    #expect(complaints(long + "a").first?.hasPrefix("T: column 4097: longer than 4096 bytes") == true)
    let many = TemplateSet(Array(String(repeating: "a {x}\n", count: 258).utf8), origin: "T")
    #expect(many.templates.count == 256)
    #expect(many.complaints == ["T: line 257: more than 256 templates; this one and those after it are not used"])
    #expect(complaints(String(repeating: "{\n", count: 100)).count == 17)
  }

  // MARK: Where templates come from

  @Test func bothVariablesAreRead() {
    let variables = ["TRACKSHIM_FORMAT": "a {x}\nb {x", "TRACKSHIM_FORMATS": "my/formats"]
    let source = SettingsSource(variable: { variables[$0] }, startDirectory: "/start", file: { _ in "" })
    let set = TemplateSources.read(from: source) { path throws(SystemError) in
      #expect(path == "/start/my/formats")
      return Array("# mine\ngeneral off\n{\nc {x}\n".utf8)
    }
    #expect(set.templates.count == 2 && !set.usesGeneralReader)
    #expect(
      set.complaints.map { $0.prefix(32) } == ["TRACKSHIM_FORMAT: line 2, column", "my/formats: line 3, column 1: \"{"])
    let missing = TemplateSources.read(from: source) { _ throws(SystemError) in throw SystemError(2) }
    #expect(missing.complaints.last == "TRACKSHIM_FORMATS: my/formats cannot be read: no such file or directory")
    #expect(missing.usesGeneralReader)
    let long = TemplateSources.read(from: source) { _ throws(SystemError) in
      Array("d {x}\n".utf8) + [UInt8](repeating: 0x23, count: TemplateSources.fileLimit)
    }
    #expect(long.templates.count == 2 && long.complaints.last?.contains("longer than 1048576 bytes") == true)
  }

  @Test func withoutVariablesThereIsNothing() {
    let source = SettingsSource(variable: { _ in nil }, startDirectory: "/", file: { _ in "" })
    let set = TemplateSources.read(from: source) { _ throws(SystemError) in throw SystemError(2) }
    #expect(set.isEmpty && set.complaints.isEmpty && TemplateFormat(set, stream: .standardError).isEmpty)
  }

  // MARK: Hostile lines and bytes

  /// Steps per byte must not grow with the line.
  @Test(arguments: [
    ("anywhere :: a{_}b {x}", "a."), ("anywhere :: a{_}b{_}c {x}", "a.b."), ("anywhere :: loss {loss}", "loss "),
    ("anywhere :: a a a a {x}", "a "), ("anywhere :: {x} tok/s", "1-"), ("anywhere :: {x} tok/s", "1,234,"),
    ("anywhere :: ,{x} b", ",123"), ("anywhere :: -{x} b", "-1e"), ("anywhere :: .{x} b", ".1"),
    ("anywhere :: a {x}", "a    \t"), ("anywhere :: ({x} b", "(nan"), ("anywhere :: {x}. b", "1"),
    ("{*} a {*} b {*} c {x}", "a b c "), ("{*}a{*}a{*}a{*}b {x}", "a"), ("{*} {x} {y}", "1 "),
    ("{*}: {x:text}: b", ":a"),
    ("{*}x{=}!", "x=1,"), ("{*}x{=}!", "xx"), ("{*} a {=} b", "a=1 "), ("anywhere :: -{=} b", "-a=-1e"),
    ("{_} {_} {_} {x}", "a"), ("[{_}] {x}", "["), ("{*} aab{_}aab {x}", "aaaab."), ("{*} {x} {*} {y} b", "1 2,345 "),
  ]) func hostileLinesAreLinear(_ template: String, _ pattern: String) {
    var perByte: [Int] = []
    for size in [1 << 12, 1 << 17] {
      var held = HeldLines(template)
      let unit = Array(pattern.utf8)
      let line = [UInt8](unsafeUninitializedCapacity: size) { room, count in
        for index in 0..<size { room[index] = unit[index % unit.count] }
        count = size
      }
      _ = held.said(line)
      perByte.append(held.format.steps / line.count)
    }
    #expect(perByte[1] <= perByte[0] + 1, "\(perByte) steps per byte")
    #expect(perByte[1] <= 2 * template.utf8.count, "\(perByte) steps per byte")
  }

  /// Nothing may trap, and every value that comes out is JSON as W&B writes it.
  @Test func anyBytesAreTaken() {
    let pieces =
      [
        "{", "}", "{x}", "{y}", "{z:text}", "{w:config}", "{step}", "{_}", "{*}", "{=}", "=", " ", "::", " :: ",
        "anywhere", "from",
        "to", "heading", "below",
        "scale x 0.1", "step+1", "a", "loss ", "(", ",", ".", "%", "1", "1,234", "-", "nan", "inf", "1e5", "\u{E9}",
        "\n", "\0",
      ].map { Array($0.utf8) } + [[0xFF], [0x80], [0xC3]]
    var random = Numbers()
    var matches = 0
    for _ in 0..<8_000 {
      let text = Array(
        (0..<Int.random(in: 0..<12, using: &random)).compactMap { _ in pieces.randomElement(using: &random) }.joined())
      let set = TemplateSet(text, origin: "T")
      for complaint in set.complaints { #expect(complaint.unicodeScalars.allSatisfy { $0.isHarmless }) }
      var held = HeldLines(set)
      for _ in 0..<4 {
        let line = Array(
          (0..<Int.random(in: 0..<8, using: &random)).compactMap { _ in pieces.randomElement(using: &random) }.joined())
        matches += held.said(line) == nil ? 0 : 1
        for metric in held.found.metrics {
          let value = held.found.json(metric)
          #expect(value.withUnsafeBytes { JSONNumber.isNumber($0) }, "\(value.asText)")
        }
      }
    }
    #expect(matches > 100)
  }

  /// The same in every execution.
  private struct Numbers: RandomNumberGenerator {
    private var state: UInt64 = 42

    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ (state >> 29)
    }
  }
}
