"""Which build of which branch ran in which job: what W&B has no field for, in the run's metadata under `trackshim`."""

import json
import re
import subprocess

import pytest
from server.fixtures import stand_in  # noqa: F401
from support import journal
from support.execution import execute
from support.online import Online


@pytest.fixture
def online(programs, shim, tmp_path, stand_in):  # noqa: F811
    return Online(programs, shim, tmp_path, stand_in)


def identity(server):
    return json.loads(server.run().files["wandb-metadata.json"]).get("trackshim", {})


def build_id(program):
    notes = subprocess.run(["readelf", "-n", program], capture_output=True, text=True, check=True).stdout
    return re.search(r"Build ID: ([0-9a-f]+)", notes)[1]


def branch_of(folder, name):
    subprocess.run(["git", "init", "-q", "-b", name, folder], check=True)


def test_build_branch_and_job(online, stand_in):  # noqa: F811
    branch_of(online.work, "try/deeper")
    ended = online.run(10, 0, PBS_JOBID="77.server", PBS_QUEUE="gpu")
    assert identity(stand_in) == {
        "buildId": build_id(online.argv()[0]), "gitBranch": "try/deeper",
        "job": {"pbs_jobid": "77.server", "pbs_queue": "gpu"},
    }
    # A reader that does not know of it has the rest.
    environment = [record.environment for record in journal.records(ended.journal) if record.HasField("environment")]
    assert environment[0].executable == online.argv()[0] and environment[0].host


def test_what_is_not_to_be_said_is_not(online, stand_in):  # noqa: F811
    branch_of(online.work, "secret")
    inside = {"KUBERNETES_SERVICE_HOST": "10.0.0.1", "WANDB_HOST": "elsewhere", "POD_NAMESPACE": "ml"}
    ended = online.run(10, 0, WANDB_DISABLE_GIT="true", **inside)
    found = identity(stand_in)
    assert found.keys() == {"buildId", "job"}
    assert found["job"] == {"kubernetes_pod": "elsewhere", "kubernetes_namespace": "ml"}
    assert b"secret" not in ended.journal.read_bytes()


def test_the_cuda_runtime_that_is_loaded(online, stand_in, tmp_path):  # noqa: F811
    source = tmp_path / "empty.c"
    source.write_text("void cudaNothing(void) {}\n")
    library = tmp_path / "libcudart.so.12.4.127"
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", library, source], check=True)
    link = tmp_path / "libcudart.so.12"
    link.symlink_to(library.name)
    environment = online.environment()
    environment["LD_PRELOAD"] += f":{link}"
    assert execute(online.argv(10, 0), "pipe", online.work, environment, 60).status == 0
    assert identity(stand_in)["cudaRuntime"] == "12.4.127"


def test_a_program_without_a_build_id(online, stand_in, tmp_path):  # noqa: F811
    copy = tmp_path / "bare"
    subprocess.run(["objcopy", "--remove-section=.note.gnu.build-id", online.argv()[0], copy], check=True)
    assert execute([str(copy), "10", "0"], "pipe", online.work, online.environment(), 60).status == 0
    assert "buildId" not in identity(stand_in)
