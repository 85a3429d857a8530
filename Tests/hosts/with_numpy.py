# numpy brings BLAS threads and a tofile that writes to the descriptor itself.
import sys

import numpy

weights = numpy.arange(64, dtype=numpy.float64).reshape(8, 8)
for step in range(1, 4):
    weights = weights @ numpy.eye(8)
    print("step %4d/3: train loss %.6f (%.6f ms, %d tok/s)" % (step, weights.sum() / 448, 1, 1000), flush=True)
print(weights[0])
sys.stdout.flush()
numpy.array([1.5, 2.5]).tofile(sys.stdout, sep=" ")
numpy.savetxt(sys.stdout, weights[:2], fmt="%.1f")
