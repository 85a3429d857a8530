"""The backend without its sockets: a request goes in, a reply comes out, the state is kept."""

import base64
import json
import re
import threading
import traceback
from urllib.parse import unquote

from . import filestream, operations
from .artifacts import Artifacts
from .faults import Faults, kind_of
from .graphql_text import QueryError, parse
from .messages import Reply, Request
from .runs import Run
from .storage import Storage
from .sweeps import Sweep

__all__ = ["Backend", "Reply", "Request"]

KEY = re.compile(r"([^-]*-)?[A-Za-z0-9_-]{40,}")
FILE_STREAM = re.compile(r"/files/([^/]+)/([^/]+)/([^/]+)/file_stream")
ADDRESS = re.compile(r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?]|%[0-9A-Fa-f]{2})*")  # RFC 3986
ASYNC_CLIENT = "x-wandb-async-client-id"  # of a writer in W&B's shared mode
GRAPHQL_PARTS = {"query", "variables", "operationName"}


class Backend:
    DEFAULT_PROJECT = "uncategorized"

    def __init__(self, key=None, entity="stand-in-team", features=None):
        self.key, self.entity = key, entity
        self.features = {"FILESTREAM_GZIP": True} | (features or {})
        self.url = ""  # set by the listener once it knows its port
        self.requests, self.violations = [], []
        self.faults, self.storage = Faults(), Storage(self.complain)
        self.features_asked = False
        self.is_shared = False  # the operation being answered is of a writer in shared mode
        self._runs, self._streaming = {}, []
        self._sweeps = {}
        self.artifacts = Artifacts()
        self._lock = threading.RLock()
        self._over = threading.Event()

    # What tests ask

    def runs(self):
        with self._lock:
            return list(self._runs.values())

    def run(self, run_id=None):
        """The run of that id, or the only run."""
        found = [r for r in self.runs() if run_id in (None, r.id)]
        if len(found) != 1:
            raise LookupError(f"{len(found)} runs match {run_id!r}: {[r.path for r in self.runs()]}")
        return found[0]

    def find(self, entity, project, run_id):
        key = (entity or self.entity, project or self.DEFAULT_PROJECT, run_id)
        return self._runs.get(key)

    # What operations ask

    def upsert(self, given):
        """Null means: leave alone."""
        run = self.find(given.get("entityName"), given.get("modelName"), given.get("name"))
        inserted = run is None
        if inserted:
            run = self._insert(given)
        if inserted or run.complete or not run.sessions:
            run.sessions += 1
            if not given.get("id"):
                run.new_beginnings.add(len(run.stream(filestream.HISTORY).text))
            run.complete, run.exit_code, run.completing_body = False, None, None
        names = {
            "displayName": "display_name", "groupName": "group", "jobType": "job_type",
            "notes": "notes", "description": "description", "tags": "tags", "host": "host",
            "jobProgram": "program", "commit": "commit", "jobRepo": "repo", "sweep": "sweep",
        }
        for name, attribute in names.items():
            if given.get(name) is not None:
                setattr(run, attribute, given[name])
        if given.get("summaryMetrics"):
            run.summary = json.loads(given["summaryMetrics"])
        return run, inserted

    def add_sweep(self, sweep_id, command, *runs, project="sweeps"):
        """`runs`: the id and the parameters of each."""
        self._sweeps[sweep_id] = sweep = Sweep(self.entity, project, sweep_id, command, list(runs))
        return sweep

    def sweep(self, sweep_id):
        return self._sweeps.get(sweep_id)

    def has_sweeps(self, entity, project):
        return any((sweep.entity, sweep.project) == (entity, project) for sweep in self._sweeps.values())

    def sweep_of_agent(self, agent):
        return next((sweep for sweep in self._sweeps.values() if agent in sweep.agents), None)

    def begin_for_sweep(self, sweep, run_id, wrapped_config):
        """W&B has a sweep's run, with its parameters, before anybody has started it."""
        run = self._insert({"entityName": sweep.entity, "modelName": sweep.project, "name": run_id})
        run.sweep, run.wrapped_config = sweep.id, wrapped_config

    def _insert(self, given):
        entity = given.get("entityName") or self.entity
        project = given.get("modelName") or self.DEFAULT_PROJECT
        storage_id = base64.b64encode(f"Run:v1:{given['name']}:{project}".encode()).decode()
        name = f"generated-name-{len(self._runs) + 1}"
        run = Run(entity, project, given["name"], storage_id, name)
        self._runs[entity, project, given["name"]] = run
        return run

    # One exchange

    def exchange(self, request):
        """Everything a request does happens in here, faults too."""
        request.operation = kind_of(request)
        try:
            reply = self._alone(request)
        except Exception:  # a test must see that the stand-in itself is at fault
            self.complain(f"the stand-in failed: {traceback.format_exc()}")
            reply = Reply(500)
        request.status = reply.status
        with self._lock:
            self.requests.append(request)
        return reply

    def _alone(self, request):
        """file_stream is strictly ordered: a second request of a run before the first's answer is not."""
        if request.operation != "file_stream":
            return self._with_faults(request)
        with self._lock:
            writer = request.headers.get(ASYNC_CLIENT)
            others = [r for r in self._streaming if r.headers.get(ASYNC_CLIENT) == writer]
            if any(r.target == request.target and not r.has_left() for r in others):
                self.complain(f"{request.target}: two requests in flight")
            self._streaming.append(request)
        try:
            return self._with_faults(request)
        finally:
            with self._lock:
                self._streaming = [r for r in self._streaming if r is not request]

    def _with_faults(self, request):
        self.storage.note_attempt(request)
        trouble = self.faults.strike(request)
        if trouble is None:
            return self._route(request)
        request.trouble = trouble.name
        return trouble.befall(request, lambda: self._route(request), self._over)

    def complain(self, text):
        with self._lock:
            self.violations.append(text)

    def _route(self, request):
        path = request.target.split("?")[0]
        if not ADDRESS.fullmatch(request.target):
            self.complain(f"{request.target!r} is not percent-encoded")
            return Reply(400)
        if request.operation == "upload":
            with self._lock:
                return self.storage.take(request)
        if request.operation == "telemetry":
            return Reply(404)
        if not self._authorised(request, path):
            return Reply.json({"errors": [{"message": "not logged in"}]}, 401)
        if request.method == "POST" and path == "/graphql":
            with self._lock:
                return self._graphql(request)
        if request.method == "POST" and (match := FILE_STREAM.fullmatch(path)):
            return self._file_stream(request, *map(unquote, match.groups()))
        self.complain(f"unknown address {request.method} {path}")
        return Reply(404)

    def _authorised(self, request, path):
        scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
        try:
            user, _, key = base64.b64decode(encoded, validate=True).decode().partition(":")
        except ValueError:
            user, key = "", ""
        good = scheme == "Basic" and user == "api" and KEY.fullmatch(key)
        if not good or self.key not in (None, key):
            self.complain(f"{path}: no valid key")
            return False
        return True

    def _payload(self, request):
        if "content-encoding" in request.headers and not (self.features_asked and self.features["FILESTREAM_GZIP"]):
            self.complain(f"{request.target}: gzip before the server said that it may")
        if request.headers.get("content-type", "").split(";")[0] != "application/json":
            self.complain(f"{request.target}: Content-Type {request.headers.get('content-type')!r}")
        try:
            return json.loads(request.body)
        except ValueError:
            self.complain(f"{request.target}: the body is not JSON")
            return None

    def _graphql(self, request):
        payload = self._payload(request)
        try:
            operation = parse(payload["query"], payload.get("operationName"))
        except (QueryError, TypeError, KeyError, IndexError) as error:
            self.complain(f"GraphQL: {error}")
            return Reply.json({"errors": [{"message": str(error)}]}, 400)
        for part in payload.keys() - GRAPHQL_PARTS:
            self.complain(f"GraphQL has an unknown part {part!r}")
        request.operation = operation.name
        variables = payload.get("variables") or {}
        self.is_shared = "x-wandb-client-id" in request.headers
        data, errors = operations.answer(self, operation, variables, self.complain)
        if data is None:  # not executed at all
            return Reply.json({"errors": errors}, 400)
        if run := self._runs_named(variables):
            run.requests.append(request)
        return Reply.json({"data": data} | ({"errors": errors} if errors else {}))

    def _runs_named(self, variables):
        wanted = variables.get("run") or variables.get("name")
        return self.find(variables.get("entity"), variables.get("project"), wanted)

    def _writer(self, run, request):
        """Who writes: the run's only client, or one of several, whose lines are counted apart."""
        client, is_async = (request.headers.get(name) for name in (ASYNC_CLIENT, "x-wandb-use-async-filestream"))
        if (client is None) != (is_async != "true"):
            self.complain(f"{run.id}: {ASYNC_CLIENT} goes with X-WANDB-USE-ASYNC-FILESTREAM")
        return run if client is None else run.writer(client)

    def _file_stream(self, request, entity, project, run_id):
        payload = self._payload(request)
        with self._lock:
            run = self.find(entity, project, run_id)
            if run is None:
                self.complain(f"file_stream for unknown run {entity}/{project}/{run_id}")
                return Reply.json({"errors": [{"message": "run not found"}]}, 404)
            writer = self._writer(run, request)
            filestream.receive(writer, request.body, payload, lambda t: self.complain(f"{run.id}: {t}"))
            run.take(writer)
            run.requests.append(request)
        return Reply.json({"exitcode": None, "limits": {}})
