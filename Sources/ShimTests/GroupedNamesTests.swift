import Testing

/// Names that are told apart by what stands around them: groups of training and validation, pairs, repeated names.
@Suite struct GroupedNamesTests {
  /// Each alone, and again and again: known lines are read in another way.
  @Test(arguments: [
    // Groups in brackets, or behind nothing but a word.
    (
      "Epoch 6 train (loss 0.51 acc 0.91) val (loss 0.61 acc 0.88)",
      "step 6: loss=0.51 acc=0.91 val_loss=0.61 val_acc=0.88"
    ),
    ("Epoch 7 train(loss=0.51), test(loss=0.61) lr 0.1", "step 7: loss=0.51 test_loss=0.61 lr=0.1"),
    (
      "Epoch 9: Training: loss=0.51, acc=0.91 Validation: loss=0.61, acc=0.88",
      "step 9: loss=0.51 acc=0.91 validation_loss=0.61 validation_acc=0.88"
    ),
    ("Epoch 10: train = {loss: 0.51}, val = {loss: 0.61}", "step 10: loss=0.51 val_loss=0.61"),
    ("Epoch 16 {'train': {'loss': 0.5}, 'val': {'loss': 0.6}}", "step 16: loss=0.5 val_loss=0.6"),
    ("Epoch 11, Loss: (train=0.51, val=0.62)", "step 11: loss_train=0.51 loss_val=0.62"),
    (
      "Epoch 12 loss: train 0.51 val 0.62 acc: train 0.9 val 0.8",
      "step 12: loss_train=0.51 loss_val=0.62 acc_train=0.9 acc_val=0.8"
    ),
    ("4\ttrain loss=0.51\tvalid loss=0.62", "step 4: train_loss=0.51 valid_loss=0.62"),
    ("step 4: EvalErr[0]PerSample = 0.2 * 128; loss = 0.5", "step 4: evalerr_0_persample=0.2 loss=0.5"),
    (
      "Epoch[16 of 30]: [Training Set] CrossEntropy = 0.62; RunLength = 0.2", "step 16: crossentropy=0.62 runlength=0.2"
    ),
    (
      "[1,0]<stdout>:2020-12-23 23:07:21,094 __main__    : INFO     Train step 1040 -- Loss: 11.1, MLM: 10.4 -- It/s: 1.69",
      "step 1040: loss=11.1 mlm=10.4 it_s=1.69"
    ),
    (
      "2022-05-12 22:25:22,011 [steps/nnet3/train.py:529 - train - INFO ] Iter: 116/959   Jobs: 1   Epoch: 2.42/20.0 (12.1% complete)   lr: 0.000757",
      "step 116: jobs=1 epoch=2.42 lr=0.000757"
    ),
    ("(:epoch, 3, :trn, 0.8052, :tst, 0.79)", "step 3: trn=0.8052 tst=0.79"),
    ("('epoch:', 3, 'train loss', 0.51, 'time ', 1.5)", "step 3: train_loss=0.51 time=1.5"),
    ("('loss', 0.51)", "next: loss=0.51"),
    // Names that come again.
    (
      "Epoch 2 | Train loss=0.51 acc=0.91 | Val loss=0.61 acc=0.88",
      "step 2: train_loss=0.51 acc=0.91 val_loss=0.61 val_acc=0.88"
    ),
    (
      "Epoch 8: TRAIN loss: 0.5 acc: 0.9 VALID loss: 0.6 acc: 0.8 TEST loss: 0.7 acc: 0.7",
      "step 8: train_loss=0.5 acc=0.9 valid_loss=0.6 valid_acc=0.8 test_loss=0.7 test_acc=0.7"
    ),
    ("Epoch 13: G loss 0.51 acc 0.9, D loss 0.41 acc 0.8", "step 13: g_loss=0.51 acc=0.9 d_loss=0.41 d_acc=0.8"),
    (
      "Epoch 14 Loss train 0.51 test 0.62 | Accuracy train 0.9 test 0.8",
      "step 14: loss_train=0.51 loss_test=0.62 accuracy_train=0.9 accuracy_test=0.8"
    ),
    // Nobody knows of what the second one is.
    ("Epoch 15: loss 0.5 time 1.2 lr 0.1 time 3.4", "step 15: loss=0.5 time=1.2 lr=0.1"),
    // Pairs.
    ("iter 3 loss/acc: 0.512/0.91", "step 3: loss=0.512 acc=0.91"),
    ("step 4 loss(train/val) = 0.51/0.62", "step 4: loss_train=0.51 loss_val=0.62"),
    ("ep 8 | train/val loss 0.51/0.62 | acc 91.2/88.1", "step 8: loss=0.51 val_loss=0.62 acc=91.2 val_acc=88.1"),
    ("epoch 9: mse mean/std = 0.5/0.1", "step 9: mse_mean=0.5 mse_std=0.1"),
    ("iter 11 | loss 0.5 | grad/param norm 0.1/2.2", "step 11: loss=0.5 grad_norm=0.1 param_norm=2.2"),
    ("Epoch 12: mIoU/PixAcc = 0.61/0.91%", "step 12: miou=0.61 pixacc=0.91"),
    ("iter 6 loss/train: 0.5 loss/val: 0.6", "step 6: loss_train=0.5 loss_val=0.6"),
    ("step 4 tok/s 8100/s loss 0.5", "step 4: tok_s=8100 loss=0.5"),
    ("step 13 mem 2.1/8.0 GB loss 0.3", "step 13: mem=2.1 loss=0.3"),
    // Deviations, and what is of an earlier line.
    ("Epoch 3: train_loss=0.5±0.1, val_loss=0.6 ± 0.2", "step 3: train_loss=0.5 val_loss=0.6"),
    ("Epoch 1: val acc 0.9 (best: 0.95 at epoch 0)", "step 1: val_acc=0.9"),
    // Counters between a name and its value.
    ("MSE after 10 epochs: 0.512", "step 10: mse=0.512"),
    ("After 100 iterations: cost = 0.5", "step 100: cost=0.5"),
    ("Log-likelihood (iter 10): -1234.5", "step 10: log_likelihood=-1234.5"),
    ("Time for 100 iterations: 12.3", "-"),
    (
      "Step 20 | Loss 2.6 | Speed (samples/sec) 43672.9 | GPU 401.2 MB",
      "step 20: loss=2.6 speed_samples_sec=43672.9 gpu=401.2"
    ),
    (
      "Epoch 8: TRAIN loss 0.5 mean class acc 0.9, VALID loss 0.6 mean class acc 0.8",
      "step 8: train_loss=0.5 mean_class_acc=0.9 valid_loss=0.6 valid_mean_class_acc=0.8"
    ),
    ("step 5 loss 0.3 w00=0.1 w01=0.2", "step 5: loss=0.3 w00=0.1 w01=0.2"),
    // Every line would have a name of its own.
    ("E03 B0100 loss=.5", "-"),
  ])
  func aLine(_ line: String, _ expected: String) {
    #expect(saidLines(line) == [expected])
    #expect(saidLines([line, line, line, line].joined(separator: "\n")).allSatisfy { $0 == expected })
  }

  /// What the first name says of its line holds for the others, which other lines print as well.
  @Test func theFirstNamesSplitIsTheLines() {
    let lines = """
      Epoch 1/2
      train Loss: 0.5 Acc: 0.9 lr: 0.1
      val Loss: 0.6 Acc: 0.8 lr: 0.1
      Epoch 2/2
      train Loss: 0.4 Acc: 0.91 lr: 0.1
      val Loss: 0.5 Acc: 0.81 lr: 0.1
      """
    #expect(
      saidLines(lines) == [
        "step 1:", "step 1: train_loss=0.5 acc=0.9 lr=0.1", "step 1: val_loss=0.6 val_acc=0.8 lr=0.1",
        "step 2:", "step 2: train_loss=0.4 acc=0.91 lr=0.1", "step 2: val_loss=0.5 val_acc=0.81 lr=0.1",
      ])
  }
}
