import lightgbm

settings = {"objective": "binary", "metric": ["binary_logloss", "auc"], "num_leaves": 4, "num_threads": 1}
data = lightgbm.Dataset("svm.txt", params={"header": False})
lightgbm.train(
    settings | {"deterministic": True, "force_row_wise": True}, data, 5,
    valid_sets=[data], valid_names=["training"], callbacks=[lightgbm.log_evaluation(1)],
)  # fmt: skip
