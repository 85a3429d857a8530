"""A sweep as its agents see it: what it consists of, and the runs that it hands out one after the other."""

import json
from dataclasses import dataclass, field

import yaml


@dataclass
class Sweep:
    entity: str
    project: str
    id: str
    command: list[str]
    waiting: list[tuple[str, dict]]  # (run id, {parameter: value}) of each run
    program: str = "none.py"
    agents: list[str] = field(default_factory=list)
    reported: list[dict] = field(default_factory=list)  # what the agents said of their runs
    to_stop: set[str] = field(default_factory=set)  # runs that are stopped once they have begun, and then resumed
    to_resume: list[dict] = field(default_factory=list)  # commands
    given: dict = field(default_factory=dict)  # run id -> the command that started it

    @property
    def path(self):
        return f"{self.entity}/{self.project}/{self.id}"

    @property
    def config(self):
        """Of its parameters nothing: who chooses them is the server."""
        return yaml.safe_dump({"program": self.program, "method": "random", "command": self.command})

    def described(self):
        """What SweepWithRuns may ask for."""
        return {
            "id": f"sweep-{self.id}", "name": self.id, "method": "random", "state": "RUNNING", "description": None,
            "config": self.config, "createdAt": "2026-01-01T00:00:00", "runs": {"edges": []},
        }

    def commands(self, states, begin):
        """One run at a time; `begin` makes it known to the server, which has it before its program starts."""
        self.reported.append(states)
        if states:
            return [self.stop(run_id) for run_id in self.to_stop & states.keys()]
        if self.to_resume:
            return [self.to_resume.pop()]
        if not self.waiting:
            return [{"type": "exit"}]
        run_id, parameters = self.waiting.pop(0)
        wrapped = {name: {"value": value} for name, value in parameters.items()}
        begin(self, run_id, wrapped)
        self.given[run_id] = {"type": "run", "run_id": run_id, "program": self.program, "args": wrapped}
        return [self.given[run_id]]

    def stop(self, run_id):
        self.to_stop.discard(run_id)
        self.to_resume.append(self.given[run_id] | {"type": "resume"})
        return {"type": "stop", "run_id": run_id}


def states_in(text):
    return json.loads(text or "{}")
