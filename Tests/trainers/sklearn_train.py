"""sklearn_train.py NAME: one of scikit-learn's estimators, as talkative as it can be."""

import sys

import numpy
from sklearn.neural_network import MLPClassifier
from sklearn.svm import SVC

chance = numpy.random.default_rng(5)
x = chance.normal(size=(200, 6))
estimators = {
    "mlp": lambda: MLPClassifier((4,), max_iter=5, random_state=1, verbose=True),
    "libsvm": lambda: SVC(verbose=True),
}
estimators[sys.argv[1]]().fit(x, x[:, 0] + x[:, 1] * x[:, 2] > 0)
