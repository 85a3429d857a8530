"""The calls from Python, with nothing but its standard library.

    python3 ctypes_hook.py                                          # libtrackshim.so.0 where the loader finds it
    LD_PRELOAD=/path/to/libtrackshim.so python3 ctypes_hook.py      # what it prints is recorded as well

It checks what each call answers. A real program need not: the answers are advice.
"""

import ctypes

OK, INACTIVE = 0, 1
STEPS = 20


class Metric(ctypes.Structure):
    _fields_ = [("key", ctypes.c_char_p), ("value", ctypes.c_double)]


# With the number of its series, which is the library's own name: one that was preloaded by any path is found by it.
library = ctypes.CDLL("libtrackshim.so.0")
# Without these ctypes takes a Python float for no C type at all, and cuts integers to 32 bits.
library.trackshim_config_double.argtypes = [ctypes.c_char_p, ctypes.c_double]
library.trackshim_log_row.argtypes = [ctypes.c_int64, ctypes.POINTER(Metric), ctypes.c_size_t]
library.trackshim_finish.argtypes = [ctypes.c_int]


def check(answer):
    expected = OK if library.trackshim_active() else INACTIVE
    if answer != expected:
        raise SystemExit(f"a call answered {answer} instead of {expected}")


def log(step, **metrics):
    row = (Metric * len(metrics))(*((key.encode(), value) for key, value in metrics.items()))
    check(library.trackshim_log_row(step, row, len(row)))


first_rate, weight = 0.2, 0.0
check(library.trackshim_config_double(b"learning_rate", first_rate))
for step in range(1, STEPS + 1):
    gradient, loss = 2 * (weight - 3), (weight - 3) * (weight - 3)
    rate = first_rate * (STEPS + 1 - step) / STEPS
    log(step, loss=loss, lr=rate, grad_norm=abs(gradient))
    weight -= rate * gradient
check(library.trackshim_finish(0))
