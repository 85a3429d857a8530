"""What the stand-in knows of a run: the state a dashboard would show."""

import json
import re
from dataclasses import dataclass, field, replace

CONSOLE_PREFIX = re.compile(r"(ERROR )?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6} (.*)", re.DOTALL)


class Lines:
    """One line-addressed file. Remembers who wrote a line: a later session may write it anew."""

    def __init__(self):
        self.text, self.session, self.rewritten = [], [], 0

    def write(self, offset, content, session):
        """Returns the indices whose text this session had already given otherwise."""
        contradicted = []
        for index, line in enumerate(content, offset):
            if index >= len(self.text):
                self.text.append(line)
                self.session.append(session)
            elif self.text[index] != line:
                if self.session[index] == session:
                    contradicted.append(index)
                self.text[index], self.session[index] = line, session
        self.rewritten += len(contradicted)
        return contradicted


@dataclass
class Run:
    entity: str
    project: str
    id: str
    storage_id: str
    display_name: str
    group: str | None = None
    job_type: str | None = None
    notes: str | None = None
    description: str | None = None
    tags: list = field(default_factory=list)
    host: str | None = None
    program: str | None = None
    commit: str | None = None
    repo: str | None = None
    sweep: str | None = None
    wrapped_config: dict = field(default_factory=dict)
    summary: dict = field(default_factory=dict)
    files: dict = field(default_factory=dict)  # name -> bytes
    granted: set = field(default_factory=set)  # names with an address and no PUT yet
    alerts: list = field(default_factory=list)  # (title, text, level, milliseconds)
    uploaded: list = field(default_factory=list)  # names the client reported as uploaded
    complete: bool = False
    exit_code: int | None = None
    preempting: bool = False
    sessions: int = 0  # how often a client began to write
    new_beginnings: set = field(default_factory=set)  # history lines at which a client began without resuming
    heartbeats: int = 0
    completing_body: bytes | None = None
    lines: dict = field(default_factory=dict)  # file_stream name -> Lines
    requests: list = field(default_factory=list)
    writers: dict = field(default_factory=dict)  # in shared mode: client id -> what it has sent, as a run of its own

    def writer(self, client):
        # One that comes when another has ended the run has itself not ended.
        made = replace(self, lines={}, writers={}, summary={}, uploaded=[], granted=set(), heartbeats=0, sessions=1,
                       complete=False, exit_code=None, completing_body=None)
        return self.writers.setdefault(client, made)

    def take(self, writer):
        """What a writer in shared mode says of the whole run. How W&B puts the lines together is not known."""
        if writer is self:
            return
        if writer.summary:
            self.summary = self.summary | writer.summary
        if writer.complete:
            self.complete, self.exit_code = True, writer.exit_code

    def stream(self, name):
        return self.lines.setdefault(name, Lines())

    @property
    def path(self):
        return f"{self.entity}/{self.project}/{self.id}"

    @property
    def state(self):
        if not self.complete:
            return "running"
        return "finished" if self.exit_code == 0 else "failed"

    @property
    def config(self):
        """The user's config: unwrapped, without W&B's own key."""
        return {k: v.get("value") for k, v in self.wrapped_config.items() if k != "_wandb"}

    @property
    def history(self):
        return [json.loads(line) for line in self.stream("wandb-history.jsonl").text]

    @property
    def events(self):
        return [json.loads(line) for line in self.stream("wandb-events.jsonl").text]

    @property
    def output(self):
        """The console as sent, with the time stamps."""
        return list(self.stream("output.log").text)

    @property
    def console(self):
        """The console as (stream, text) pairs, without the time stamps."""
        return [_console_line(line) for line in self.output]

    def assembled(self):
        """Everything two clients must agree on, for comparing them."""
        return {
            "entity": self.entity, "project": self.project, "id": self.id,
            "name": self.display_name, "group": self.group, "job_type": self.job_type,
            "notes": self.notes, "tags": self.tags, "host": self.host, "commit": self.commit,
            "repo": self.repo, "sweep": self.sweep, "config": self.config, "summary": self.summary,
            "history": self.history, "console": self.console, "files": sorted(self.files), "alerts": self.alerts,
            "state": self.state, "exit_code": self.exit_code,
        }


def _console_line(line):
    if line.startswith("{"):  # only with the feature STRUCTURED_CONSOLE_LOGS
        entry = json.loads(line)
        return ("stderr" if entry.get("level") == "error" else "stdout", entry["content"])
    match = CONSOLE_PREFIX.fullmatch(line)
    if not match:
        return ("unmarked", line)
    return ("stderr" if match.group(1) else "stdout", match.group(2))
