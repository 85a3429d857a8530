import numpy
import xgboost

chance = numpy.random.default_rng(5)
x = chance.normal(size=(200, 6))
data = xgboost.DMatrix(x, x[:, 0] + x[:, 1] * x[:, 2] > 0)
settings = {"objective": "binary:logistic", "max_depth": 2, "nthread": 1, "eval_metric": ["logloss", "auc"]}
xgboost.train(settings, data, 5, evals=[(data, "train")])
