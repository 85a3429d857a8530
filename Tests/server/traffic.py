"""What went over the wire for a run, and when."""

import json

from .filestream import HISTORY


def streamed(run):
    """The file_stream requests that were taken, with their payloads."""
    return [(r, json.loads(r.body)) for r in run.requests if r.operation == "file_stream"]


def arrivals(run):
    """When each step's row came for the first time."""
    found = {}
    for request, payload in streamed(run):
        for line in payload.get("files", {}).get(HISTORY, {}).get("content", []):
            found.setdefault(json.loads(line)["_step"], request.time)
    return found


def pauses(run):
    """Seconds from the beginning of one file_stream request to that of the next."""
    times = [request.time for request, _ in streamed(run)]
    return [later - earlier for earlier, later in zip(times, times[1:])]


def state(run, without=("_timestamp", "_runtime")):
    """What two recordings of the same program must agree on: without times, each stream's console by itself."""
    found = run.assembled()
    found["history"] = [_less(row, without) for row in found["history"]]
    found["summary"] = _less(found["summary"], (*without, "_wandb", "_trackshim"))
    found["console"] = {s: [t for stream, t in run.console if stream == s] for s in ("stdout", "stderr", "unmarked")}
    found["config.yaml"] = run.files.get("config.yaml", b"").decode()
    return found


def _less(row, without):
    return {key: value for key, value in row.items() if key not in without}
