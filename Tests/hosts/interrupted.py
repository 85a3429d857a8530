# CPython sets its SIGINT handler only where it finds the default action.
import os
import signal
import time

print("step    1/3: train loss 4.500000 (1.000000 ms, 1000 tok/s)", flush=True)
time.sleep(int(os.environ.get("SETTLE_MS", "200")) / 1000)
try:
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(5)
except KeyboardInterrupt:
    print("interrupted")
print("step    2/3: train loss 4.250000 (1.000000 ms, 1000 tok/s)")
