"""The examples that `make` does not build: other languages, MPI, CUDA; skipped where their compiler is not there."""

import glob
import os
import shlex
import subprocess
import sysconfig

import pytest
from support.examples import EXAMPLES, FIRST_RATE, HEADER, Examples, check_end, check_rows, command, descent
from support.programs import host_python

STRICT = ("-Wall", "-Wextra", "-Werror")


@pytest.fixture
def examples(shim, tmp_path):
    return Examples(shim, tmp_path)


def check_descent(recorded):
    check_end(recorded)
    check_rows(recorded, descent())
    assert recorded.config["learning_rate"] == FIRST_RATE


@pytest.mark.parametrize("preload", [False, True], ids=["loaded", "preloaded"])
def test_python(examples, preload):
    check_descent(examples.run(host_python(), EXAMPLES / "ctypes_hook.py", preload=preload))


def test_rust(examples):
    check_descent(examples.run(examples.compile("rust/hook.rs", command("rustc"), "--edition=2021", "-Dwarnings")))


def test_fortran(examples):
    check_descent(examples.run(examples.compile("fortran/hook.f90", command("gfortran"), "-std=f2008", *STRICT)))


@pytest.mark.parametrize("optional", [(), ("-DTRACKSHIM_OPTIONAL",)], ids=["linked", "optional"])
@pytest.mark.parametrize("standard", ["c++11", "c++23"])
@pytest.mark.parametrize("compiler", ["g++", "clang++"])
def test_the_cpp_header_is_cpp_to_both_compilers(compiler, standard, optional):
    words = [command(compiler), f"-std={standard}", "-pedantic", *STRICT, *optional, f"-I{HEADER}"]
    words += ["-fsyntax-only", EXAMPLES / "cpp/train_hook.cpp"]
    done = subprocess.run(words, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


# ---- MPI ----

# Open MPI's own words for a test as root on a machine of few cores; other kinds of MPI ask for none.
OPEN_MPI = {
    "OMPI_ALLOW_RUN_AS_ROOT": "1",
    "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
    "OMPI_MCA_rmaps_base_oversubscribe": "1",
}
MPI_STEPS, SAMPLES = 20, 1000


def mean_square_descent():
    """What the ranks find together, by one."""
    weight, mean_square = 0.0, sum(((i + 1) / SAMPLES) ** 2 for i in range(SAMPLES)) / SAMPLES
    for step in range(1, MPI_STEPS + 1):
        slope = 2 * (weight - 3) * mean_square
        yield step, {"loss": (weight - 3) ** 2 * mean_square, "grad_norm": abs(slope)}
        weight -= slope


@pytest.mark.parametrize("ranks", [1, 3])
def test_mpi_ranks_have_one_run(examples, ranks):
    mpicc, mpirun = command("mpicc"), command("mpirun")
    header = subprocess.run([mpicc, "-E", "-x", "c", "-"], input=b"#include <mpi.h>\n", capture_output=True)
    if header.returncode != 0:
        pytest.skip("mpicc has no mpi.h (Debian: libopenmpi-dev)")
    program = examples.compile("mpi/train_hook.c", mpicc, *STRICT, f"-I{HEADER}")
    recorded = examples.run(mpirun, "-n", str(ranks), program, **OPEN_MPI)
    check_end(recorded)
    # The order in which the ranks' sums are added is MPI's.
    check_rows(recorded, mean_square_descent(), printed=("loss", "grad_norm"))
    assert recorded.config["ranks"] == ranks


# ---- CUDA ----


def nvcc() -> list[str]:
    """The one that is asked for, that of Tests/requirements-cuda.txt, or the machine's."""
    fetched = sorted(glob.glob(f"{sysconfig.get_path('purelib')}/nvidia/cu*/bin/nvcc"))
    return shlex.split(os.environ.get("NVCC", "")) or fetched[:1] or [command("nvcc")]


@pytest.fixture
def cuda(examples):
    """What became of the program, which the compiler is to take without a warning."""
    return examples.run(examples.compile("cuda/train_hook.cu", *nvcc(), "-Werror", "all-warnings", f"-I{HEADER}"))


def test_cuda(cuda):
    """With a GPU it trains. Without one it says so, and its calls until then are a run that failed."""
    assert cuda.config["learning_rate"] == 0.1 and cuda.outcome.stdout == b""
    if cuda.outcome.status == 77:
        assert "\nCUDA: " in "\n" + cuda.outcome.stderr.decode()
        assert cuda.rows == []
        return check_end(cuda, 77)
    check_end(cuda)
    rows = [(step, 9 * 0.64 ** (step - 1)) for step in range(1, 21)]
    assert [row["_step"] for row in cuda.rows] == [step for step, _ in rows]
    for row, (_, loss) in zip(cuda.rows, rows):
        assert row["loss"] == pytest.approx(loss, rel=1e-3)
