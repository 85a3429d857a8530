extension Presets {
  /// Text and speech.
  static let language = """
    # Marian, src/training/scheduler.h and validator.h.
    [{_} {_}] Ep. {ep} : Up. {step} : Sen. {sen} : Cost {cost} * {*} : Time {time}s : {words_per_sec} words/s : gNorm {gnorm} : L.r. {l_r}
    [{_} {_}] Ep. {ep} : Up. {step} : Sen. {sen} : Cost {cost} * {*} : Time {time}s : {words_per_sec} words/s : gNorm {gnorm}
    [{_} {_}] Ep. {ep} : Up. {step} : Sen. {sen} : Cost {cost} * {*} : Time {time}s : {words_per_sec} words/s
    [{_} {_}] Ep. {ep} : Up. {step} : Sen. {sen} : Cost {cost} : Time {time}s : {words_per_sec} words/s : L.r. {l_r}
    [{_} {_}] Ep. {ep} : Up. {step} : Sen. {sen} : Cost {cost} : Time {time}s : {words_per_sec} words/s : gNorm {gnorm} : L.r. {l_r}
    [{_} {_}] Ep. {ep} : Up. {step} : Sen. {sen} : Cost {cost} : Time {time}s : {words_per_sec} words/s{*}
    [{_} {_}] [valid] Ep. {ep} : Up. {step} : bleu : {bleu} : {*}
    [{_} {_}] [valid] Ep. {ep} : Up. {step} : bleu-detok : {bleu_detok} : {*}
    [{_} {_}] [valid] Ep. {ep} : Up. {step} : chrf : {chrf} : {*}
    [{_} {_}] [valid] Ep. {ep} : Up. {step} : perplexity : {perplexity} : {*}
    [{_} {_}] [valid] Ep. {ep} : Up. {step} : ce-mean-words : {ce_mean_words} : {*}
    [{_} {_}] [valid] Ep. {ep} : Up. {step} : cross-entropy : {cross_entropy} : {*}
    [{_} {_}] [valid] Ep. {ep} : Up. {step} : translation : {translation} : {*}
    # Marian repeats its command line.
    ignore :: [{_} {_}] [marian] {*}
    [{_} {_}] [config] learn-rate: {learn_rate:config}
    # fairseq, logging/progress_bar.py with "simple".
    20{_} {_} | INFO | valid | epoch {epoch} | valid on '{_}' subset | loss {loss} | nll_loss {nll_loss} | ppl {ppl} | wps {wps} | wpb {wpb} | bsz {bsz} | num_updates {step} | best_loss {best_loss}
    20{_} {_} | INFO | valid | epoch {epoch} | valid on '{_}' subset | loss {loss} | nll_loss {nll_loss} | ppl {ppl} | wps {wps} | wpb {wpb} | bsz {bsz} | num_updates {step}
    # ESPnet, espnet2/train/trainer.py and reporter.py.
    [{_}] {_} {_} (trainer:{_}) INFO: {step}epoch:train:{_}batch: {=}
    prefix valid_ :: [{_}] {_} {_} (trainer:{_}) INFO: {step}epoch results: [train] {*}, [valid] {=}{*}
    # Kaldi, nnet3/nnet-training.cc and nnet3/nnet-chain-training.cc; with regularisation the sum counts.
    LOG ({_} Average objective function for 'output' for minibatches {_}-{step} is {average_objective} over {_} frames.
    LOG ({_} Average objective function for 'output' for minibatches {_}-{step} is {_} + {_} = {average_objective} over {_} frames.
    LOG ({_} Average objective function for 'output-xent' for minibatches {_}-{step} is {average_objective_xent} over {_} frames.
    LOG ({_} Overall average objective function for 'output' is {overall_average_objective} over {_} frames.
    LOG ({_} Overall average objective function for 'output' is {_} + {_} = {overall_average_objective} over {_} frames.
    LOG ({_} Overall average objective function for 'output-xent' is {overall_average_objective_xent} over {_} frames.
    # SentencePiece, trainer_spec as protobuf prints it: no score of anything.
    vocabulary_output_piece_score: {vocabulary_output_piece_score:config}
    # llama.cpp, ggml-opt.cpp: a bar for training and one for validation in each epoch, which it does not count.
    train: [{*}] data={_}/{_} loss={loss}±{_} acc={acc}±{_}% t={*}
    val: [{*}] data={_}/{_} loss={val_loss}±{_} acc={val_acc}±{_}% t={*}
    # word2vec.c; the count of words is in thousands.
    scale words_thread_sec 1000 :: Alpha: {alpha} Progress: {_}% Words/thread/sec: {words_thread_sec}k
    # mlx-lm, tuner/trainer.py.
    Iter {step}: Val loss {val_loss}, Val took {val_took}s
    # build-nanogpt, train_gpt2.py.
    HellaSwag accuracy: {_}/{_}={hellaswag_accuracy}

    """
}
