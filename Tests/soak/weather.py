"""What happens to the server meanwhile: it is there, it goes, it fails in every way, it comes back."""

import itertools
import threading

from server import faults

# With the server there in between. The share of requests that a fault befalls is one in `every`.
FAULTS = [
    ("down", None), ("503", faults.refused(503)), ("429", faults.retry_later(429, 1)), ("reset", faults.RESET),
    ("lost replies", faults.LOST), ("cut replies", faults.CUT), ("slow", faults.slow(1.5)),
    ("garbage", faults.GARBAGE), ("down", None), ("rate limit", faults.rate_limit(1, 5)),
]
EVERY = 3


class Weather:
    """Until `stop`, one fault after the other, each for `length` seconds, and as long without any."""

    def __init__(self, server, length: float):
        self._server, self._length = server, length
        self._over = threading.Event()
        self.now, self.had = "good", []
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        for name, trouble in itertools.cycle(FAULTS):
            if self._over.wait(self._length):
                break
            self._begin(name, trouble)
            self._over.wait(self._length)
            self._end()
        self._end()

    def _begin(self, name, trouble):
        self.now = name
        self.had.append(name)
        if trouble is None:
            return self._server.down()
        turn = itertools.count()
        self._server.faults.add(trouble, when=lambda _: next(turn) % EVERY == 0)

    def _end(self):
        self._server.faults.clear()
        self._server.up()
        self.now = "good"

    def stop(self):
        self._over.set()
        self._thread.join()
