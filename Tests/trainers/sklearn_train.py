import numpy
from sklearn.svm import SVC

chance = numpy.random.default_rng(5)
x = chance.normal(size=(200, 6))
# LIBSVM prints, through C's stdio, which is not Python's.
SVC(verbose=True).fit(x, x[:, 0] + x[:, 1] * x[:, 2] > 0)
