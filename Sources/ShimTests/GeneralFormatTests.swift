import Testing

@testable import TrackShim

/// What is read of each line of a text: `step 3: loss=0.5 lr=1e-4`, `next: loss=0.5`, `-` for nothing.
private func read(_ text: String) -> [String] {
  var check = LogCheck()
  let lines = Array(text.utf8).withUnsafeBytes { check.feed($0) } + check.finish()
  return lines.map { line in
    guard line.step != nil || !line.metrics.isEmpty else { return "-" }
    let step = line.step.map { "step \($0)" } ?? "next"
    return ([step + ":"] + line.metrics.map { "\($0.key)=\($0.json)" }).joined(separator: " ")
  }
}

@Suite struct GeneralFormatTests {
  /// Each alone: what stands in it, and nothing from lines before.
  @Test(arguments: [
    (
      "step 12/100 | loss 3.2 (+0.1z)| norm 0.9 | lr 3e-4 | 12.3 ms | 84,000 tok/s",
      "step 12: loss=3.2 norm=0.9 lr=3e-4 step_time_ms=12.3 tok_per_sec=84000"
    ),
    ("Iteration 200, loss = 0.51", "step 200: loss=0.51"),
    ("[12]\ttrain-logloss:0.6\teval-logloss:0.7", "step 12: train_logloss=0.6 eval_logloss=0.7"),
    ("epoch: 3 | train acc 91.2%", "step 3: train_acc=91.2"),
    ("{'loss': 0.4, 'epoch': 1.2}", "next: loss=0.4 epoch=1.2"),
    ("{\"step\": 300, \"loss\": \"0.25\", \"lr\": 1e-4, \"name\": \"big 7\"}", "step 300: loss=0.25 lr=1e-4"),
    ("epoch=3 loss=0.1 acc=0.9", "step 3: loss=0.1 acc=0.9"),
    ("Epoch [3/10], Step [100/600], Loss: 0.5", "step 100: epoch=3 loss=0.5"),
    ("[Epoch 3/10] [Batch 10/938] [D loss: 0.5] [G loss: 0.6]", "step 10: epoch=3 d_loss=0.5 g_loss=0.6"),
    (
      "Epoch: [0][10/5005]\tTime  0.5 ( 0.7)\tLoss 6.9e+00 (7.0e+00)\tAcc@1   0.00 (  0.10)",
      "step 10: epoch=0 time=0.5 loss=6.9e+00 acc_1=0.00"
    ),
    ("Train Epoch: 1 [640/60000 (1%)]\tLoss: 1.125", "step 1: loss=1.125"),
    ("Test set: Average loss: 0.0512, Accuracy: 9833/10000 (98%)", "next: average_loss=0.0512 accuracy=98"),
    (
      " iteration       10/  500 | elapsed time per iteration (ms): 123.4 | lm loss: 1.03E+01 | number of nan iterations:   0 |",
      "step 10: elapsed_time_per_iteration_ms=123.4 lm_loss=1.03E+01 number_of_nan_iterations=0"
    ),
    ("0:\tlearn: 0.6931\ttotal: 12ms\tremaining: 1.2s", "step 0: learn=0.6931"),
    ("iter  1 act 1.982e+02 |g| 2.356e+02 CG   2", "step 1: act=1.982e+02 g=2.356e+02 cg=2"),
    ("level=info msg=\"training step\" step=100 loss=0.5 ts=2024-01-01T00:00:00Z", "step 100: loss=0.5"),
    ("step 400 loss nan grad_norm -inf", "step 400: loss=NaN grad_norm=-Infinity"),
    ("loss: nan", "next: loss=NaN"),
    ("step 1,200 loss 1,234.5", "step 1200: loss=1234.5"),
    ("step 3 loss 2 betas=[100,200]", "step 3: loss=2"),
    ("iteration 7 | step 3 | loss 2", "step 7: loss=2"),
    ("step 5: loss 0.5.", "step 5: loss=0.5"),
    ("\u{1B}[32mstep 5\u{1B}[0m loss \u{1B}[1m0.5\u{1B}[0m", "step 5: loss=0.5"),
    ("100%|██████████| 10/10 [00:01<00:00,  9.50it/s, loss=0.5]", "step 10: it_per_sec=9.50 loss=0.5"),
    ("***** Iteration #7 *****", "step 7:"),
  ])
  func aLine(_ line: String, _ expected: String) { #expect(read(line) == [expected]) }

  @Test(arguments: [
    "2024-01-01 12:00:00,123 INFO trainer.py:88 - step 3 | loss 0.5",
    "[rank0]: [2024-01-01 12:00:00.123] [info] step 3: loss 0.5",
    "2024-01-01 12:00:00.123 | INFO     | __main__:train:42 - Step 3 loss=0.5",
    "INFO:root:step 3 loss 0.5",
    "I0101 12:00:00.123456  1234 solver.cpp:239] step 3, loss = 0.5",
    "[1,0]<stdout>:step 3 loss 0.5",
    "[2024-01-01T12:00:00Z] step: 3, loss: 0.5",
    "12:00:00 step 3 loss 0.5",
    "[Rank 0] step 3 loss 0.5",
  ])
  func whatLoggersWriteInFront(_ line: String) {
    let said = read(line)
    #expect(said == ["step 3: loss=0.5"], "\(line): \(said)")
  }

  @Test(arguments: [
    "Step 1/12 : FROM debian:12",
    "Step 3: Download the file 2 from the server",
    "Iteration 5 took 12 ms",
    "Round 3 of voting: 12 votes for Alice",
    "step 3: 45 files",
    "Epoch 5: learning rate set to 0.001",
    "Epoch 00003: val_loss improved from 0.5 to 0.4, saving model to x.h5",
    "iteration 500: saving checkpoint to out/ckpt_500.pt",
    "The loss of 3 ships in 1912 cost 12 lives.",
    "[    0.000000] Linux version 5.10.0 (gcc 10.2) #1 SMP",
    "-rw-r--r-- 1 root root 4096 Jan  1 12:00 file.txt",
    "[ 12%] Building CXX object src/foo.cpp.o",
    "5 passed, 1 failed in 3.21s",
    "frame=  100 fps= 25 q=28.0 size=     256kB time=00:00:04.00 bitrate= 524.3kbits/s",
    "127.0.0.1 - - [10/Oct/2000:13:55:36 -0700] \"GET / HTTP/1.0\" 200 2326",
    "error: 2 warnings generated.",
    "PING 8.8.8.8: icmp_seq=1 ttl=117 time=12.3 ms",
    "| 30%   45C    P8    20W / 350W |      5MiB / 24576MiB |      0%      Default |",
    "loss_scale: 1024",
    "max_grad_norm = 1.0",
    "batch_size: 64",
    "score 12:30",
    "step 3: \(String(repeating: "loss_", count: 60))x=5",
    "step 5: loss 12\u{1B}[32m34",
    "Chapter 3: The 12 dwarves",
  ])
  func whatIsNoReport(_ line: String) { #expect(read(line) == ["-"]) }

  @Test func aLineWithoutAStepBelongsToTheLastOne() {
    #expect(read("loss: 1\nstep 7: loss 2\nval loss: 3\n") == ["next: loss=1", "step 7: loss=2", "step 7: val_loss=3"])
    #expect(read("Epoch 2/9\nloss: 2 - acc: 3\n") == ["step 2:", "step 2: loss=2 acc=3"])
  }

  /// Where the log has steps, an epoch is one more number.
  /// What such a program prints is known, and what else looks like it is a trap.
  @Test func aProgramOfTheSeedsKindIsLeftToItsOwnFormat() {
    let step = "step    3/6: train loss 2.5 (1.0 ms, 10 tok/s)"
    #expect(read("\(step)\n[rank0] \(step)\n") == ["step 3: train_loss=2.5 step_time_ms=1.0 tok_per_sec=10", "-"])
    #expect(read("val loss 4\n") == ["step 0: val_loss=4"])
    #expect(read("epoch 5 loss 3\nval loss 4\n") == ["step 5: loss=3", "step 5: val_loss=4"])
  }

  @Test func epochsBesideSteps() {
    #expect(read("iter 500 loss 2\nepoch 3: val_loss 1\n") == ["step 500: loss=2", "step 500: epoch=3 val_loss=1"])
  }

  @Test func oneNameForTwoThingsGetsItsHeading() {
    #expect(
      read("Train: loss 1\nVal: loss 2\nTrain: loss 3\n") == ["next: loss=1", "next: val_loss=2", "next: loss=3"])
  }

  @Test func columns() {
    let text = """
      average  since         example        current
      loss     last          counter        label
      0.693147 0.5                 1        -1.0000
      0.588050 0.25                2        -1.0000

      done with 3 passes
      0.5 0.5 7 7
      """
    #expect(
      read(text).filter { $0 != "-" } == [
        "step 1: average_loss=0.693147 since_last=0.5 current_label=-1.0000",
        "step 2: average_loss=0.588050 since_last=0.25 current_label=-1.0000",
      ])
    #expect(
      read("epoch,train_loss,val acc\n1,0.5,0.75\n2,nan,0.5\nname,3\n3,1,1\n") == [
        "-", "step 1: train_loss=0.5 val_acc=0.75", "step 2: train_loss=NaN val_acc=0.5", "-",
        "step 3: train_loss=1 val_acc=1",
      ])
  }

  @Test func settingsBecomeConfigWithTheFirstMetric() {
    var check = LogCheck()
    let text = "lonely: 1\n\nbatch_size = 64\nlr: 0.1\nmodel: resnet\n\nstep 1 loss 2\nlr: 3\nbs: 4\n"
    let lines = Array(text.utf8).withUnsafeBytes { check.feed($0) }
    let config = lines.flatMap { line in line.config.map { "\(line.number) \($0.key)=\($0.json)" } }
    #expect(config == ["7 batch_size=64", "7 lr=0.1", "7 model=\"resnet\""])
  }

  @Test func afterALossOfLinesNobodyKnowsTheStep() {
    var format = GeneralFormat()
    let names = MetricNames()
    func understand(_ line: String) -> (step: Int64?, metrics: Int) {
      var found = Observations()
      _ = Array(line.utf8).withUnsafeBytes { format.understand($0, names: names, into: &found) }
      return (found.step, found.metrics.count)
    }
    #expect(understand("step 3 loss 1") == (3, 1))
    format.loseTrack()
    #expect(understand("val loss: 1") == (nil, 0))
    #expect(understand("step 9 loss 1") == (9, 1))
    #expect(understand("val loss: 1") == (9, 1))
  }

  private func rows(_ printed: [(String, OutputStream)]) throws -> [[String: String]] {
    var run = RecordedRun()
    defer { run.folder.remove() }
    for (text, stream) in printed { run.print(text, on: stream) }
    run.finish(code: 0)
    run.write()
    return try run.contents().rows
  }

  @Test func aStreamWithoutACounterGoesByTheOthers() throws {
    let found = try rows([
      ("step 5 loss 1\n", .standardOutput), ("acc: 3\nacc: 4\n", .standardError), ("step 9 loss 2\n", .standardOutput),
    ])
    #expect(
      found == [
        ["_step": "5", "loss": "1", "acc": "3"], ["_step": "6", "acc": "4", "step": "5"],
        ["_step": "9", "loss": "2", "step": "9"],
      ])
  }

  /// What was counted before anybody told a step was printed by nobody, and does not become the metric `step`.
  @Test func countedRowsHaveNoPrintedStep() throws {
    let found = try rows([
      ("acc: 1\nacc: 2\nacc: 3\n", .standardError), ("step 1 loss 1\n", .standardOutput),
    ])
    #expect(
      found == [
        ["_step": "0", "acc": "1"], ["_step": "1", "acc": "2"], ["_step": "2", "acc": "3"],
        ["_step": "3", "loss": "1", "step": "1"],
      ])
  }

  /// The book of labels is full and begun anew, in the middle of lines too: every number keeps its name.
  @Test func everNewLabels() {
    var check = LogCheck()
    for round in 0..<9_000 {
      let names = (0..<3).map { "x\(round * 3 + $0)" }
      let line = "step \(round): loss=1 " + names.enumerated().map { "\($1)=\($0 + 2)" }.joined(separator: " ") + "\n"
      let said = Array(line.utf8).withUnsafeBytes { check.feed($0) }.first?.metrics.map { "\($0.key)=\($0.json)" }
      #expect(said == ["loss=1"] + names.enumerated().map { "\($1)=\($0 + 2)" })
    }
  }

  /// Work grows with the line and no faster: each takes its share of a million bytes in time to go on testing.
  @Test(arguments: [
    "(", "a ", "1 ", "'", "step 1 ", "loss=0.5 ", "[1/2]", "=", "1,111", "|a|", "é", "-", "12:34:", "a=b,",
  ])
  func hostileLines(_ piece: String) {
    let line = String(repeating: piece, count: LineAssembler.longestLine / piece.utf8.count)
    #expect(read(line).count == 1)
  }
}
