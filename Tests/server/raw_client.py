"""The smallest client of the protocol, so that a test can break one rule and keep the others."""

import base64
import gzip
import http.client
import json
from urllib.parse import urlsplit

UPSERT = """mutation UpsertBucket($id: String, $name: String, $project: String, $config: JSONString,
$tags: [String!])
{ upsertBucket(input: {id: $id, name: $name, modelName: $project, config: $config, tags: $tags})
  { bucket { id name displayName project { name entity { name } } historyLineCount } inserted } }"""

FILES = """mutation CreateRunFiles($entity: String!, $project: String!, $run: String!, $files: [String!]!)
{ createRunFiles(input: {entityName: $entity, projectName: $project, runName: $run, files: $files})
  { runID uploadHeaders files { name uploadUrl } } }"""

RESUME = """query RunResumeStatus($project: String, $entity: String, $name: String!)
{ model(name: $project, entityName: $entity) { id name entity { id name }
  bucket(name: $name, missingOk: true) { id historyLineCount eventsLineCount logLineCount
  historyTail wandbConfig(keys: ["t"]) } } }"""


FEATURES = "query ServerFeaturesQuery { serverInfo { features { name isEnabled } } }"


class RawClient:
    def __init__(self, server, key, timeout=10, context=None):
        address = urlsplit(server.url)
        kind, more = http.client.HTTPConnection, {}
        if address.scheme == "https":
            kind, more = http.client.HTTPSConnection, {"context": context}
        self.connection = kind(address.netloc, timeout=timeout, **more)
        self.key = key
        self.stream = None  # address of file_stream, once a run was upserted

    def send(self, method, target, body, headers=None):
        self.connection.request(method, target, body, headers or {})
        reply = self.connection.getresponse()
        return reply.status, reply.read()

    def api(self, target, payload, compress=False, **changed):
        body = json.dumps(payload).encode()
        token = base64.b64encode(f"api:{self.key}".encode()).decode()
        headers = {"Authorization": f"Basic {token}", "Content-Type": "application/json"}
        if compress:
            body, headers["Content-Encoding"] = gzip.compress(body), "gzip"
        headers |= {name.replace("_", "-"): value for name, value in changed.items()}
        status, reply = self.send("POST", target, body, headers)
        return status, json.loads(reply or "null")

    def graphql(self, query, **variables):
        return self.api("/graphql", {"query": query, "variables": variables})[1]

    def start(self, run_id="r1", config='{"_wandb": {"value": {"t": {}}}}', storage_id=None):
        reply = self.graphql(UPSERT, id=storage_id, name=run_id, project="p", config=config)
        project = reply["data"]["upsertBucket"]["bucket"]["project"]
        self.stream = f"/files/{project['entity']['name']}/{project['name']}/{run_id}/file_stream"
        return reply

    def post(self, payload, **options):
        return self.api(self.stream, payload, **options)

    def history(self, offset, *steps, **options):
        rows = [json.dumps({"_step": s, "_timestamp": 1.5, "_runtime": 0.5}) for s in steps]
        return self.post({"files": {"wandb-history.jsonl": chunk(offset, *rows)}}, **options)


def chunk(offset, *lines):
    return {"offset": offset, "content": list(lines)}
