"""How long an answer takes: a frozen table of measured times, and the assumptions around it."""

from __future__ import annotations

from functools import cache
from statistics import NormalDist

import numpy as np
import pandas as pd

from launchlab import shipped
from launchlab.market import RANKERS
from launchlab.market.rankers import ENSEMBLE
from launchlab.market.sessions import N_CANDIDATES

OVERHEAD_MS = 40.0
"""Latency that every ranker has besides its own computation (network, feature lookup), ms.
Assumed, and the same for all, so that it moves no ranker past another."""

ENSEMBLE_CALLS = ("serial", "parallel")
"""How an ensemble's members are called: one after another (their times add up), or all at once
(the slowest decides; the work of sending and joining is not counted)."""

LATENCY_ROWS = (30, 300, 1_000)
"""Candidates scored at once, for which the latency table has columns."""

LATENCY_SIGMA = 0.5
"""Spread of a request's latency: lognormal, this is the standard deviation of its logarithm.
Assumed: a measured p95 would be that of one machine's other work."""

STANDS_FOR = 10
"""For latency, each of a session's 30 candidates stands for this many: a city's app scores
hundreds, and the table of latencies has columns for that."""


@cache
def _latency() -> pd.DataFrame:
    return shipped.read_table(__package__, "latency.csv", comment="#", index_col="ranker")


def latency_table() -> pd.DataFrame:
    """The frozen table of what a request costs each ranker.

    Returns
    -------
    DataFrame, indexed by ``ranker`` (the names in ``RANKERS``)
        ``ms_30``, ``ms_300``, ``ms_1000``: thread-CPU milliseconds at p50 to predict orders *and*
        clicks (both models, one after the other) for that many candidates whose features are
        ready; a session of the marketplace has 30. ``kb``: size of both pickled models, thousands
        of bytes. ``calls``: "one", or "serial" for an ensemble, whose row is the sum over its
        members; see `latency_ms` for members called all at once.

    Notes
    -----
    Left out: looking up features and the network (`OVERHEAD_MS` stands for both), and waiting in a
    queue. The times are those of one machine at one moment; their order, and roughly their ratios,
    carry over to others.
    """
    return _latency().copy()


def latency_ms(
    ranker: str,
    *,
    rows: int = 30,
    multiplier: float = 1.0,
    ensemble: str = "serial",
    overhead: float = OVERHEAD_MS,
) -> float:
    """Latency of a ranker's answer from the frozen table, ms.

    Parameters
    ----------
    ranker : str
        One of ``RANKERS``; "truth" costs nothing to compute.
    rows : {30, 300, 1000}
        Candidates scored.
    multiplier : float, default 1
        Factor on the ranker's own time: a slower machine, more candidates, more features. The
        overhead is not multiplied.
    ensemble : {"serial", "parallel"}
        How the members of "ensemble5" are called.
    overhead : float, default ``OVERHEAD_MS``
        Added for every ranker, ms.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        For an unknown ranker, number of rows or value of ``ensemble``, or a negative number.
    """
    if ranker not in (*RANKERS, "truth"):
        raise ValueError(f"ranker={ranker!r}, expected 'truth' or one of {', '.join(RANKERS)}")
    if rows not in LATENCY_ROWS:
        raise ValueError(f"rows={rows!r}, expected one of {LATENCY_ROWS}")
    if ensemble not in ENSEMBLE_CALLS:
        raise ValueError(f"ensemble={ensemble!r}, expected one of {', '.join(ENSEMBLE_CALLS)}")
    for name, value in (("multiplier", multiplier), ("overhead", overhead)):
        if not 0 <= value < np.inf:
            raise ValueError(f"{name}={value!r}, expected a finite number >= 0")
    if ranker == "truth":
        return float(overhead)
    times = _latency()[f"ms_{rows}"]
    own = times[ranker]
    if ranker == "ensemble5" and ensemble == "parallel":
        own = times[list(ENSEMBLE)].max()
    return float(overhead + multiplier * own)


def request_latency(model: str, shortlist: int = N_CANDIDATES, multiplier: float = 1.0) -> float:
    """Median latency of a request, ms: overhead and the model's own time for the shortlist.

    Parameters
    ----------
    model : str
        One of ``RANKERS``.
    shortlist : int, default 30
        Candidates scored; each stands for ``STANDS_FOR``. Times between the columns of the frozen
        table are interpolated linearly.
    multiplier : float, default 1
        Factor on the model's own time.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        For an unknown model, or numbers out of range.
    """
    table = latency_table()
    if model not in table.index:
        raise ValueError(f"model={model!r}, expected one of {', '.join(table.index)}")
    if not 1 <= shortlist <= N_CANDIDATES:
        raise ValueError(f"shortlist={shortlist!r}, expected 1 to {N_CANDIDATES}")
    if not 0 <= multiplier < np.inf:
        raise ValueError(f"multiplier={multiplier!r}, expected a finite number >= 0")
    columns = (30, 300, 1_000)
    times = [table.loc[model, f"ms_{rows}"] for rows in columns]
    return float(OVERHEAD_MS + multiplier * np.interp(STANDS_FOR * shortlist, columns, times))


def mean_latency(median_ms: float) -> float:
    """Mean of a lognormal latency with the given median, ms."""
    return float(median_ms * np.exp(LATENCY_SIGMA**2 / 2))


def p95_latency(median_ms: float) -> float:
    """95th percentile of a lognormal latency with the given median, ms."""
    return float(median_ms * np.exp(LATENCY_SIGMA * NormalDist().inv_cdf(0.95)))


def share_over(median_ms: float, limit_ms: float) -> float:
    """Share of requests that take longer than a limit, 0 to 1.

    Raises
    ------
    ValueError
        If the limit or the median is not positive.
    """
    for name, value in (("median_ms", median_ms), ("limit_ms", limit_ms)):
        if not 0 < value < np.inf:
            raise ValueError(f"{name}={value!r}, expected a positive finite number")
    return NormalDist().cdf(float(np.log(median_ms / limit_ms)) / LATENCY_SIGMA)
