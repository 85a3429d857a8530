import Testing

@testable import TrackShim

/// What stands above or in front of numbers and says of what they are: headings, sections, counters, boxes.
@Suite struct HeadingTests {
  @Test func oneNameForTwoThingsGetsItsHeading() {
    #expect(
      saidLines("Train: loss 1\nVal: loss 2\nTrain: loss 3\n") == ["next: loss=1", "next: val_loss=2", "next: loss=3"])
  }

  /// What a line says of itself in front: its names are not those of training.
  @Test(arguments: [
    ("Epoch 1 | loss 0.5\n- Valid | Epoch 1 | 1/3 | Loss 0.6", ["step 1: loss=0.5", "step 1: valid_loss=0.6"]),
    (
      "Score: 3.5, lr: 1\nEvaluating...  Score: 4.5, lr: 1",
      ["next: score=3.5 lr=1", "next: evaluating_score=4.5 evaluating_lr=1"]
    ),
    ("Train epoch 3: loss 0.5\nTest epoch 3: loss 0.6", ["step 3: loss=0.5", "step 3: test_loss=0.6"]),
    // What collides has its heading in front, and what follows under that heading as well.
    ("loss 0.5\nDEV : loss 0.6 - score 0.8", ["next: loss=0.5", "next: dev_loss=0.6 dev_score=0.8"]),
    ("Epoch: [1][10/50] Loss 0.5\nTest: [10/79] Loss 0.6", ["step 10: epoch=1 loss=0.5", "step 10: test_loss=0.6"]),
  ])
  func validationHasItsOwnNames(_ text: String, _ expected: [String]) { #expect(saidLines(text) == expected) }

  /// An epoch alone belongs to the last batch.
  @Test func epochsBehindBatches() {
    let text = "Epoch[0] Batch [100] accuracy=0.8\nEpoch[0] Batch [200] accuracy=0.9\nEpoch[0] Train-accuracy=0.85"
    #expect(saidLines(text).last == "step 200: epoch=0 train_accuracy=0.85")
  }

  @Test(arguments: [
    (",loss,acc\n0,0.5,0.8\n1,0.4,0.9", ["step 0: loss=0.5 acc=0.8", "step 1: loss=0.4 acc=0.9"]),
    (
      "|   iter    |  target   | max_fe... |\n| 1         | -0.128381 | 0.3327237 |",
      ["step 1: target=-0.128381 max_fe=0.3327237"]
    ),
    // What leads settings is one.
    ("   Epochs: 600\n Learning Rate: 0.001\n Min Batch Size: 400\nstep 1 loss 0.5", ["step 1: loss=0.5"]),
  ])
  func headings(_ text: String, _ expected: [String]) { #expect(saidLines(text).filter { $0 != "-" } == expected) }

  /// Rows of several tables under headings that begin with the same word.
  @Test func mixedTablesAreNotReadUnderTheWrongHeading() {
    let text = """
      energy   ep   Etrain   Etest
      timing   ep   t_train  t_tot
      ENERGY    0   3.7E-03  3.8E-03
      TIMING    0      0.10    30.72
      ENERGY    1   3.6E-03  3.7E-03
      TIMING    1      0.20    31.72
      """
    #expect(!saidLines(text).contains { $0.contains("t_train=3") })
  }
  /// A box is read when it is closed, for its step may stand at its end.
  @Test func aBoxOfNamesAndValues() {
    let box = """
      ----------------------------
      | rollout/        |        |
      |    ep_rew_mean  | 21.6   |
      | time/           |        |
      |    timesteps    | 2048   |
      ----------------------------
      """
    #expect(saidLines(box).suffix(3) == ["-", "-", "step 2048: rollout_ep_rew_mean=21.6"])
    let open = box.split(separator: "\n").dropLast().joined(separator: "\n")
    #expect(saidLines("\(open)\nan interruption\n-------------\n").allSatisfy { $0 == "-" })
    let settings = box.replacing("ep_rew_mean", with: "ent_coef").replacing("timesteps", with: "batch")
    #expect(saidLines(settings).allSatisfy { $0 == "-" })
  }

  @Test func aTableInColoursDrawnWithLines() {
    let text = "\u{1B}[1m│ epoch │ val loss │ acc │\u{1B}[0m\n├───────┼────┤\n\u{1B}[32m│ 3 │ 0.5 │ 1 │\u{1B}[0m\n"
    #expect(saidLines(text) == ["-", "-", "step 3: val_loss=0.5 acc=1"])
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
      saidLines(text).filter { $0 != "-" } == [
        "step 1: average_loss=0.693147 since_last=0.5 current_label=-1.0000",
        "step 2: average_loss=0.588050 since_last=0.25 current_label=-1.0000",
      ])
    #expect(
      saidLines("epoch,train_loss,val acc\n1,0.5,0.75\n2,nan,0.5\nname,3\n3,1,1\n") == [
        "-", "step 1: train_loss=0.5 val_acc=0.75", "step 2: train_loss=NaN val_acc=0.5", "-",
        "step 3: train_loss=1 val_acc=1",
      ])
  }
}
