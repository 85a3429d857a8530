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
            return []
        if not self.waiting:
            return [{"type": "exit"}]
        run_id, parameters = self.waiting.pop(0)
        wrapped = {name: {"value": value} for name, value in parameters.items()}
        begin(self, run_id, wrapped)
        return [{"type": "run", "run_id": run_id, "program": self.program, "args": wrapped}]


def states_in(text):
    return json.loads(text or "{}")
