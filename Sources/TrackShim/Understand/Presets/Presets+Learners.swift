extension Presets {
  /// Trees, linear models, small networks, optimisers.
  static let learners = """
    # LIBSVM, svm.cpp. Each class and each fold counts its iterations anew, so that they are no step.
    heading :: optimization finished, #iter = {iter}
    below :: nu = {nu}
    below :: nSV = {nsv}, nBSV = {nbsv}
    below :: Total nSV = {total_nsv}
    # Vowpal Wabbit: of examples that were held out.
    {average_loss} {since_last} {step} {example_weight} {current_label} {current_predict} {current_features} h
    # FANN, fann_train_data.c.
    Epochs {step}. Current error: {current_error}. Bit fail {bit_fail}.
    # Optuna, study/_optimize.py; a trial is a step.
    [I {_} {_}] Trial {step} finished with value: {value} and parameters:{*}
    # TiMBL, TimblExperiment.cxx. What it says of the data is no result.
    overall accuracy: {overall_accuracy} ({_}/{_}), of which {_} exact matches{*}
    ignore :: DB Entropy : {_}
    # pycma, evolution_strategy.py.
    heading :: Iterat #Fevals function value axis ratio sigma {*}
    below :: {step} {fevals} {function_value} {axis_ratio} {sigma} {min_std} {max_std} {_}:{_}
    # scikit-learn: GridSearchCV(verbose=3), GaussianMixture(verbose=2), SGD and neural networks say the rest in the usual way.
    [CV {_}] END{*}, score={score} total time={_}s
    Initialization converged.{*} lower bound {lower_bound}.
    # xLearn.
    heading :: [------------] Epoch Train {*} Test {*} Time cost (sec)
    below :: [ {_}% ] {step} {train_log_loss} {test_log_loss} {_}
    # SVM light.
    L1 loss: loss={loss}
    # StarSpace.
    Epoch: {_}% lr: {lr} loss: {loss} eta:{*}
    # neat-python, reporting.py.
    Best fitness: {best_fitness} - size:{*}
    Mean genetic distance {mean_genetic_distance}, standard deviation {standard_deviation}

    """
}
