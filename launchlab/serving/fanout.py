"""Fan-out: a request that asks many servers at once waits for the slowest of them.

The distribution of answer times is *stated*, not measured, because a p99 cannot be measured
honestly on a shared machine. Servers are assumed to be independent; real servers share networks
and bad moments.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files

import numpy as np
from numpy.typing import ArrayLike, NDArray

#: JavaScript twin of `Stragglers` for experiments in rule form; see ``fanout.js`` beside this file.
FANOUT_JAVASCRIPT = files("launchlab.serving").joinpath("fanout.js").read_text(encoding="utf-8")

#: JavaScript twins of the two labs on waiting; a test compares each with its Python.
LIMIT_JAVASCRIPT = FANOUT_JAVASCRIPT + files("launchlab.serving").joinpath("limit.js").read_text(
    encoding="utf-8"
)
NET_GAIN_JAVASCRIPT = files("launchlab.serving").joinpath("net_gain.js").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Stragglers:
    """Answer time of one server: mostly quick, with an occasional straggler.

    With probability ``1 - share`` the time is log-logistic (median ``median_ms``, a bell with a
    light right tail); with probability ``share`` it is ``floor_ms`` plus an exponential time of
    mean ``mean_ms``. Both have closed forms, so that a page can compute them.

    Parameters
    ----------
    share : float
        Share of answers that straggle, 0 to 1.
    median_ms, shape : float
        Median (ms) and steepness of quick answers.
    floor_ms, mean_ms : float
        Minimum time of a straggler, and its mean time beyond this (ms).

    Raises
    ------
    ValueError
        For a share outside 0..1 or a time that is not positive.
    """

    share: float = 0.01
    median_ms: float = 10.0
    shape: float = 8.0
    floor_ms: float = 50.0
    mean_ms: float = 60.0

    def __post_init__(self) -> None:
        if not 0 <= self.share <= 1:
            raise ValueError(f"share={self.share!r}, expected a number from 0 to 1")
        for name in ("median_ms", "shape", "floor_ms", "mean_ms"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name}={getattr(self, name)!r}, expected a positive number")

    def cdf(self, ms: ArrayLike) -> NDArray[np.float64]:
        """Probability that one server answers within a time.

        Parameters
        ----------
        ms : array_like
            Times (ms).

        Returns
        -------
        ndarray
            Of the same shape.
        """
        time = np.asarray(ms, dtype=np.float64)
        with np.errstate(divide="ignore", over="ignore"):
            quick = 1 / (1 + (np.maximum(time, 0) / self.median_ms) ** -self.shape)
        slow = -np.expm1(-np.maximum(time - self.floor_ms, 0) / self.mean_ms)
        return np.asarray((1 - self.share) * quick + self.share * slow)

    def hedged_cdf(self, ms: ArrayLike, after_ms: float) -> NDArray[np.float64]:
        """Probability of an answer within a time if a second server is asked after a delay.

        The earlier of the two answers counts; the two servers are independent of each other.

        Parameters
        ----------
        ms : array_like
            Times since the first server was asked (ms).
        after_ms : float
            Delay after which the second server is asked if the first has not answered (ms), 0 or
            more. The share of requests that are sent twice is ``1 - cdf(after_ms)``.

        Returns
        -------
        ndarray
            Of the shape of ``ms``.

        Raises
        ------
        ValueError
            If ``after_ms`` is negative.
        """
        if not after_ms >= 0:
            raise ValueError(f"after_ms={after_ms!r}, expected 0 or more")
        time = np.asarray(ms, dtype=np.float64)
        return np.asarray(1 - (1 - self.cdf(time)) * (1 - self.cdf(time - after_ms)))

    def all_within(self, ms: ArrayLike, members: int) -> NDArray[np.float64]:
        """Probability that every one of ``members`` independent servers answers within a time."""
        return np.asarray(self.cdf(ms) ** _check_members(members))

    def quantile(self, probability: float, members: int = 1) -> float:
        """Time within which all of ``members`` answer with the given probability.

        Parameters
        ----------
        probability : float
            Between 0 and 1, both excluded; 0.99 gives the p99.
        members : int

        Returns
        -------
        float
            Milliseconds.
        """
        if not 0 < probability < 1:
            raise ValueError(f"probability={probability!r}, expected a number between 0 and 1")
        target = probability ** (1 / _check_members(members))
        low, high = 0.0, 1.0
        while self.cdf(high) < target:
            high *= 2
        # Sixty bisections leave less than a rounding error; the JavaScript twin does the same.
        for _ in range(60):
            middle = (low + high) / 2
            if self.cdf(middle) < target:
                low = middle
            else:
                high = middle
        return high


def _check_members(members: int) -> int:
    if isinstance(members, bool) or int(members) != members or members < 1:
        raise ValueError(f"members={members!r}, expected a whole number of at least 1")
    return int(members)
