"""What the official client makes of a program that TrackShim watches: prints a text, logs the rows it says.

Words: a JSON file {"text", "errors", "rows": [[step, {...}]], "config": {...}, "exit_code", "identity": {...}}.
"""

import json
import sys

import wandb

with open(sys.argv[1]) as file:
    told = json.load(file)
run = wandb.init(config=told["config"], settings=wandb.Settings(x_disable_stats=True), **told["identity"])
sys.stdout.write(told["text"])
sys.stderr.write(told["errors"])
sys.stdout.flush()
for step, row in told["rows"]:
    run.log(row, step=step)
run.finish(exit_code=told["exit_code"])
