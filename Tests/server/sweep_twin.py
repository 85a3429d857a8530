"""A run of a sweep as the official client makes it: the same rows as the C program, by wandb.log.

Words: a JSON file {"text", "rows": [[step, {...}]]}; what else stands there the agent has put, and nobody reads.
"""

import json
import sys

import wandb

with open(sys.argv[1]) as file:
    told = json.load(file)
run = wandb.init(settings=wandb.Settings(x_disable_stats=True))
sys.stdout.write(told["text"])
sys.stdout.flush()
for step, row in told["rows"]:
    run.log(row, step=step)
run.finish()
