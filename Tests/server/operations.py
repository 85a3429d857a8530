"""What the GraphQL fields answer. Each function returns more than was asked; `select` cuts it down."""

import json

from . import artifacts
from .graphql_text import resolve
from .storage import is_file_name
from .sweeps import states_in

FORBIDDEN_IN_ID = set(":;,#?/'")
FORBIDDEN_IN_PROJECT = set("/\\#?%:")
JSON_TYPES = {"JSONString", "JSON"}


def answer(backend, operation, variables, complain):
    """(data, errors) of an operation; a field nobody here knows is null, and the client goes on."""
    errors = _mistyped(operation, variables)
    for error in errors:
        complain(f"{operation.name}: {error['message']}")
    if errors:
        return None, errors
    data = {}
    for field in operation.fields:
        known = FIELDS.get(field.name)
        try:
            value = known(backend, _Arguments(field, variables), complain) if known else None
        except Refused as refused:
            value = None
            errors.append({"message": str(refused), "path": [field.alias]})
        data[field.alias] = select(value, field.fields)
    return data, errors


class Refused(Exception):
    """The server says no: HTTP 200 with `errors`."""


def select(value, fields):
    """Only the fields that were asked for, under the names they were asked under."""
    if isinstance(value, list):
        return [select(item, fields) for item in value]
    if not isinstance(value, dict) or not fields:
        return value
    chosen = {}
    for field in fields:
        found = value.get(field.name)
        found = found(field) if callable(found) else found
        chosen[field.alias] = select(found, field.fields)
    return chosen


class _Arguments:
    def __init__(self, field, variables):
        self.variables = variables
        self.values = resolve(field.arguments, variables)

    def get(self, name):
        return self.values.get(name)

    def input(self):
        return self.values.get("input") or {}

    def of(self, inner):
        """The arguments of a field further down in the same operation."""
        return resolve(inner.arguments, self.variables)


def _mistyped(operation, variables):
    texts = [f"variable {n!r} is not declared" for n in variables.keys() - operation.variables.keys()]
    for name, kind in operation.variables.items():
        if not _fits(variables.get(name), kind):
            texts.append(f"{name} = {variables.get(name)!r} is no {kind}")
    return [{"message": text} for text in texts]


def _fits(value, kind):
    if kind.endswith("!"):
        return value is not None and _fits(value, kind[:-1])
    if value is None:
        return True
    if kind.startswith("[JSONString") and isinstance(value, str):  # one value is a list of one
        return _is_json(value)
    if kind.startswith("["):
        return isinstance(value, list) and all(_fits(item, kind[1:-1]) for item in value)
    if kind in JSON_TYPES:
        return isinstance(value, str) and _is_json(value)
    plain = {"String": str, "ID": str, "Int": int, "Float": (int, float), "Boolean": bool}
    return isinstance(value, plain.get(kind, object))


def _is_json(text):
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _viewer(backend, arguments, complain):
    teams = [{"node": {"id": "team-1", "name": backend.entity}}]
    return {
        "id": "user-1", "entity": backend.entity, "username": "stand-in-user",
        "email": "user@example.invalid", "flags": "{}", "admin": False,
        "teams": {"edges": teams},
    }


def _server_info(backend, arguments, complain):
    backend.features_asked = True
    listed = [{"name": name, "isEnabled": on} for name, on in backend.features.items()]
    return {"features": listed}


def _upsert_bucket(backend, arguments, complain):
    given = arguments.input()
    _check_identity(given, complain)
    run, inserted = backend.upsert(given)
    if given.get("config") is not None:
        _take_config(run, given["config"], backend.is_shared, complain)
    return {"bucket": _bucket(run), "inserted": inserted, "success": True}


def _check_identity(given, complain):
    name, project = given.get("name") or "", given.get("modelName") or ""
    if not name or name != name.strip() or FORBIDDEN_IN_ID & set(name):
        complain(f"run id {name!r}")
        raise Refused(f"invalid run id {name!r}")
    if len(project) > 128 or FORBIDDEN_IN_PROJECT & set(project):
        complain(f"project {project!r}")
        raise Refused(f"invalid project {project!r}")
    for tag in given.get("tags") or []:
        if not 1 <= len(tag) <= 64:
            complain(f"tag of {len(tag)} characters")
            raise Refused("invalid tag")


def _take_config(run, text, is_shared, complain):
    config = json.loads(text)
    if not isinstance(config, dict):
        return complain("config is not an object")
    for key, value in config.items():
        if not isinstance(value, dict) or "value" not in value:
            complain(f"config key {key!r} is not wrapped in {{\"value\": ...}}")
            return None
    # In shared mode each writer sends what it knows.
    run.wrapped_config = run.wrapped_config | config if is_shared else config


def _bucket(run):
    return {
        "id": run.storage_id, "name": run.id, "displayName": run.display_name,
        "description": run.description, "notes": run.notes, "tags": run.tags,
        "config": json.dumps(run.wrapped_config), "sweepName": run.sweep, "state": run.state,
        "project": _project(run), "summaryMetrics": json.dumps(run.summary),
        "historyLineCount": len(run.stream("wandb-history.jsonl").text),
        "eventsLineCount": len(run.stream("wandb-events.jsonl").text),
        "logLineCount": len(run.output),
        "historyTail": json.dumps(run.stream("wandb-history.jsonl").text[-1:]),
        "eventsTail": json.dumps(run.stream("wandb-events.jsonl").text[-1:]),
        "wandbConfig": lambda field: _wandb_config(run, field.arguments.get("keys")),
    }


def _wandb_config(run, keys):
    kept = run.wrapped_config.get("_wandb", {}).get("value", {})
    return json.dumps({k: v for k, v in kept.items() if not keys or k in keys})


def _project(run):
    return {
        "id": f"project-{run.project}", "name": run.project,
        "entity": {"id": f"entity-{run.entity}", "name": run.entity},
    }


def _model(backend, arguments, complain):
    """A project. Its `bucket` is a run of it, or null when there is none yet; its `sweep` likewise."""
    entity = arguments.get("entityName") or backend.entity
    project = arguments.get("name") or backend.DEFAULT_PROJECT
    runs = {r.id: r for r in backend.runs() if (r.entity, r.project) == (entity, project)}

    def sweep(field):
        wanted = backend.sweep(arguments.of(field).get("sweepName"))
        return wanted.described() if wanted and (wanted.entity, wanted.project) == (entity, project) else None

    if not runs:
        return {"name": project, "bucket": None, "sweep": sweep} if backend.has_sweeps(entity, project) else None

    def bucket(field):
        wanted = runs.get(arguments.of(field).get("name"))
        return wanted and _bucket(wanted)

    return {**_project(next(iter(runs.values()))), "bucket": bucket, "sweep": sweep}


def _create_run_files(backend, arguments, complain):
    given = arguments.input()
    run = backend.find(given.get("entityName"), given.get("projectName"), given.get("runName"))
    if run is None:
        complain(f"CreateRunFiles for unknown run {given.get('runName')!r}")
        raise Refused("run not found")
    if run.complete and not backend.is_shared:
        complain(f"CreateRunFiles after complete: {given.get('files')}")
    files = []
    for name in given.get("files") or []:
        if not is_file_name(name):
            complain(f"file name {name!r}")
            raise Refused("invalid file name")
        files.append({"name": name, "uploadUrl": backend.url + backend.storage.grant(run, name)})
    return {"runID": run.storage_id, "uploadHeaders": backend.storage.headers, "files": files}


def _notify_alert(backend, arguments, complain):
    given = arguments.input()
    run = backend.find(given.get("entityName"), given.get("projectName"), given.get("runName"))
    if run is None:
        complain(f"an alert of unknown run {given.get('runName')!r}")
        raise Refused("run not found")
    if given.get("severity") not in ("INFO", "WARN", "ERROR") or not isinstance(given.get("waitDuration"), int):
        complain(f"an alert like {given}")
    run.alerts.append((given["title"], given["text"], given["severity"], given["waitDuration"]))
    return {"success": True}


def _create_agent(backend, arguments, complain):
    given = arguments.input()
    sweep = backend.sweep(given.get("sweep"))
    if sweep is None or (given.get("entityName"), given.get("projectName")) != (sweep.entity, sweep.project):
        raise Refused(f"no sweep {given.get('sweep')!r}")
    sweep.agents.append(f"agent-{sweep.id}-{len(sweep.agents) + 1}")
    return {"agent": {"id": sweep.agents[-1]}}


def _agent_heartbeat(backend, arguments, complain):
    given = arguments.input()
    sweep = backend.sweep_of_agent(given.get("id"))
    if sweep is None:
        raise Refused("no such agent")
    commands = sweep.commands(states_in(given.get("runState")), backend.begin_for_sweep)
    return {"agent": {"id": given["id"]}, "commands": json.dumps(commands)}


def _of_artifacts(function):
    return lambda backend, arguments, complain: function(backend, arguments, complain, Refused)


FIELDS = {
    "createArtifact": _of_artifacts(artifacts.create),
    "createArtifactManifest": _of_artifacts(artifacts.create_manifest),
    "createArtifactFiles": _of_artifacts(artifacts.create_files),
    "commitArtifact": _of_artifacts(artifacts.commit),
    "viewer": _viewer,
    "serverInfo": _server_info,
    "upsertBucket": _upsert_bucket,
    "createRunFiles": _create_run_files,
    "notifyScriptableRunAlert": _notify_alert,
    "createAgent": _create_agent,
    "agentHeartbeat": _agent_heartbeat,
    "model": _model,
    "project": _model,
}
