"""The contract between trainer and server: example sessions that have to come out alike.

The trainer keeps raw offers of some sessions with the features and the scores that it made of them;
the server makes its own, and both are compared. What is compared, and how many sessions there are,
decides what the contract catches.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from launchlab.market import top_slate
from launchlab.memo import memo
from launchlab.software.faults import SERVING_FAULTS
from launchlab.software.learning import chances, order_model
from launchlab.software.offers import Offers, offers_now
from launchlab.software.town import make_town

COMPARED = ("features", "scores", "slates")
"""What can be compared: the rows, the probabilities, or only which restaurants stand where."""

N_POOL = 300
"""Sessions from which examples are taken."""

TOLERANCE = 1e-6


def gaps(model: Any, offers: Offers, fed: NDArray[np.float32]) -> dict[str, NDArray[np.float64]]:
    """How far a server's answers are from the trainer's, session by session.

    Parameters
    ----------
    model : scikit-learn classifier
    offers : Offers
        n sessions, as the trainer sees them.
    fed : ndarray of float32, shape (n * k, 14)
        What the server feeds to the model instead.

    Returns
    -------
    dict
        "features": the largest difference, relative to 1 + the feature's size; "scores": the
        largest difference of two probabilities; "slates": places of 8 held by another restaurant.
        Each of shape (n,).
    """
    n, _ = offers.shape
    wanted, found = (chances(model, rows, offers.shape) for rows in (offers.rows, fed))
    relative = np.abs(fed - offers.rows) / (1 + np.abs(offers.rows))
    return {
        "features": relative.reshape(n, -1).max(axis=1).astype(np.float64),
        "scores": np.abs(found - wanted).max(axis=1).astype(np.float64),
        "slates": (top_slate(found) != top_slate(wanted)).sum(axis=1).astype(np.float64),
    }


@memo
def fault_gaps(seed: int, ranker: str = "hgb50") -> dict[str, dict[str, NDArray[np.float64]]]:
    """`gaps` of ``N_POOL`` sessions for each of ``SERVING_FAULTS``, planted in the server's code.

    Parameters
    ----------
    seed : int
        The town's.
    ranker : str
        "hgb50" or "logistic".
    """
    town = make_town(seed)
    model = order_model(ranker, town.shown.rows, town.ordered)
    offers = offers_now(town.sessions[slice(N_POOL)])
    return {name: gaps(model, offers, fault.fed(offers)) for name, fault in SERVING_FAULTS.items()}


def shows(
    found: Mapping[str, NDArray[np.float64]], compared: str, tolerance: float = TOLERANCE
) -> NDArray[np.bool_]:
    """In which sessions a fault shows.

    Parameters
    ----------
    found : mapping
        From `gaps`.
    compared : str
        One of ``COMPARED``; for slates the tolerance does not count.
    tolerance : float

    Raises
    ------
    ValueError
        If something else is to be compared.
    """
    if compared not in COMPARED:
        raise ValueError(f"compared={compared!r}, expected one of {', '.join(map(repr, COMPARED))}")
    return found[compared] > (0 if compared == "slates" else tolerance)


def caught(
    seed: int,
    examples: int,
    compared: str = "scores",
    ranker: str = "hgb50",
    tolerance: float = TOLERANCE,
) -> list[str]:
    """The faults that a contract of the town's first sessions catches, by name."""
    every = fault_gaps(seed, ranker)
    return [
        name for name, found in every.items() if shows(found, compared, tolerance)[:examples].any()
    ]


def chance_caught(showing: NDArray[np.bool_], examples: int) -> float:
    """Chance that at least one of some examples shows a fault, if they are drawn from a pool.

    Parameters
    ----------
    showing : ndarray of bool, shape (n,)
        In which sessions of the pool the fault shows.
    examples : int
        How many are drawn, without putting back.
    """
    n, hidden = len(showing), int((~showing).sum())
    if examples > hidden:
        return 1.0
    # C(hidden, examples) / C(n, examples): all that are drawn are among those that show nothing.
    log = gammaln(hidden + 1) - gammaln(hidden - examples + 1)
    log -= gammaln(n + 1) - gammaln(n - examples + 1)
    return float(-np.expm1(log))
