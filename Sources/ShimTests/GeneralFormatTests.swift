import Testing

@testable import SavedLogs
@testable import TrackShim

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
    ("==== Epoch: 0/50,top 5 acc: 0.1235 ====", "step 0: top_5_acc=0.1235"),
    ("Epoch: 0/50, Iteration step: 1300, loss: 5.2", "step 1300: epoch=0 loss=5.2"),
    ("Epoch no. 3: loss 0.5", "step 3: loss=0.5"),
    ("Epoche: 0001 cost= 11.2 W= -0.4", "step 1: cost=11.2 w=-0.4"),
    ("Época 3 - pérdida: 0.5 - exactitud: 91.2%", "step 3: p_rdida=0.5 exactitud=91.2"),
    ("Epoch 0 @ 10:27 PM : 0.98 Loss, 94.28% Accuracy", "step 0: loss=0.98 accuracy=94.28"),
    ("step 7: reward: 3.2 [-1.0, 5.0], mean action: 2", "step 7: reward=3.2 mean_action=2"),
    ("Epoch 2 [8.7s + 3.2s]: recall=[0.039, 0.095], hit=[0.1, 0.3]", "step 2: recall=0.039"),
    ("Objective...............:   5.3e-07    5.3e-07", "next: objective=5.3e-07"),
    ("Epoch  1  lr: 2e-03/1e-01  entropy (bits) valid:  5.7", "step 1: lr=2e-03 entropy_bits_valid=5.7"),
    (
      "Ep. 1 : Up. 1000 : Cost 2.7 : Time 4.1s : 154.5 words/s", "step 1000: ep=1 cost=2.7 time=4.1 words_per_sec=154.5"
    ),
    (
      "Epoch 0, Step 25, used time 7.1 (s), avg loss so far is 0.109",
      "step 25: epoch=0 used_time=7.1 avg_loss_so_far=0.109"
    ),
    (
      "ETL: 0 ms; iteration 50; iteration time: 18 ms; batches/sec: 74.5",
      "step 50: etl=0 iteration_time=18 batches_sec=74.5"
    ),
    ("Epoch #1: 100%|##########| 2048/2048 [00:04<00:00, 491.23it/s]", "step 1:"),
    ("iteration 1, current learner lgbm", "step 1:"),
    ("valid_ppl -> 122.4", "next: valid_ppl=122.4"),
    ("Train 3, loss: 2.68, train acc: 0.45", "step 3: loss=2.68 train_acc=0.45"),
    ("epoch: 0, batch_id: 500, AUC:0.78, loss:0.18", "step 500: epoch=0 auc=0.78 loss=0.18"),
    ("after cycle=3 avg(utility)=269.9 avg(wins)=0.35", "step 3: avg_utility=269.9 avg_wins=0.35"),
    ("Iteration 1, Child 82b838b3-ba82-4690-9483: Metrics={'loss': 0.99, 'rmse': 26.4}", "step 1: loss=0.99 rmse=26.4"),
    // Prefixes.
    ("[2019-10-30 14:26:09] INFO [MainThread:69] step 3, reward -21.0", "step 3: reward=-21.0"),
    ("trainer.cc(507) LOG(INFO) EM sub_iter=0 size=987 obj=13.2", "step 0: size=987 obj=13.2"),
    ("(TaskRunner pid=625502) step:1 - actor/loss:0.5 - lr:1e-4", "step 1: actor_loss=0.5 lr=1e-4"),
    ("2025-12-27 22:12:56.867\tfine-03:0\tolmo.train:990\tINFO\t[step=10/100,epoch=0]", "step 10: epoch=0"),
    ("[flaml.automl: 11-27 03:16:01] {3192} INFO -  at 0.1s,\tbest error=4.4e-01", "next: best_error=4.4e-01"),
    ("TRAINER INFO    batch     100 training time 0.97 s, loss 0.5", "step 100: training_time=0.97 loss=0.5"),
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
  func aLine(_ line: String, _ expected: String) { #expect(saidLines(line) == [expected]) }

  @Test(arguments: [
    ("Iteration 1000 / 20000: loss 2.302594", "step 1000: loss=2.302594"),
    ("(Epoch 0 / 10) train acc: 0.107000; val_acc: 0.096000", "step 0: train_acc=0.107000 val_acc=0.096000"),
    ("Episode: 10, Total reward: 21.0, Epsilon: 0.95", "step 10: total_reward=21.0 epsilon=0.95"),
    ("[500/1000] avg_reward=12.3 eps=0.1", "step 500: avg_reward=12.3 eps=0.1"),
    ("Loss at step 100: 0.5", "step 100: loss=0.5"),
    ("Minibatch loss at step 100: 3.2", "step 100: minibatch_loss=3.2"),
    ("Epoch-3 loss 0.5", "step 3: loss=0.5"),
    ("epoch_3: loss 0.5", "step 3: loss=0.5"),
    ("step3 loss 0.5", "step 3: loss=0.5"),
    ("loss: 0.5 (epoch 3)", "step 3: loss=0.5"),
    ("loss: 0.5 @ step 3", "step 3: loss=0.5"),
    ("step 3 loss 0.50 +/- 0.01", "step 3: loss=0.50"),
    ("step 3 loss tensor(0.5123, device='cuda:0', grad_fn=<NllLossBackward>)", "step 3: loss=0.5123"),
    ("err=0.01 epoch=5", "step 5: err=0.01"),
    ("iter=5000 cost=0.002 |grad|=1e-5", "step 5000: cost=0.002 grad=1e-5"),
    ("Final test accuracy: 0.9123", "next: final_test_accuracy=0.9123"),
    ("Train: loss=0.5 acc=90% | Val: loss=0.6 acc=88%", "next: loss=0.5 acc=90 val_loss=0.6 val_acc=88"),
    ("[1,  2000] loss: 2.173", "step 2000: loss=2.173"),
    (
      "[0/5][50/1583]\tLoss_D: 0.2204\tLoss_G: 24.3821\tD(x): 0.9232\tD(G(z)): 0.0000 / 0.0000",
      "step 50: loss_d=0.2204 loss_g=24.3821 d_x=0.9232 d_g_z=0.0000"
    ),
    ("<10> LL/token: -9.12", "step 10: ll_token=-9.12"),
    ("1|20|Loss: 1.6231|:  3%|▎         | 20/808 [00:20<13:31,  1.03s/it]", "step 20: loss=1.6231 step_time_s=1.03"),
    ("After epoch 3 the error is 0.031", "step 3: error=0.031"),
    ("Cost after iteration 200: 0.693", "step 200: cost=0.693"),
    (
      "Accuracy of the network on the 10000 test images: 54 %",
      "next: accuracy_of_the_network_on_the_10000_test_images=54"
    ),
    ("Epochs          100. Current error: 0.0012. Bit fail: 0.", "step 100: current_error=0.0012 bit_fail=0"),
    (
      "completed step: 1, seconds: 1.123, TFLOP/s/device: 51.234, loss: 10.771",
      "step 1: seconds=1.123 tflop_s_device=51.234 loss=10.771"
    ),
    ("tick 1     kimg 4.0      time 3m 12s       sec/tick 134.5", "step 1: kimg=4.0 sec_tick=134.5"),
    (
      "superbatch 1 / 40 | running loss 0.012345 | 1234567 pos/sec", "step 1: running_loss=0.012345 pos_per_sec=1234567"
    ),
    (
      "(epoch: 1, iters: 100, time: 0.112, data: 0.223) D_A: 0.411 G_A: 0.322",
      "step 100: epoch=1 time=0.112 data=0.223 d_a=0.411 g_a=0.322"
    ),
    ("step 300 | loss 2.9 | 1.2M tok/s | mem 512M | 1.25k x", "step 300: loss=2.9 tok_per_sec=1200000 mem=512"),
    ("Iter 1: Val loss 2.944, eval took 12.000s", "step 1: val_loss=2.944"),
    ("accuracy: 24/100=0.24", "next: accuracy=0.24"),
    ("--> STEP: 25/50 -- GLOBAL_STEP: 75 loss: 2.5", "step 75: loss=2.5"),
    ("3epoch:train:51-100batch: iter_time=3.1e-04, loss=49.3", "step 3: iter_time=3.1e-04 loss=49.3"),
    (
      "Train: 3 [  50/250 ( 20%)]  Loss: 6.9 (7.0)  Time: 0.3s,  431.8/s  (0.2s,  431.8/s)",
      "step 50: loss=6.9 time=0.3"
    ),
    ("step 3: loss 0.5, time=1 hour 2 minutes and 3.2 seconds", "step 3: loss=0.5"),
    ("Style 1 loss: 30021.29", "next: style_1_loss=30021.29"),
    ("004600 :: TRAIN obj-val = 1.07", "step 4600: train_obj_val=1.07"),
    ("Initial accuracy: 13.11%", "next: initial_accuracy=13.11"),
    ("Global-step 9 --Accept update with alpha=1.0, kl=5.5e-10, new=0.48", "step 9: alpha=1.0 kl=5.5e-10 new=0.48"),
    ("Epoch 0 @ 10:27 PM : 0.9816 C.E. Loss, 94.28% Accuracy", "step 0: c_e_loss=0.9816 accuracy=94.28"),
    ("Generation: 7\tString: Ip\"oQ 8 dl&u21: 2Yx =3\tFitness: 18", "step 7: fitness=18"),
    ("Mean test loss of 8 batches: 0.5755", "next: mean_test_loss_of_8_batches=0.5755"),
    ("Trainer.cpp:182]  Batch=1000 AvgCost=10.2", "step 1000: avgcost=10.2"),
  ])
  func aLineOfSomeTrainer(_ line: String, _ expected: String) { #expect(saidLines(line) == [expected]) }

  @Test(arguments: [
    "2024-01-01 12:00:00,123 INFO trainer.py:88 - step 3 | loss 0.5",
    "[rank0]: [2024-01-01 12:00:00.123] [info] step 3: loss 0.5",
    "2024-01-01 12:00:00.123 | INFO     | __main__:train:42 - Step 3 loss=0.5",
    "INFO:root:step 3 loss 0.5",
    "I0101 12:00:00.123456  1234 solver.cpp:239] step 3, loss = 0.5",
    "[1,0]<stdout>:step 3 loss 0.5",
    "[2024-01-01T12:00:00Z] step: 3, loss: 0.5",
    "12:00:00 step 3 loss 0.5",
    "20-Nov 06:58:26:INFO:root:step 3 loss 0.5",
    "[node3] 2024-05-01 16:30:10,195 (trainer:756) INFO: step 3 loss 0.5",
    "[Rank 0] step 3 loss 0.5",
  ])
  func whatLoggersWriteInFront(_ line: String) {
    let said = saidLines(line)
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
    "step 5: loss 1.2e\u{1B}[32m34",
    "Chapter 3: The 12 dwarves",
    "Loss of 3 packets out of 100",
    "Error: 2",
    "warning: 3 deprecated functions",
    "make: *** [Makefile:12: all] Error 2",
    "Your score: 12 points",
    "cost: 12 USD",
    "Precision: 64 bits",
    "Target loss: 0.5",
    "norm: 2",
    "gradient norm clipping at 1.0",
    "loss_weight: 0.5",
    "max grad norm: 1.0",
    "energy consumption 500 W",
    "In step 3, the loss was reduced by 50",
    "Step 1: compile",
    "batch size 32",
    "Iteration limit 100 reached",
    "Round 2: 15 players",
    "Trial 3 finished with value: 0.5 and parameters: {'x': 1.0}. Best is trial 3 with value: 0.5.",
    "Update 3 packages",
    "The reward is 100 dollars",
    "step 3: mix 200 g flour, 3 eggs",
    "Step 5. Add 2 cups of water",
    "time=5.2 ms ttl=64 icmp_seq=3",
    "3 packets transmitted, 3 received, 0% packet loss, time 2003ms",
    "Progress: 45%",
    "collisions:0 txqueuelen:1000",
    "errors: 0, warnings: 3",
    "[1/5] Building CXX object foo.o",
    "[1, 2] 3",
    "3: error in file",
    "model loss: cross_entropy, lr: 0.1",
    "Config: steps=100 lr=0.1",
    "epochs = 10",
    "Loaded checkpoint 'x.pt' (epoch 3, loss 0.5)",
    "error 404",
    "Table 3: accuracy 95",
    "loss 0.51 -> 0.47 at step 2000",
    "E   AssertionError: loss 0.731 at step 12",
    "Best loss 0.5 at step 12",
    "build/train --mini-batch 64 --learn-rate 0.0003",
    "assert acc > 0.97",
    "Page cache hits:                     8812",
    "Step 1 of the recipe",
    "All training instances are read [Sat Jul 15 18:08:40 2017]",
  ])
  func whatIsNoReport(_ line: String) { #expect(saidLines(line) == ["-"]) }

  @Test func aLineWithoutAStepBelongsToTheLastOne() {
    #expect(
      saidLines("loss: 1\nstep 7: loss 2\nval loss: 3\n") == ["next: loss=1", "step 7: loss=2", "step 7: val_loss=3"])
    #expect(saidLines("Epoch 2/9\nloss: 2 - acc: 3\n") == ["step 2:", "step 2: loss=2 acc=3"])
  }

  /// What such a program prints is known, and what else looks like it is a trap.
  @Test func aProgramOfTheSeedsKindIsLeftToItsOwnFormat() {
    let step = "step    3/6: train loss 2.5 (1.0 ms, 10 tok/s)"
    #expect(saidLines("\(step)\n[rank0] \(step)\n") == ["step 3: train_loss=2.5 step_time_ms=1.0 tok_per_sec=10", "-"])
    #expect(saidLines("val loss 4\n") == ["step 0: val_loss=4"])
    #expect(saidLines("epoch 5 loss 3\nval loss 4\n") == ["step 5: loss=3", "step 5: val_loss=4"])
  }

  /// Where the log has steps, an epoch is one more number.
  @Test func epochsBesideSteps() {
    #expect(
      saidLines("iter 500 loss 2\nepoch 3: val_loss 1\n") == ["step 500: loss=2", "step 500: epoch=3 val_loss=1"])
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

  @Test func whatIsMeasuredBelowACounterMayHaveASettingBesideIt() {
    let row = "weight_age=2.8, loss=0.0894, entropy=7.509"
    #expect(saidLines("iteration 19/100\n" + row).last == "step 19: weight_age=2.8 loss=0.0894 entropy=7.509")
    #expect(saidLines(row) == ["-"])
  }

  @Test func learningRatesCountOnceSomethingWasReported() {
    let rate = "current learning rate: 3.1e-05"
    #expect(saidLines("loss: 0.5\n" + rate).last == "next: current_learning_rate=3.1e-05")
    #expect(saidLines(rate) == ["-"])
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
    #expect(saidLines(line).count == 1)
  }
}
