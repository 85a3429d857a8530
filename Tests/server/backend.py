"""The backend without its sockets: a request goes in, a reply comes out, the state is kept."""

import base64
import json
import re
import secrets
import threading
import traceback
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from . import filestream, operations
from .graphql_text import QueryError, parse
from .runs import Run

KEY = re.compile(r"([^-]*-)?[A-Za-z0-9_-]{40,}")
FILE_STREAM = re.compile(r"/files/([^/]+)/([^/]+)/([^/]+)/file_stream")
# Where the 0.31 client posts telemetry about itself; no part of a run.
CLIENT_TELEMETRY = "/sdk/otel/"


@dataclass
class Request:
    method: str
    target: str  # as sent, with the query
    headers: dict  # names in lower case
    body: bytes = b""  # after Content-Encoding
    time: float = 0.0
    operation: str = ""  # GraphQL operation, "file_stream" or "upload"
    status: int = 0  # as answered


@dataclass
class Reply:
    status: int
    body: bytes = b""
    headers: dict = field(default_factory=dict)

    @classmethod
    def json(cls, value, status=200):
        return cls(status, json.dumps(value).encode(), {"Content-Type": "application/json"})


class Backend:
    DEFAULT_PROJECT = "uncategorized"

    def __init__(self, key=None, entity="stand-in-team", features=None):
        self.key, self.entity = key, entity
        self.features = {"FILESTREAM_GZIP": True} | (features or {})
        self.url = ""  # set by the listener once it knows its port
        self.upload_headers = [f"X-Stand-In-Upload:{secrets.token_hex(4)}"]
        self.requests, self.violations = [], []
        self._runs, self._grants, self._streaming = {}, {}, []
        self._lock = threading.RLock()

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
        if inserted or run.complete:
            run.sessions += 1
            run.complete, run.exit_code, run.completing_body = False, None, None
        names = {
            "displayName": "display_name", "groupName": "group", "jobType": "job_type",
            "notes": "notes", "description": "description", "tags": "tags", "host": "host",
            "jobProgram": "program", "commit": "commit", "jobRepo": "repo",
        }
        for name, attribute in names.items():
            if given.get(name) is not None:
                setattr(run, attribute, given[name])
        if given.get("summaryMetrics"):
            run.summary = json.loads(given["summaryMetrics"])
        return run, inserted

    def _insert(self, given):
        entity = given.get("entityName") or self.entity
        project = given.get("modelName") or self.DEFAULT_PROJECT
        storage_id = base64.b64encode(f"Run:v1:{given['name']}:{project}".encode()).decode()
        name = f"generated-name-{len(self._runs) + 1}"
        run = Run(entity, project, given["name"], storage_id, name)
        self._runs[entity, project, given["name"]] = run
        return run

    def upload_url(self, run, name):
        """Signed like a storage host's: only these very characters are good for a PUT."""
        target = f"/storage/{quote(run.path)}/{quote(name)}?Signature={secrets.token_hex(8)}%2B%3D&Expires=1"
        self._grants[target] = (run, name)
        return self.url + target

    # One exchange

    def exchange(self, request):
        """The place to put faults around: everything a request does happens in here."""
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
        if not FILE_STREAM.fullmatch(request.target):
            return self._route(request)
        with self._lock:
            if request.target in self._streaming:
                self.complain(f"{request.target}: two requests in flight")
            self._streaming.append(request.target)
        try:
            return self._route(request)
        finally:
            with self._lock:
                self._streaming.remove(request.target)

    def complain(self, text):
        with self._lock:
            self.violations.append(text)

    def _route(self, request):
        path = request.target.split("?")[0]
        if request.target.startswith("/storage/"):
            with self._lock:
                return self._upload(request)
        if path.startswith(CLIENT_TELEMETRY):
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
        request.operation = operation.name
        variables = payload.get("variables") or {}
        data, errors = operations.answer(self, operation, variables, self.complain)
        if data is None:  # not executed at all
            return Reply.json({"errors": errors}, 400)
        if run := self._runs_named(variables):
            run.requests.append(request)
        return Reply.json({"data": data} | ({"errors": errors} if errors else {}))

    def _runs_named(self, variables):
        wanted = variables.get("run") or variables.get("name")
        return self.find(variables.get("entity"), variables.get("project"), wanted)

    def _file_stream(self, request, entity, project, run_id):
        request.operation = "file_stream"
        payload = self._payload(request)
        with self._lock:
            run = self.find(entity, project, run_id)
            if run is None:
                self.complain(f"file_stream for unknown run {entity}/{project}/{run_id}")
                return Reply.json({"errors": [{"message": "run not found"}]}, 404)
            filestream.receive(run, request.body, payload, lambda t: self.complain(f"{run.id}: {t}"))
            run.requests.append(request)
        return Reply.json({"exitcode": None, "limits": {}})

    def _upload(self, request):
        request.operation = "upload"
        granted = self._grants.get(request.target)
        if granted is None or request.method != "PUT":
            self.complain(f"upload to an address never given: {request.method} {request.target}")
            return Reply(403)
        run, name = granted
        self._check_upload(run, name, request)
        run.files[name] = request.body
        run.requests.append(request)
        return Reply(200)

    def _check_upload(self, run, name, request):
        if "authorization" in request.headers:
            self.complain(f"{run.id}: the key went to storage with {name}")
        if "content-type" in request.headers or "content-length" not in request.headers:
            self.complain(f"{run.id}: {name} wants Content-Length and no Content-Type")
        for header in self.upload_headers:
            key, _, value = header.partition(":")
            if request.headers.get(key.lower()) != value:
                self.complain(f"{run.id}: {name} came without the header {key}")
        if run.complete:
            self.complain(f"{run.id}: {name} uploaded after complete")
