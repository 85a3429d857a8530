"""One writer of a run in W&B's shared mode, as the official client is one. Words: rank, JSON of what it says."""

import json
import sys

import wandb

rank, told = int(sys.argv[1]), json.loads(sys.argv[2])
run = wandb.init(
    project="p1", id="theirs", name="n1", config=told["config"],
    settings=wandb.Settings(
        mode="shared", x_label=f"rank_{rank}", x_primary=rank == 0, x_update_finish_state=rank == 0,
        x_stats_sampling_interval=1),
)
if told["rows"]:
    run.define_metric("*", step_metric="step")
sys.stdout.write(told["text"])
sys.stdout.flush()
for row in told["rows"]:
    run.log(row)
run.finish(exit_code=told["exit_code"])
