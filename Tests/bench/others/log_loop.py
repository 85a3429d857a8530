"""log_loop.py STEPS: W&B's own client, as a training loop in Python calls it. Prints how long the loop took."""

import sys
import time

import wandb

run = wandb.init(project="bench", settings=wandb.Settings(x_disable_stats=True))
steps = int(sys.argv[1])
began = time.perf_counter()
for step in range(1, steps + 1):
    run.log({"train_loss": 5 / step, "step_time_ms": 1.0 + step % 7, "tok_per_sec": 1000 + step % 999}, step=step)
sys.stderr.write(f"loop {time.perf_counter() - began:.6f}\n")
run.finish()
