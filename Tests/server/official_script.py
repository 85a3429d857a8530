"""A program for the official client: prints, logs, ends. Words: number of steps, first step, exit code."""

import os
import sys

import wandb

steps, first, exit_code = map(int, sys.argv[1:4])
run = wandb.init(
    project="p1", name="n1", group="g1", tags=["a", "b"], notes="nö\"te", job_type="jt",
    id=os.environ["WANDB_RUN_ID"], config={"i": 1, "f": 0.5, "s": "x", "none": None},
    settings=wandb.Settings(x_disable_stats=True, x_disable_meta=False),
)
for step in range(first, first + steps):
    print("step", step)
    run.log({"loss": 1 / (step + 1), "nan": float("nan"), "inf": float("-inf")}, step=step)
print("to stderr", file=sys.stderr)
run.finish(exit_code=exit_code)
