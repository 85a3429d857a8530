# CPython's ways to print, buffered and not.
import os
import sys

STEP = "step %4d/3: train loss %.6f (%.6f ms, %d tok/s)"

print(STEP % (1, 4.5, 1, 1000))
for number in range(300):
    print("line", number, "of a longer text that fills its buffer")
sys.stdout.write(STEP % (2, 4.25, 1, 1000) + "\n")
sys.stdout.flush()
os.write(1, b"by os.write\n")
os.writev(1, [b"by os", b".writev\n"])
sys.stdout.buffer.write(b"bytes of the buffer\n")
print(STEP % (3, 4.125, 1, 1000), flush=True)
print("and stderr", file=sys.stderr)
sys.exit(3)
