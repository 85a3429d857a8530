# CPython and its children: os.fork, subprocess, multiprocessing.
import multiprocessing
import os
import subprocess
import sys
import time

STEP = "step %4d/3: train loss %.6f (%.6f ms, %d tok/s)"


def work(number):
    print("child: pool", number, flush=True)
    return number * number


print(STEP % (1, 4.5, 1, 1000), flush=True)
time.sleep(int(os.environ.get("SETTLE_MS", "200")) / 1000)
child = os.fork()
if child == 0:
    print(STEP % (900, 9.9, 1, 1000))
    sys.stdout.flush()
    os._exit(4)
print("status", os.waitpid(child, 0)[1], flush=True)
subprocess.run(["/bin/echo", "child: by subprocess"], check=True)
print("output", subprocess.check_output(["/bin/echo", "captured"]), flush=True)
with multiprocessing.get_context("fork").Pool(1) as pool:
    print(pool.map(work, range(3)), flush=True)
print(STEP % (2, 4.25, 1, 1000))
