"""The file_stream request: what a strict server checks, and what it keeps."""

import json

HISTORY, EVENTS = "wandb-history.jsonl", "wandb-events.jsonl"
SUMMARY, CONSOLE = "wandb-summary.json", "output.log"
STREAMS = {HISTORY, EVENTS, SUMMARY, CONSOLE}
PARTS = {"files", "uploaded", "preempting", "complete", "exitcode"}
LONGEST_LINE = 10 * 1024 * 1024 - 100 * 1024
LARGEST_CONTENT = 10 * 1024 * 1024


def receive(run, body, payload, complain):
    """Takes one request into the run's state; `complain(text)` gets each rule it breaks."""
    if not isinstance(payload, dict):
        return complain("file_stream body is not an object")
    if run.complete and body != run.completing_body:  # the same bytes again: a lost reply
        complain("file_stream after complete")
    for part in payload.keys() - PARTS:
        complain(f"file_stream has an unknown part {part!r}")
    files = payload.get("files", {})
    if not isinstance(files, dict):
        return complain("file_stream `files` is not an object")
    _check_size(files, complain)
    for name, chunk in files.items():
        _take_chunk(run, name, chunk, complain)
    _take_uploaded(run, payload.get("uploaded", []), complain)
    run.heartbeats += payload == {}
    run.preempting = run.preempting or payload.get("preempting", False) is True
    _take_completion(run, body, payload, complain)


def _check_size(files, complain):
    lines = [l for c in files.values() if isinstance(c, dict) for l in c.get("content") or []]
    sizes = [len(l.encode("utf-8", "surrogatepass")) for l in lines if isinstance(l, str)]
    if sizes and max(sizes) > LONGEST_LINE:
        complain(f"a line of {max(sizes)} bytes")
    if sum(sizes) > LARGEST_CONTENT:
        complain(f"a request with {sum(sizes)} bytes of lines")


def _take_chunk(run, name, chunk, complain):
    if name not in STREAMS:
        return complain(f"file_stream for unknown file {name!r}")
    if not _is_chunk(chunk):
        return complain(f"{name}: a chunk is {{offset: int, content: [string, ...]}}")
    offset, content = chunk["offset"], chunk["content"]
    if any("\n" in line for line in content):
        complain(f"{name}: a line that contains a line feed")
    if name == SUMMARY:
        return _take_summary(run, offset, content, complain)
    lines = run.stream(name)
    if offset > len(lines.text):
        return complain(f"{name}: gap, offset {offset} after {len(lines.text)} lines")
    if name in (HISTORY, EVENTS) and not _are_objects(name, content, complain):
        return None
    _take_lines(run, name, offset, content, complain)


def _take_lines(run, name, offset, content, complain):
    lines = run.stream(name)
    known = len(lines.text)
    # Nobody appends history by writing over it, so there the session does not matter.
    session = 0 if name == HISTORY else run.sessions
    contradicted = lines.write(offset, content, session)
    if contradicted and name != CONSOLE:  # a terminal may rewrite its lines
        complain(f"{name}: line {contradicted[0]} was sent before with another text")
    if name == HISTORY:
        _check_steps(run, lines.text, max(0, min(known, offset)), complain)


def _check_steps(run, text, start, complain):
    """They grow, but for a run that was begun anew under the same id."""
    last = json.loads(text[start - 1])["_step"] if start else -1
    for number, line in enumerate(text[start:], start):
        step = json.loads(line)["_step"]
        if step <= last and number not in run.new_beginnings:
            complain(f"{HISTORY}: step {step} in line {number} after step {last}")
        last = step


def _is_chunk(chunk):
    return (
        isinstance(chunk, dict)
        and chunk.keys() == {"offset", "content"}
        and type(chunk["offset"]) is int
        and chunk["offset"] >= 0
        and isinstance(chunk["content"], list)
        and all(isinstance(line, str) for line in chunk["content"])
    )


def _are_objects(name, content, complain):
    """Each line is an object and has the keys that a dashboard plots by."""
    needed = {"_step": (int,), "_timestamp": (int, float), "_runtime": (int, float)}
    if name == EVENTS:
        del needed["_step"]
    for line in content:
        row = _object(line)
        if row is None:
            complain(f"{name}: not a JSON object: {line[:80]!r}")
            return False
        for key, types in needed.items():
            if type(row.get(key)) not in types:
                complain(f"{name}: {key} is {row.get(key)!r}")
                return False
    return True


def _take_summary(run, offset, content, complain):
    summary = _object(content[0]) if len(content) == 1 else None
    if offset != 0 or summary is None:
        return complain(f"{SUMMARY}: one object at offset 0, not {len(content)} at {offset}")
    run.summary = summary


def _take_uploaded(run, names, complain):
    if not isinstance(names, list):
        return complain("file_stream `uploaded` is not a list")
    for name in names:
        if name not in run.files:
            complain(f"{name!r} is reported as uploaded and is not")
        run.uploaded.append(name)


def _take_completion(run, body, payload, complain):
    if "complete" not in payload and "exitcode" not in payload:
        return
    if payload.get("complete") is not True or type(payload.get("exitcode")) is not int:
        return complain("`complete` goes with an integer `exitcode`, always together")
    if run.granted:
        complain(f"complete before {sorted(run.granted)} were uploaded")
    run.complete, run.exit_code, run.completing_body = True, payload["exitcode"], body


def _object(text):
    """Bare NaN and Infinity are what this protocol sends; Python's reader takes them."""
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None
