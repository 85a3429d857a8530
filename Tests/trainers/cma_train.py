import cma

strategy = cma.CMAEvolutionStrategy([1.0, 2.0], 0.5, {"seed": 3, "maxiter": 40, "verb_log": 0, "verb_disp": 10})
strategy.optimize(lambda x: (x[0] - 3) ** 2 + x[1] ** 2 + 1)
