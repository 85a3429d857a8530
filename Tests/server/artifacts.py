"""W&B's artifacts: a name (a collection) has versions, each a list of files that is known by its digest."""

import base64
import hashlib
import json
from dataclasses import dataclass, field


@dataclass
class Artifact:
    """A version. Storage treats it as it treats a run."""

    id: str
    path: str
    name: str
    type: str
    digest: str
    aliases: list
    run: str | None
    step: int | None
    description: str | None
    metadata: str | None
    client_id: str
    sequence_client_id: str
    complete: bool = False
    manifest: dict | None = None
    manifest_digest: str | None = None
    announced: dict = field(default_factory=dict)  # name -> digest
    files: dict = field(default_factory=dict)
    granted: set = field(default_factory=set)
    requests: list = field(default_factory=list)
    writers: dict = field(default_factory=dict)

    @property
    def state(self):
        return "COMMITTED" if self.complete else "PENDING"

    def assembled(self):
        """What two clients must agree on. How a client numbers its artifacts is its own affair."""
        entries = {name: (entry["digest"], entry["size"]) for name, entry in self.manifest["contents"].items()}
        policy = {key: self.manifest[key] for key in ("version", "storagePolicy", "storagePolicyConfig")}
        return {
            "type": self.type, "digest": self.digest, "aliases": self.aliases, "step": self.step, "state": self.state,
            "description": self.description, "metadata": self.metadata, "entries": entries, "policy": policy,
            "files": {name: data for name, data in self.files.items() if name != MANIFEST},
        }


MANIFEST = "wandb_manifest.json"


class Artifacts:
    def __init__(self):
        self.all = []

    def named(self, name):
        return [artifact for artifact in self.all if artifact.name == name]

    def find(self, artifact_id):
        return next((artifact for artifact in self.all if artifact.id == artifact_id), None)


def base64_md5(data):
    return base64.b64encode(hashlib.md5(data).digest()).decode()


def manifest_digest(contents):
    lines = "".join(f"{name}:{contents[name]['digest']}\n" for name in sorted(contents))
    return hashlib.md5(f"wandb-artifact-manifest-v1\n{lines}".encode()).hexdigest()


def create(backend, arguments, complain, refused):
    given = arguments.input()
    run = backend.find(given.get("entityName"), given.get("projectName"), given.get("runName"))
    if run is None:
        complain(f"an artifact of unknown run {given.get('runName')!r}")
        raise refused("run not found")
    if given.get("digestAlgorithm") != "MANIFEST_MD5" or not given.get("clientID") or not given.get("sequenceClientID"):
        complain(f"an artifact like {given}")
    name = given["artifactCollectionName"]
    known = backend.artifacts.named(name)
    same = next((a for a in known if a.digest == given["digest"]), None) if given.get("enableDigestDeduplication") else None
    made = same or Artifact(
        f"artifact-{len(backend.artifacts.all) + 1}", f"{run.path}/artifacts/{name}/{len(known)}", name,
        given["artifactTypeName"], given["digest"], [alias["alias"] for alias in given.get("aliases") or []],
        given.get("runName"), given.get("historyStep"), given.get("description"), given.get("metadata"),
        given["clientID"], given["sequenceClientID"])
    if same is None:
        backend.artifacts.all.append(made)
    latest = next((a for a in reversed(known) if a.complete), None)
    return {"artifact": {"id": made.id, "state": made.state, "artifactSequence": {
        "latestArtifact": latest and {"id": latest.id}}}}


def create_manifest(backend, arguments, complain, refused):
    given = arguments.input()
    artifact = _found(backend, given.get("artifactID"), refused)
    if given.get("name") != MANIFEST or given.get("type") != "FULL":
        complain(f"a manifest like {given}")
    address = None
    if arguments.variables.get("includeUpload"):
        artifact.manifest_digest = given["digest"]
        address = backend.url + backend.storage.grant(artifact, MANIFEST)
    return {"artifactManifest": {"id": f"manifest-of-{artifact.id}", "file": {
        "id": "file", "uploadUrl": address, "uploadHeaders": backend.storage.headers}}}


def create_files(backend, arguments, complain, refused):
    given = arguments.input()
    if given.get("storageLayout") != "V2":
        complain(f"storage layout {given.get('storageLayout')!r}")
    edges = []
    for spec in given["artifactFiles"]:
        artifact = _found(backend, spec["artifactID"], refused)
        name, md5 = spec["name"], spec["md5"]
        if spec.get("artifactManifestID") != f"manifest-of-{artifact.id}":
            complain(f"{name} for manifest {spec.get('artifactManifestID')!r}")
        artifact.announced[name] = md5
        # W&B has a file of these bytes already, from another version: nothing is to be sent.
        born = next((a for a in backend.artifacts.all if name in a.files and base64_md5(a.files[name]) == md5), None)
        address = None if born else backend.url + backend.storage.grant(artifact, name)
        edges.append({"node": {
            "name": name, "storagePath": None, "uploadUrl": address, "uploadMultipartUrls": None,
            "uploadHeaders": [*backend.storage.headers, f"Content-MD5:{md5}"], "artifact": {"id": (born or artifact).id}}})
    return {"files": {"edges": edges}}


def commit(backend, arguments, complain, refused):
    artifact = _found(backend, arguments.input().get("artifactID"), refused)
    data = artifact.files.get(MANIFEST)
    if data is None:
        complain(f"{artifact.name} is committed without its manifest")
        raise refused("no manifest")
    if base64_md5(data) != artifact.manifest_digest:
        complain(f"{artifact.name}: another manifest than was announced")
    artifact.manifest = json.loads(data)
    contents = artifact.manifest["contents"]
    if manifest_digest(contents) != artifact.digest:
        complain(f"{artifact.name}: the manifest is not that of digest {artifact.digest}")
    for name, entry in contents.items():
        home = backend.artifacts.find(entry.get("birthArtifactID"))
        stored = home and home.files.get(name)
        if stored is None or base64_md5(stored) != entry["digest"] or len(stored) != entry["size"]:
            complain(f"{artifact.name}: {name} is not there as the manifest says")
    artifact.complete = True
    return {"artifact": {"id": artifact.id, "digest": artifact.digest}}


def _found(backend, artifact_id, refused):
    artifact = backend.artifacts.find(artifact_id)
    if artifact is None:
        raise refused(f"no artifact {artifact_id!r}")
    return artifact
