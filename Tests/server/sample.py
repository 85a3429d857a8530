"""The sample outputs of `hosts/official_*.log` and what must come of each, by step."""

from math import inf, nan
from pathlib import Path

HOSTS = Path(__file__).resolve().parent.parent / "hosts"


def text(name):
    return (HOSTS / f"official_{name}.log").read_bytes()


def step(number, loss, ms=1.0, speed=1, total=99):
    """A step line of the grammar."""
    return b"step %4d/%d: train loss %f (%f ms, %d tok/s)\n" % (number, total, loss, ms, speed)


def val(loss, average=1.0):
    return b"val loss %f (avg_train %f, gap %+f)\n" % (loss, average, loss - average)


def train_row(loss, ms, speed):
    return {"train_loss": loss, "step_time_ms": ms, "tok_per_sec": speed}


def val_row(loss, average, gap):
    return {"val_loss": loss, "avg_train_loss": average, "generalization_gap": gap}


CONFIG = {
    "model_path": "ckpt/grok_seed7_a_very_long_path_that_does_not_fit_into_fifty_columns.bin",
    "max_steps": 6, "batch_size_b": 4703, "learning_rate": 0.001, "weight_decay": 1.0,
    "task_position": -1, "sparsity_mode": "BANDED (FC1 only)", "min_lr_(cosine_end)": 0.0,
    "device": "NVIDIA GeForce RTX 4090", "tf32": "enabled", "num_parameters": 413952,
    "fc1_banded_mask": "bandwidth=256, density=37.5%", "train_num_batches": 6,
}

# Rows as (step, metrics).
ROWS = {
    "table": [
        (0, val_row(4.623871, 4.623871, 0)),
        (1, train_row(4.622903, 0.9412, 2175945)),
        (2, train_row(4.611058, 0.938117, 2183096) | val_row(4.601122, 4.61698, -0.015858)),
        (3, train_row(nan, 0.940551, 2177448)),
        (4, train_row(nan, 0.940551, 2177448) | val_row(nan, nan, nan)),
        (5, train_row(inf, 0, -2147483648)),
        (6, train_row(123456789, 0.940551, 2177448) | {"test_loss": 4.549}
            | val_row(4.55, 61728396.775, -61728392.225)),
    ],
    "resumed": [(5000, val_row(1.377, 1.377, 0)), (5001, train_row(1.332, 0.941, 2176000))],
    "evaluation": [
        (0, val_row(9.456, 9.456, 0)),
        (1, train_row(9.46, 1.204, 31249169) | val_row(3.21, 9.46, -6.25)),
    ],
    "older": [(0, {"val_loss": 4.517186}), (10, train_row(4.367631, 31.06, 8242))],
}
