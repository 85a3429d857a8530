"""Several ways of doing one thing, measured in turns, so that what the machine does meanwhile befalls all alike."""

import math
import statistics
from collections.abc import Callable


class Spread:
    """A median, and between what the middle half of the values lies."""

    def __init__(self, values):
        self.given = list(values)  # round by round
        self.values = sorted(self.given)
        self.median = statistics.median(self.values)
        few = len(self.values) < 2
        quarters = self.values * 3 if few else statistics.quantiles(self.values, n=4, method="inclusive")
        self.low, self.high = quarters[0], quarters[2]

    def text(self, digits=2, unit="", scale=1.0) -> str:
        parts = [f"{value * scale:,.{digits}f}" for value in (self.median, self.low, self.high)]
        return f"{parts[0]}{unit} ({parts[1]}–{parts[2]})" if len(self.values) > 1 else f"{parts[0]}{unit}"


def interleaved(ways: dict[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """What each way gives, round by round. No way is always the first of a round."""
    taken: dict[str, list[float]] = {name: [] for name in ways}
    names = list(ways)
    for number in range(rounds):
        at = number % len(names)
        for name in names[at:] + names[:at]:
            taken[name].append(ways[name]())
    return taken


def ratios(taken: dict[str, list[float]], name: str, base: str) -> Spread:
    """Each round by itself: both of a pair had the same minute."""
    return Spread(a / b for a, b in zip(taken[name], taken[base], strict=True))


def differences(taken: dict[str, list[float]], name: str, base: str) -> Spread:
    return Spread(a - b for a, b in zip(taken[name], taken[base], strict=True))


def percentile(values, share: float) -> float:
    """The smallest value that so many are not above."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * share) - 1)]
