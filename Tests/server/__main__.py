"""python3 -m Tests.server: a stand-in to play with. Ctrl-C prints what it holds and ends it."""

import json
import signal

from .listener import StandIn


def main():
    with StandIn() as server:
        print(f"export WANDB_BASE_URL={server.url} WANDB_API_KEY={'0' * 40}", flush=True)
        signal.sigwait({signal.SIGINT, signal.SIGTERM})
        report = {run.path: run.assembled() for run in server.runs()}
        print(json.dumps({"runs": report, "violations": server.violations}, indent=2))


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    main()
