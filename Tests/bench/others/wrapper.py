"""wrapper.py PROGRAM WORD...: what is done where there is no TrackShim: read the program's stdout, log what it says.

The program is started with a pipe, its lines are matched with a regular expression, the metrics go to W&B's own client,
and the lines are printed again.
"""

import re
import subprocess
import sys

import wandb

STEP = re.compile(r"step\s+(\d+)/\d+: train loss (\S+) \((\S+) ms, (\S+) tok/s\)")
NAMES = ("train_loss", "step_time_ms", "tok_per_sec")


def main():
    run = wandb.init(project="bench", settings=wandb.Settings(x_disable_stats=True))
    with subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, text=True, bufsize=1) as program:
        for line in program.stdout:
            sys.stdout.write(line)
            if found := STEP.match(line):
                run.log(dict(zip(NAMES, map(float, found.groups()[1:]), strict=True)), step=int(found[1]))
    run.finish(exit_code=program.returncode)


main()
